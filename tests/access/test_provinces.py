"""Nothing of one province's cases reaches the desk of another: canaries in every text, and a crawl for them."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from http import HTTPStatus
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.urls import reverse

from registry import clock
from registry.book.act_request import Actor
from registry.book.revisions import get_revision, materials_of
from registry.consultations import consultations
from registry.models import Account, Application
from registry.rules.consultations.lifecycle import Body
from registry.rules.workflow.states import Act, Outcome, Role
from registry.sample import walk
from registry.sample.walk import SAMPLE_REASON, SampleCase
from review.desk import checklist
from review.models import ChecklistMark
from review.review_forms.signed_forms import file_signed_form
from tests.access.member_scene import scan
from tests.access.scene import NOW, Scene
from tests.access.table import TABLE
from tests.access.visitors import Visitor
from tests.access.walking import ask
from tests.builders import consultation as build_consultation
from tests.builders import quality as build_quality
from tests.builders import register
from tests.builders.register import BEIJING, BEIJING_DIVISION, GUANGDONG, GUANGDONG_DIVISION, MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("access")]

_LINK = re.compile(r'\b(?:href|src|hx-get)="([^"#]+)')
_MOST_PAGES = 1_000
# What these show is of nobody else.
_NOT_FOLLOWED = ("/static/", "/account/", "/i18n/", "/display/")
# Pictures hold no text, papers hold it packed, and making them takes long: of the other province's cases they are
# asked for one by one, and refused.
_MADE = re.compile(
    r"^/files/(?:[^/]+/pages|papers|cases|certificates)/|/review-forms?/|^/review/search\.xlsx"
)
# A search that is narrowed further finds nothing that the search itself does not.
_NARROWED = re.compile(
    r"[?&](?:left|claimed)=.*[?&]q=|[?&]q=.*[?&](?:left|claimed)=|^/filings(?:/|\.[a-z]+)\?.*&"
    r"|^/review/search(?:/|\.[a-z]+)\?.*&"
)
DAY = timedelta(days=1)
SHARED_SITE = "https://shared-canary.example.com/"


@dataclass(slots=True)
class Canaries:
    """Texts that stand in the cases of one province only, and those cases."""

    cases: list[SampleCase] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)


@pytest.fixture
def canaries(scene: Scene) -> dict[Visitor, Canaries]:
    """Cases in every pending state in two provinces that share one website, each with texts of its own."""
    return {
        Visitor.PROVINCIAL: _cases(scene, Visitor.PROVINCIAL, BEIJING_DIVISION, "甲省金丝雀", seed=201),
        Visitor.ELSEWHERE: _cases(scene, Visitor.ELSEWHERE, GUANGDONG_DIVISION, "乙省金丝雀", seed=301),
    }


def _cases(scene: Scene, reviewer: Visitor, division: str, word: str, *, seed: int) -> Canaries:
    found = Canaries()
    officer = scene.accounts[reviewer]
    member = scene.accounts[Visitor.MEMBER if reviewer is Visitor.PROVINCIAL else Visitor.STRANGER]
    made = (
        register.materials_for(scene.cast, seed=each, at=MORNING, division_code=division, member=member)
        for each in itertools.count(seed)
    )
    # Not every service has a website.
    with_site = (materials for materials in made if "websites" in materials["service"])
    for number, state in enumerate(("review", "nation", "rejected", "withdrawn", "marked")):
        materials = next(with_site)
        materials["applicant"]["name"] = f"{word}主体{number}"
        materials["service"]["service_name"] = f"{word}服务{number}"
        materials["service"]["description"] += f"{word}说明{number}"
        materials["service"]["websites"][0]["url"] = SHARED_SITE
        case = walk.submit(materials, member=member, at=MORNING)
        _bring_to(state, case, scene, officer, word)
        if state == "review":
            _sign(case, officer, word)
        found.cases.append(case)
        found.texts |= {f"{word}主体{number}", f"{word}服务{number}", f"{word}说明{number}"}
        found.texts |= {case.application.receipt_number, materials["applicant"]["document_number"]}
    found.texts |= {f"{word}意见", f"{word}备注", f"{word}签批人", f"{word}复查"}
    return found


def _sign(case: SampleCase, officer: Account, word: str) -> None:
    file_signed_form(
        case.application,
        officer=officer,
        seen_revision=1,
        signer_name=f"{word}签批人",
        signer_title="样例职务",
        signed_on=clock.china_date(MORNING),
        file=scan(),
        at=NOW,
    )


def _consult(case: SampleCase, officer: Account) -> None:
    """The other province is asked about the case inside the portal, with nothing of it but what is no canary."""
    other = next(code for code in (BEIJING, GUANGDONG) if code != officer.province_code)
    consultations.send(
        case.application.pk,
        build_consultation.asking(
            body=Body.OFFICE,
            body_name="样例互联网信息办公室",
            asked_code=other,
            keys=["service.service_forms"],
        ),
        actor=Actor.of(officer),
        at=NOW,
    )


def _look_again(officer: Account, word: str) -> None:
    """The office looks at what it decided again, and finds something."""
    head = walk.sample_account(f"{word}负责人", Role.PROVINCIAL_HEAD, province_code=officer.province_code)
    looker = walk.sample_account(
        f"{word}复查人", Role.PROVINCIAL_REVIEWER, province_code=officer.province_code
    )
    day, others = clock.china_date(NOW), Account.objects.exclude(pk=looker.pk)
    sampled = build_quality.drawn(
        head, first_on=day, last_on=day, away=set(others.values_list("pk", flat=True)), at=NOW + DAY
    )
    finding = f"{word}复查所见：说明与材料不符"
    build_quality.looked_at(sampled.cases.get(), by=looker, text=finding, at=NOW + DAY)


def _bring_to(state: str, case: SampleCase, scene: Scene, officer: Account, word: str) -> None:
    later = MORNING + timedelta(hours=1)
    if state == "withdrawn":
        walk.act(case, Act.WITHDRAW, by=case.member, at=later)
    elif state == "marked":
        _consult(case, officer)
        mark = ChecklistMark.Verdict.DEFICIENT
        row = case.application
        checklist.mark(
            row,
            ["service.description"],
            verdict=mark,
            remark=f"{word}备注",
            revision_number=1,
            officer=officer,
            at=NOW,
        )
    elif state in {"nation", "rejected"}:
        recommends = Outcome.APPROVAL if state == "nation" else Outcome.REJECTION
        walk.act(
            case, Act.FORWARD, by=officer, at=later, recommends=recommends.value, text=f"{word}意见：均已核对"
        )
        if state == "rejected":
            national = scene.accounts[Visitor.NATIONAL]
            walk.act(case, Act.REJECT, by=national, at=NOW, reasons=[dict(SAMPLE_REASON)], text="样例")
            _look_again(officer, word)


def _crawl(scene: Scene, visitor: Visitor, starts: list[str]) -> dict[str, str]:
    """Every page that can be reached by links from these, as text; pictures and files as they come."""
    seen: dict[str, str] = {}
    waiting = list(starts)
    while waiting and len(seen) < _MOST_PAGES:
        address = waiting.pop()
        if address in seen:
            continue
        answer = ask(scene, visitor, "GET", address)
        text = unescape(answer.getvalue().decode("utf-8", "replace"))
        seen[address] = (
            f"{text} {answer.headers.get('Location', '')} {answer.headers.get('Content-Disposition', '')}"
        )
        if answer.status_code == HTTPStatus.FOUND:
            waiting.append(answer.headers["Location"])
        for link in _LINK.findall(text) if "html" in answer.headers.get("Content-Type", "") else ():
            target = urlsplit(urljoin(address, link))
            is_ours = target.netloc in {"", "testserver"} and not target.path.startswith(_NOT_FOLLOWED)
            whole = f"{target.path}?{target.query}" if target.query else target.path
            if is_ours and not _MADE.search(target.path) and not _NARROWED.search(whole):
                waiting.append(whole)
    assert len(seen) < _MOST_PAGES
    return seen


def _starts(scene: Scene, canaries: Canaries) -> list[str]:
    """The queue, the home page, searches for the other's texts, its cases by address, every row of the matrix."""
    starts = [reverse("review:queue"), reverse("public:home"), *_papers(canaries)]
    starts += [f"{reverse('review:queue')}?q={quote(text)}" for text in sorted(canaries.texts)]
    starts += [f"{reverse('public:filings')}?q={quote(text)}" for text in sorted(canaries.texts)]
    for searched in ("cases", "cases_csv", "cases_xlsx"):
        address = reverse(f"review:{searched}")
        starts += [f"{address}?q={quote(text)}" for text in sorted(canaries.texts)]
        starts += [
            f"{address}?{query}"
            for query in ("province=440000", "cases=mine", "sort=applicant", "sort=decided")
        ]
    for case in canaries.cases:
        starts.append(reverse("review:case", args=[case.application_id]))
        starts.append(reverse("review:act", args=[case.application_id, "forward"]) + "?revision=1&event=1")
        starts.append(reverse("review:reveal", args=[case.application_id, "person_in_charge.mobile"]))
        starts.append(reverse("review:signed_form", args=[case.application_id]))
        starts += [
            reverse("files:download", args=[each.scan_id]) for each in case.application.signed_forms.all()
        ]
        revision = get_revision(case.application_id, 1)
        files = materials_of(revision)["attachments"]
        starts += [reverse("files:download", args=[entry["id"]]) for slot in files.values() for entry in slot]
    for name, rows in TABLE.items():
        if not name.startswith(("account_", "mfa_")):
            starts += [reverse(name, kwargs=row.arguments(scene)) for row in rows if row.gets]
    return starts


def test_no_text_of_another_province_reaches_a_reviewer(
    scene: Scene, canaries: dict[Visitor, Canaries]
) -> None:
    reviewer = Visitor.PROVINCIAL
    foreign, own = canaries[Visitor.ELSEWHERE], canaries[Visitor.PROVINCIAL]
    pages = _crawl(scene, reviewer, [*_pages_of(own), *_starts(scene, foreign)])
    assert _found(pages, own.texts) == own.texts
    assert [address for address in _papers(foreign) if pages[address].startswith("%PDF")] == []
    leaks = {
        (address, text)
        for address, page in pages.items()
        for text in foreign.texts
        if text in page and quote(text) not in address
    }
    assert leaks == set()


def test_a_search_for_another_provinces_case_finds_nothing(
    scene: Scene, canaries: dict[Visitor, Canaries]
) -> None:
    foreign = canaries[Visitor.ELSEWHERE]
    pending = Application.objects.get(pk=foreign.cases[0].application_id)
    for text in (pending.receipt_number, pending.applicant_name, pending.service_name):
        links = {reverse("review:case", args=[case.application_id]) for case in foreign.cases}
        for name in ("review:queue", "review:cases"):
            address = f"{reverse(name)}?q={quote(text)}"
            found = {
                visitor: links & set(_LINK.findall(ask(scene, visitor, "GET", address).content.decode()))
                for visitor in (Visitor.ELSEWHERE, Visitor.PROVINCIAL)
            }
            assert found == {
                Visitor.ELSEWHERE: {reverse("review:case", args=[pending.pk])},
                Visitor.PROVINCIAL: set(),
            }


def _pages_of(canaries: Canaries) -> list[str]:
    return [reverse("review:case", args=[case.application_id]) for case in canaries.cases]


def _papers(canaries: Canaries) -> list[str]:
    """Everything on paper about these cases."""
    found = []
    for case in canaries.cases:
        found += [
            reverse(name, args=[case.application_id]) for name in ("review:review_form", "files:case_file")
        ]
        found += [reverse("files:paper", args=[event.pk]) for event in case.application.events.all()]
    return found


def _found(pages: dict[str, str], texts: set[str]) -> set[str]:
    return {text for text in texts if any(text in page for page in pages.values())}


def test_the_canaries_are_found_by_their_own_reviewer(
    scene: Scene, canaries: dict[Visitor, Canaries]
) -> None:
    own = canaries[Visitor.ELSEWHERE]
    pages = _crawl(scene, Visitor.ELSEWHERE, [reverse("review:queue"), *_pages_of(own)])
    assert _found(pages, own.texts) == own.texts
