"""Several services in one go: the applicant's part once, one statement, submitted all or none."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from typing import Any, TypeVar

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applicants.amendments.amendment import start_amendment
from applicants.drafts import joint, statement, submission
from applicants.drafts import store as drafts
from applicants.drafts.matter import matter_of
from applicants.drafts.pages.frame import examine
from applicants.drafts.steps import FORM_SECTIONS
from applicants.models import Draft
from registry import clock
from registry.errors import MaterialsIncomplete, NotFound, OutOfDate, TransitionNotAllowed
from registry.integrity.register import verify_register
from registry.models import Account, Application, Attachment
from registry.rules.particulars import find_slot, required_slots
from registry.rules.workflow.states import Act
from registry.sample import walk
from registry.sample.materials import organisation_materials
from registry.sample.walk import SAMPLE_REASON, SampleCase
from tests.applicants.pages import Desk, value_in
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast, in_force

NAMES = ("样例存证服务", "样例溯源服务", "样例版权服务")

Done = TypeVar("Done")


def save(draft: Draft, section: str, **answers: Any) -> Draft:
    """Saves a section with some of its answers changed."""
    draft.refresh_from_db()
    given = {**draft.materials[section], **answers}
    change = drafts.SectionSave(section, given, frozenset(given), draft.version_of(section))
    return drafts.save_section(draft.pk, change, at=MORNING)


def attach(draft: Draft, slot: str, *, name: str = "样例.png") -> Draft:
    file = SimpleUploadedFile(name, walk.sample_scan(slot), "image/png")
    return drafts.attach_file(draft.pk, slot, file=file, account=draft.account, at=MORNING)


def first_service(account: Account) -> Draft:
    """A draft of one service that lacks nothing but the signed statement."""
    materials = organisation_materials(
        seed=5, today=clock.china_date(MORNING), division_code=BEIJING_DIVISION
    )
    draft = drafts.start_draft(account, applicant=None, at=MORNING)
    for section in FORM_SECTIONS:
        draft = save(draft, section, **materials[section])
    draft = save(draft, "service", service_name=NAMES[0])
    for key in required_slots(draft.materials):
        if key != statement.SLOT:
            draft = attach(draft, key)
    return draft


def three_services(account: Account, *, signed: bool = True) -> list[Draft]:
    """Three services that lack nothing, the second and third copied from the first."""
    first = first_service(account)
    for name in NAMES[1:]:
        copied = joint.copy_service(first.pk, new_id=uuid.uuid4(), account=account, at=MORNING)
        save(copied, "service", service_name=name)
    if signed:
        attach(first, statement.SLOT)
    return joint.joint_drafts(first)


def submit(services: list[Draft], by: Draft | None = None) -> list[Application]:
    return submission.submit(
        (by or services[0]).pk,
        account=services[0].account,
        seen={each.pk: each.version for each in services},
        declaration_accepted=True,
        at=MORNING,
    )


def state_of(draft: Draft) -> statement.StatementState:
    draft.refresh_from_db()
    drafts = (draft, *joint.other_drafts(draft))
    own, *others = [(each, matter_of(each).prepare(at=MORNING)) for each in drafts]
    return statement.state_of(*own, others=others)


@pytest.mark.django_db
def test_three_services_walk_the_pages_and_are_submitted_jointly(desk: Desk, cast: Cast) -> None:
    first = first_service(cast.member)
    page = desk.get("section", first.pk, "service").content.decode()
    copied = {"act": "copy", "new_id": value_in(page, "new_id")}
    answers = [desk.post("services", first.pk, data=copied) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    added = {"act": "add", "new_id": str(uuid.uuid4())}
    third = uuid.UUID(desk.post("services", first.pk, data=added)["Location"].split("/")[-3])
    second = Draft.objects.get(place=2)
    assert "service_name" not in second.materials["service"]
    save(second, "service", service_name=NAMES[1])

    check = unescape(desk.get("check", second.pk).content.decode())
    assert f"{reverse('applicants:section', args=[third, 'service'])}?gaps=1#id_service_name" in check
    assert NAMES[0] in check
    assert NAMES[1] in check
    assert 'name="declaration"' not in check

    joint.remove_service(third)
    assert desk.get("statement_pdf", first.pk).status_code == 200
    attach(second, statement.SLOT)
    check = desk.get("check", second.pk).content.decode()
    services = joint.joint_drafts(first)
    sent = {"seen": [f"{each.pk}:{each.version}" for each in services], "declaration": "yes"}
    assert all(f'name="seen" value="{entry}"' in check for entry in sent["seen"])
    answers = [desk.post("submit", draft.pk, data=sent) for draft in (second, first, second)]

    found = list(Application.objects.order_by("receipt_number"))
    assert [each.service_name for each in found] == list(NAMES[:2])
    assert {each.together_id for each in found} == {first.together_id}
    own = [reverse("applicants:application", args=[each.pk]) for each in found]
    assert [answer["Location"] for answer in answers] == [own[1], own[0], own[1]]
    assert own[1] in desk.client.get(own[0]).content.decode()
    assert "一并提交的 2 项中的第 1 项" in desk.get("dashboard").content.decode()
    assert verify_register().violations == []


@pytest.mark.django_db
def test_one_incomplete_service_refuses_all_and_is_named(cast: Cast) -> None:
    services = three_services(cast.member)
    save(services[1], "service", consensus="")

    with pytest.raises(MaterialsIncomplete) as refusal:
        submit(joint.joint_drafts(services[0]))

    assert refusal.value.facts["draft"] == str(services[1].pk)
    assert [gap.key for gap in refusal.value.facts["gaps"]] == ["service.consensus"]
    assert not Application.objects.exists()
    found = joint.joint_drafts(services[0])
    sent = {"seen": [f"{each.pk}:{each.version}" for each in found], "declaration": "yes"}
    page = Desk.of(cast.member).post("submit", services[0].pk, data=sent)
    assert page.status_code == 409
    assert f"{NAMES[1]}：" in page.content.decode() or f"{NAMES[1]}: " in page.content.decode()


@pytest.mark.django_db
def test_a_service_that_was_not_on_the_page_is_not_submitted_unseen(cast: Cast) -> None:
    services = three_services(cast.member)
    joint.add_service(services[0].pk, new_id=uuid.uuid4(), account=cast.member, at=MORNING)
    with pytest.raises(OutOfDate):
        submit(services)
    assert not Application.objects.exists()


@pytest.mark.django_db
def test_what_is_shared_reaches_every_service_and_what_is_not_stays(cast: Cast) -> None:
    services = three_services(cast.member, signed=False)
    save(services[2], "person_in_charge", name="样例新负责人")
    save(services[2], "service", description="样例：只有这一项改了说明。" * 5)
    attach(services[1], "attachments.icp_proof", name="样例-另一份.png")

    first, second, third = joint.joint_drafts(services[0])
    assert {each.materials["person_in_charge"]["name"] for each in (first, second, third)} == {"样例新负责人"}
    assert {each.version_of("person_in_charge") for each in (first, second, third)} == {2}
    assert first.materials["service"]["description"] != third.materials["service"]["description"]
    proofs = [len(each.materials["attachments"]["icp_proof"]) for each in (first, second, third)]
    assert proofs == [1, 2, 1]
    older = drafts.SectionSave("person_in_charge", {"name": "样例旧页面"}, frozenset({"name"}), 1)
    with pytest.raises(OutOfDate):
        drafts.save_section(first.pk, older, at=MORNING)


@pytest.mark.django_db
def test_a_file_stays_as_long_as_one_service_lists_it(cast: Cast) -> None:
    services = three_services(cast.member, signed=False)
    scan = services[0].materials["attachments"]["person_in_charge_document"][0]["id"]
    introduction = services[0].materials["attachments"]["product_introduction"][0]["id"]
    assert services[1].materials["attachments"]["product_introduction"][0]["id"] == introduction

    drafts.remove_file(services[0].pk, uuid.UUID(introduction), at=MORNING)
    left = joint.remove_service(services[0].pk)

    assert left is not None
    assert Attachment.objects.get(pk=introduction).draft_id in (services[1].pk, services[2].pk)
    assert Attachment.objects.filter(pk=scan).exists()
    assert drafts.remove_file(services[1].pk, uuid.UUID(scan), at=MORNING)
    assert not Attachment.objects.filter(pk=scan).exists()
    assert "person_in_charge_document" not in joint.joint_drafts(left)[1].materials["attachments"]
    joint.remove_all(left.pk)
    assert not Attachment.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_the_statement_lists_all_and_any_change_in_one_makes_it_outdated(cast: Cast) -> None:
    services = three_services(cast.member)
    assert [state_of(each).is_outdated for each in services] == [False, False, False]

    save(services[2], "service", description="样例：未印在承诺书上的说明。" * 5)
    joint.move_service(services[2].pk, to=1)
    assert not state_of(services[0]).is_outdated

    save(services[2], "service", service_name="样例新名称")
    state = state_of(services[0])
    assert [(each.draft.pk, each.changed_keys) for each in state.others if each.changed_keys] == [
        (services[2].pk, ("service.service_name",))
    ]
    with pytest.raises(TransitionNotAllowed) as refusal:
        submit(joint.joint_drafts(services[0]))
    assert refusal.value.code == submission.STATEMENT_OUTDATED
    attach(services[1], statement.SLOT)
    assert not state_of(services[0]).is_outdated

    added = joint.copy_service(services[0].pk, new_id=uuid.uuid4(), account=cast.member, at=MORNING)
    assert [state_of(each).added for each in (services[1], added)] == [(added,), (added,)]
    joint.remove_service(added.pk)
    assert not state_of(services[0]).is_outdated
    joint.remove_service(services[1].pk)
    assert state_of(services[0]).lists_removed
    page = Desk.of(cast.member).get("statement", services[0].pk).content.decode()
    assert "其所列的一项服务已被移除。" in page


@pytest.mark.django_db
def test_a_service_is_added_once_however_often_its_form_is_sent(cast: Cast) -> None:
    first = first_service(cast.member)
    new_ids = [uuid.uuid4(), uuid.uuid4()]
    for new_id in (*new_ids, *new_ids):
        joint.add_service(first.pk, new_id=new_id, account=cast.member, at=MORNING)
    assert [each.pk for each in joint.joint_drafts(first)] == [first.pk, *new_ids]
    joint.move_service(new_ids[1], to=1)
    joint.move_service(new_ids[1], to=1)
    assert [each.pk for each in joint.joint_drafts(first)] == [new_ids[1], first.pk, new_ids[0]]
    for _ in range(joint.MOST_SERVICES - 3):
        joint.add_service(first.pk, new_id=uuid.uuid4(), account=cast.member, at=MORNING)
    with pytest.raises(joint.TooManyServices):
        joint.add_service(first.pk, new_id=uuid.uuid4(), account=cast.member, at=MORNING)


@pytest.mark.django_db
def test_a_draft_of_many_services_is_shown_with_the_queries_of_one(desk: Desk, cast: Cast) -> None:
    first = first_service(cast.member)
    pages: list[tuple[str, list[object]]] = [
        ("dashboard", []),
        ("section", [first.pk, "service"]),
        ("statement", [first.pk]),
    ]
    desk.get("dashboard")

    def counted() -> list[int]:
        counts = []
        for name, arguments in pages:
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(name, *arguments).status_code == 200
            counts.append(len(queries))
        return counts

    with_one = counted()
    for _ in range(9):
        joint.copy_service(first.pk, new_id=uuid.uuid4(), account=cast.member, at=MORNING)
    assert counted() == with_one
    assert desk.get("dashboard").content.decode().count("to-do__title") == 1


@pytest.mark.django_db
def test_a_draft_of_somebody_else_does_not_become_a_service(desk: Desk, stranger: Desk, cast: Cast) -> None:
    mine = drafts.start_draft(cast.member, applicant=None, at=MORNING)
    foreign = drafts.start_draft(cast.stranger, applicant=None, at=MORNING)
    for act in ("add", "copy"):
        assert desk.post("services", mine.pk, data={"act": act, "new_id": str(foreign.pk)}).status_code == 404
        sent = {"act": act, "new_id": str(uuid.uuid4())}
        assert desk.post("services", foreign.pk, data=sent).status_code == 404
    assert desk.post("services", mine.pk, data={"act": "add", "new_id": "x"}).status_code == 404
    assert desk.post("services", mine.pk, data={"act": "join"}).status_code == 404
    seen = {"seen": [f"{mine.pk}:1", f"{foreign.pk}:1"], "declaration": "yes"}
    assert desk.post("submit", mine.pk, data=seen).status_code == 409
    assert stranger.get("draft", foreign.pk).status_code == 302
    assert [joint.other_drafts(each) for each in (mine, foreign)] == [[], []]


@pytest.mark.django_db
def test_one_of_several_is_mended_under_the_statement_of_all(cast: Cast) -> None:
    services = three_services(cast.member)
    applications = submit(services)
    case = SampleCase(applications[1].pk, cast.member)
    reasons = [{**SAMPLE_REASON, "key": "service.description"}]
    walk.act(case, Act.PROPOSE_REJECTION, by=cast.provincial, at=MORNING, reasons=reasons, text="样例")
    walk.act(case, Act.CONFIRM, by=cast.provincial_second, at=MORNING + timedelta(hours=1))

    draft = start_amendment(case.application, account=cast.member, at=MORNING + timedelta(days=1))
    save(draft, "service", description="样例：补充说明。" * 8)

    draft.refresh_from_db()
    assert not state_of(draft).is_outdated
    assert joint.other_drafts(draft) == []
    assert [each.state for each in Application.objects.order_by("receipt_number")] == [
        "provincial_review",
        "rejected",
        "provincial_review",
    ]
    with pytest.raises(NotFound):
        joint.add_service(draft.pk, new_id=uuid.uuid4(), account=cast.member, at=MORNING)


@pytest.mark.django_db
def test_a_service_in_force_is_copied_without_its_name_and_statement(cast: Cast, desk: Desk) -> None:
    case = in_force(cast)
    given = case.application.filing
    assert given is not None

    answer = desk.post("copy", case.application_id)

    draft = Draft.objects.get()
    assert answer.status_code == 302
    assert draft.applicant_id == given.applicant_id
    assert draft.together_id != case.application.together_id
    assert "service_name" not in draft.materials["service"]
    assert draft.materials["service"]["consensus"]
    assert find_slot(statement.SLOT).name not in draft.materials["attachments"]
    assert not Attachment.objects.filter(draft_id=draft.pk).exists()
    clock.set_for_tests(MORNING + timedelta(days=3))
    assert {gap.key for gap in examine(draft).gaps} == {"service.service_name", statement.SLOT}


@pytest.mark.django_db(transaction=True)
def test_services_added_and_submitted_at_once_end_in_one_order(cast: Cast) -> None:
    services = three_services(cast.member)

    def at_once(act: Callable[[], Done]) -> Done | OutOfDate:
        try:
            return act()
        except OutOfDate as refusal:
            return refusal
        finally:
            connection.close()

    new_ids = [uuid.uuid4() for _ in range(3)]
    names = [f"样例负责人{letter}" for letter in "甲乙丙"]
    acts: list[Callable[[], Draft]] = [
        *(
            lambda new_id=new_id, beside=beside: joint.add_service(
                beside.pk, new_id=new_id, account=cast.member, at=MORNING
            )
            for new_id, beside in zip(new_ids, services, strict=True)
        ),
        *(
            lambda name=name, beside=beside: drafts.save_section(
                beside.pk,
                drafts.SectionSave(
                    "person_in_charge",
                    {**beside.materials["person_in_charge"], "name": name},
                    frozenset(beside.materials["person_in_charge"]),
                    beside.version_of("person_in_charge"),
                ),
                at=MORNING,
            )
            for name, beside in zip(names, services, strict=True)
        ),
    ]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(at_once, acts))

    found = joint.joint_drafts(services[0])
    assert len(found) == 6
    assert len({each.number for each in found}) == 6
    assert len({each.materials["person_in_charge"]["name"] for each in found}) == 1
    for new_id in new_ids:
        joint.remove_service(new_id)
    attach(services[0], statement.SLOT)
    found = joint.joint_drafts(services[0])
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda by: at_once(lambda: submit(found, by)), found))
    submitted = [result for result in results if not isinstance(result, OutOfDate)]
    assert len(submitted) == len(results)
    assert {tuple(each.pk for each in result) for result in submitted} == {
        tuple(Application.objects.order_by("receipt_number").values_list("pk", flat=True))
    }
    assert Application.objects.count() == 3
