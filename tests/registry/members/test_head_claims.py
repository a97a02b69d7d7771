"""One claim covers every filing under the head of imported numbers: stated, decided, and checked."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from registry import clock
from registry.accounts.limits import LimitReached
from registry.book import takeovers
from registry.book.head_claims import head_of_number
from registry.errors import MemberActRefused, NotFound
from registry.files.access import find_readable
from registry.integrity.register import verify_register
from registry.members import claims
from registry.members.authority import active_memberships, membership_of
from registry.models import (
    Account,
    Applicant,
    Attachment,
    Filing,
    HeadClaim,
    Membership,
    MembershipClaim,
    Notice,
)
from registry.rules.errors import NotAFilingNumber
from registry.sample import walk
from registry.sample.materials import organisation_materials
from tests.builders import claimed, published
from tests.builders.claimed import LINES, NUMBER
from tests.builders.register import BEIJING_DIVISION, MORNING, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture(autouse=True)
def _morning() -> None:
    clock.set_for_tests(MORNING)


@pytest.fixture
def applicant(tmp_path: Path) -> Applicant:
    return claimed.imported(tmp_path).applicant


def entered(cast: Cast, *, seed: int = 1, member: Account | None = None) -> Applicant:
    """An applicant of the register with the document of this seed."""
    materials = organisation_materials(seed=seed, today=MORNING.date(), division_code=BEIJING_DIVISION)
    return walk.sample_applicant(materials, member=member or cast.stranger, at=MORNING)


@pytest.mark.parametrize("text", [NUMBER, NUMBER[4:-1], f" {NUMBER[:4]} {NUMBER[4:]} ", LINES[1][3]])
def test_any_number_of_the_head_finds_all_its_filings(applicant: Applicant, text: str) -> None:
    head = head_of_number(text)
    assert (head.applicant, head.is_claimed) == (applicant, False)
    assert [filing.number for filing in head.filings] == [LINES[0][3], LINES[1][3]]


def test_a_number_that_no_list_names_is_unknown(applicant: Applicant) -> None:
    with pytest.raises(NotFound, match="head_unknown"):
        head_of_number(published.rows(1, first=77)[0][3])
    with pytest.raises(NotAFilingNumber):
        head_of_number("京网信备1")


def test_a_granted_claim_gives_the_document_and_all_filings_to_the_claimant(
    applicant: Applicant, cast: Cast
) -> None:
    made = claimed.claim(applicant, cast.member)
    assert (made.province_code, active_memberships(applicant.pk).exists()) == (applicant.province_code, False)
    assert applicant.nature == ""
    claimed.decide(made, cast.provincial)
    applicant.refresh_from_db()
    stated = claimed.stated()
    assert (applicant.nature, applicant.credit_code) == ("organisation", stated.document_number)
    membership = membership_of(cast.member.pk, applicant.pk)
    assert membership is not None
    assert membership.role == "owner"
    assert set(Filing.objects.filter(applicant=applicant).values_list("number", flat=True)) == {
        LINES[0][3],
        LINES[1][3],
    }
    assert Notice.objects.filter(kind="head_claim_granted", account=cast.member).count() == 1
    assert verify_register().violations == []


def test_a_declined_claim_changes_nothing_and_is_told(applicant: Applicant, cast: Cast) -> None:
    claimed.decide(claimed.claim(applicant, cast.member), cast.provincial, outcome="declined")
    applicant.refresh_from_db()
    assert (applicant.nature, Membership.objects.exists()) == ("", False)
    assert Notice.objects.filter(kind="head_claim_declined", account=cast.member).count() == 1
    assert claimed.claim(applicant, cast.member).outcome == ""
    assert verify_register().violations == []


def test_only_the_office_of_the_numbers_division_decides(applicant: Applicant, cast: Cast) -> None:
    made = claimed.claim(applicant, cast.member)
    for officer in (cast.elsewhere, cast.national, cast.national_head):
        with pytest.raises(NotFound):
            takeovers.propose_takeover(
                made.pk,
                MembershipClaim.Outcome.JOINED,
                reason="样例：写明理由",
                proof_seen=[str(each.pk) for each in claims.proof_of(made)],
                officer=officer,
                at=MORNING,
            )
        with pytest.raises(NotFound):
            claimed.decline(made, officer)
    scan = claims.proof_of(made)[0]
    assert [each.slot for each in claims.proof_of(made)] == ["business_licence", "letter_of_authority"]
    readers = (cast.member, cast.provincial, cast.stranger, cast.elsewhere)
    assert [_reads(account, scan) for account in readers] == [True, True, False, False]


def _reads(account: Account, scan: Attachment) -> bool:
    try:
        return find_readable(scan.pk, account) is not None
    except NotFound:
        return False


def test_of_two_claims_over_one_head_the_second_needs_the_same_document(
    applicant: Applicant, cast: Cast
) -> None:
    first, second = claimed.claim(applicant, cast.member), claimed.claim(applicant, cast.stranger)
    other = claimed.claim(applicant, cast.get("样例另一人", cast.member.acts_as), identity=claimed.stated(9))
    assert list(claims.open_claims_beside(first).order_by("created_at", "pk")) == sorted(
        [second, other], key=lambda each: (each.created_at, each.pk)
    )
    claimed.decide(first, cast.provincial)
    with pytest.raises(MemberActRefused, match="head_of_another_document"):
        claimed.decide(other, cast.provincial)
    claimed.decide(other, cast.provincial, outcome="declined")
    claimed.decide(second, cast.provincial)
    assert {each.account for each in active_memberships(applicant.pk)} == {cast.member, cast.stranger}
    applicant.refresh_from_db()
    with pytest.raises(MemberActRefused, match="head_claimed"):
        claimed.claim(applicant, cast.get("样例第四人", cast.member.acts_as))
    assert verify_register().violations == []


def test_a_claim_is_made_once_and_within_the_limit_of_all_claims(tmp_path: Path, cast: Cast) -> None:
    claimed.imported(tmp_path)
    applicants = list(Applicant.objects.filter(is_imported=True).order_by("pk"))
    claimed.claim(applicants[0], cast.member)
    with pytest.raises(MemberActRefused, match="already_claimed"):
        claimed.claim(applicants[0], cast.member)
    for place in range(1, claims.CLAIMS_PER_DAY):
        claimed.claim(applicants[place], cast.member, identity=claimed.stated(place + 1))
    with pytest.raises(LimitReached):
        claimed.claim(applicants[claims.CLAIMS_PER_DAY], cast.member, identity=claimed.stated(30))


def test_two_applicants_never_have_one_document(applicant: Applicant, cast: Cast) -> None:
    made = claimed.claim(applicant, cast.member)
    registered = entered(cast)
    with pytest.raises(MemberActRefused, match="document_registered"):
        claimed.decide(made, cast.provincial)
    applicant.refresh_from_db()
    assert (applicant.nature, Membership.objects.filter(applicant=applicant).exists()) == ("", False)
    made.refresh_from_db()
    assert made.outcome == ""
    with pytest.raises(MemberActRefused, match="document_is_of_own_applicant"):
        claimed.claim(applicant, cast.stranger)
    assert registered.document_index == HeadClaim.objects.get().document_index
    assert verify_register().violations == []


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_grant_two_claims_at_once_make_one_document(tmp_path: Path, cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("an SQLite database in memory has one connection")
    applicant = claimed.imported(tmp_path).applicant
    made = [
        claimed.claim(applicant, cast.member),
        claimed.claim(applicant, cast.stranger, identity=claimed.stated(9)),
    ]
    refused: list[str] = []

    def grant(place: int, officer: Account) -> None:
        try:
            claimed.decide(made[place], officer, at=MORNING)
        except MemberActRefused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    officers = (cast.provincial, cast.provincial_second)
    threads = [threading.Thread(target=grant, args=(place, officers[place])) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["head_of_another_document"]
    assert active_memberships(applicant.pk).count() == 1
    assert verify_register().violations == []


# ---------------------------------------------------------------- the check of the register


def test_a_document_that_no_granted_claim_stated_is_found(tmp_path: Path, cast: Cast) -> None:
    filing = claimed.granted(tmp_path, cast)
    assert verify_register().violations == []
    other = claimed.claim(
        Applicant.objects.filter(is_imported=True, nature="").first() or filing.applicant,
        cast.stranger,
        identity=claimed.stated(9),
    )
    HeadClaim.objects.filter(applicant=filing.applicant).update(document_index=other.of_head.document_index)
    assert [each.code for each in verify_register().violations] == ["applicant_document_unproved"]


# ---------------------------------------------------------------- random walks


class HeadsMachine(RuleBasedStateMachine):
    """Any order of claims, decisions and first filings: one owner at least, one document, one applicant."""

    @initialize()
    def begin(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.cast = Cast()
        clock.set_for_tests(MORNING)

    def teardown(self) -> None:
        if not hasattr(self, "atomic"):
            return
        try:
            assert verify_register().violations == []
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            for stored in Path(django_settings.ATTACHMENT_ROOT).rglob("*"):
                if stored.is_file():
                    stored.unlink()

    @rule(place=st.integers(0, 2), who=st.integers(0, 2), seed=st.integers(1, 3))
    def claim(self, place: int, who: int, seed: int) -> None:
        applicant = Applicant.objects.filter(is_imported=True).order_by("name")[place]
        account = self.cast.get(f"样例申请人{who}", self.cast.member.acts_as)
        try:
            claimed.claim(applicant, account, identity=claimed.stated(seed))
        except (MemberActRefused, LimitReached):
            return

    @rule(data=st.data(), outcome=st.sampled_from(["joined", "replaced", "declined"]))
    def decide(self, data: st.DataObject, outcome: str) -> None:
        waiting = list(HeadClaim.objects.filter(claim__outcome="").order_by("claim__created_at", "pk"))
        if not waiting:
            return
        chosen = data.draw(st.sampled_from(range(len(waiting))))
        officer = claimed.officer_of(self.cast, waiting[chosen].province_code)
        try:
            claimed.decide(waiting[chosen].claim, officer, outcome=outcome)
        except MemberActRefused:
            return

    @rule(seed=st.integers(1, 3))
    def enter(self, seed: int) -> None:
        if not Applicant.objects.filter(credit_code=claimed.stated(seed).document_number).exists():
            entered(self.cast, seed=seed)

    @invariant()
    def one_document_is_one_applicant(self) -> None:
        codes = list(Applicant.objects.exclude(credit_code="").values_list("credit_code", flat=True))
        assert len(codes) == len(set(codes))
        for applicant in Applicant.objects.filter(is_imported=True).exclude(nature=""):
            assert active_memberships(applicant.pk).filter(role="owner").exists()
        assert not Membership.objects.filter(applicant__is_imported=True, applicant__nature="").exists()


def test_walks_of_claims_leave_one_applicant_for_one_document(tmp_path: Path) -> None:
    claimed.imported(tmp_path)
    limited = settings(
        max_examples=8, stateful_step_count=12, deadline=None, database=None, phases=[Phase.generate]
    )
    run_state_machine_as_test(HeadsMachine, settings=limited)
