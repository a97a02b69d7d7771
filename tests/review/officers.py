"""Officers at their pages: signing in, marking, and sending the forms as a browser would."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from registry.book.revisions import get_revision, materials_of
from registry.models import Account, Application
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.walk import SampleCase
from registry.streams.applications import latest_sequence
from review.access import Office, office_of
from review.desk.checklist import checklist_of, mark
from review.models import ChecklistMark
from tests.client import ClientResponse

BACKEND = "registry.accounts.backends.AccountBackend"


def sign_in(account: Account) -> Client:
    """A browser in which this account is signed in, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(account, backend=BACKEND)
    return client


def url(name: str, case: SampleCase, *more: str) -> str:
    return reverse(f"review:{name}", args=[case.application_id, *more])


def seen(application: Application) -> dict[str, int]:
    """What the case page's links carry: the revision and the last event on the screen."""
    return {"revision": application.revision_number, "event": latest_sequence(application)}


def mark_all(
    case: SampleCase, officer: Account, *, at: datetime, deficient: Collection[str] = (), remark: str = ""
) -> None:
    """Marks what the checklist asks of the officer: these as deficient, whatever else waits as fine."""
    application = case.application
    checklist = checklist_of(application, office_of(officer))
    verdicts = ChecklistMark.Verdict
    for verdict, keys in (
        (verdicts.FINE, [key for key in checklist.wanted if key not in deficient]),
        (verdicts.DEFICIENT, [key for key in checklist.items if key in deficient]),
    ):
        mark(
            application,
            keys,
            verdict=verdict,
            remark=remark if verdict is verdicts.DEFICIENT else "",
            revision_number=application.revision_number,
            officer=officer,
            at=at,
        )


def send(
    client: Client,
    case: SampleCase,
    act: Act,
    fields: Mapping[str, Any],
    *,
    on_screen: Mapping[str, int] | None = None,
    key: str = "",
) -> ClientResponse:
    """Sends an act's form; by default from a screen that shows the case as it is."""
    application = case.application
    deficient = {mark.key for office in Office for mark in checklist_of(application, office).deficient}
    data = {
        **(on_screen or seen(application)),
        "found": " ".join(sorted(deficient)),
        "key": key or str(uuid.uuid4()),
        **fields,
    }
    return client.post(url("act", case, act.value), data)


def materials_now(case: SampleCase) -> dict[str, Any]:
    application = case.application
    return materials_of(get_revision(application.pk, application.revision_number))


def supplement(case: SampleCase, *, at: datetime, **answers: Any) -> None:
    """The applicant supplements answers of the service section."""
    materials = deepcopy(materials_now(case))
    materials["service"].update(answers)
    walk.act(case, Act.SUPPLEMENT, by=case.member, at=at, materials=materials, explanation="样例：写明理由")


def text_of(response: ClientResponse) -> str:
    """The words of a page, without tags."""
    body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
