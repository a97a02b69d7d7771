"""Mending as a browser without scripts does it: from the application's page through every step."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from applicants.amendments.amendment import open_draft
from applicants.models import Draft
from registry.models import Account, Application, Event
from registry.rules.workflow.states import Act, Outcome
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from tests.applicants.pages import Desk, as_form, value_in
from tests.builders.register import MORNING, Cast, forward, submitted
from tests.client import ClientResponse

CLEAR = "样例：采用实用拜占庭容错共识，四个节点分别部署在北京、上海、广州和成都。"
ANSWER = "样例：已写明共识机制与节点部署地点。"


def rejected_for(cast: Cast, *keys: str, member: Account | None = None) -> SampleCase:
    """A case rejected with one reason for every key."""
    case = submitted(cast, member=member)
    forward(cast, case, at=MORNING, recommends=Outcome.REJECTION)
    reasons = [
        dict(SAMPLE_REASON) | {"id": str(number), "key": key} for number, key in enumerate(keys, start=1)
    ]
    walk.act(case, Act.REJECT, by=cast.national, at=MORNING, reasons=reasons, text="样例")
    return case


def begin(desk: Desk, case: SampleCase, *, key: str = "") -> tuple[Draft, str]:
    """Presses the button at a reason; gives the amendment and the address it leads to."""
    answer = desk.post("amend", case.application_id, data={"key": key})
    draft = open_draft(case.application)
    assert draft is not None
    return draft, answer["Location"]


def mend(desk: Desk, draft: Draft, section: str, **answers: str) -> ClientResponse:
    """Saves a section with some answers changed; what is locked is sent as well, and counts for nothing."""
    draft.refresh_from_db()
    data = {**as_form(section, draft.materials), **answers}
    return desk.save(draft, section, data, next_step="stay")


def answer_reasons(desk: Desk, draft: Draft, texts: Mapping[str, str], **more: str) -> ClientResponse:
    """Saves the page of reasons."""
    page = desk.get("amendment", draft.pk).content.decode()
    data = {f"answer-{number}": text for number, text in texts.items()}
    kept = {name: value_in(page, name) for name in ("version", "window")}
    return desk.post("amendment", draft.pk, data={**kept, **data, "next_step": "stay", **more})


def explain(desk: Desk, draft: Draft, text: str) -> ClientResponse:
    return answer_reasons(desk, draft, {}, explanation=text)


def send(desk: Desk, draft: Draft, **data: str) -> ClientResponse:
    """Presses the last button; `data` stands in for what the page holds."""
    found = Draft.objects.get(pk=draft.pk)
    sent = {"version": str(found.version), "declaration": "yes", **data}
    return desk.post("submit", draft.pk, data=sent)


def path_of(url: str) -> tuple[str, str]:
    """The path of an address and the place on its page."""
    parts = urlsplit(url)
    return parts.path, parts.fragment


def events(application: Application, act: Act) -> list[Event]:
    return list(application.events.filter(act=act.value).order_by("sequence"))
