"""Who may read a stored file, and how it is answered."""

from __future__ import annotations

import io
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from registry.files.decoding import work_once
from registry.models import Account, Applicant, Attachment, Membership
from registry.presentation.materials import present_file
from registry.storage import attachments
from tests.builders.odd_documents import document
from tests.builders.register import MORNING, Cast, submitted

pytestmark = pytest.mark.django_db

READERS_OF_A_SUBMITTED_FILE = {
    "member",
    "provincial",
    "provincial_second",
    "provincial_head",
    "national",
    "national_second",
    "national_head",
}
EVERYONE = READERS_OF_A_SUBMITTED_FILE | {"stranger", "elsewhere", "administrator", "auditor", "anonymous"}


def draft_file(member: Account, *, applicant: Applicant | None = None) -> Attachment:
    upload = SimpleUploadedFile("样例“介绍”.pdf", document(pages=2))
    return attachments.receive(
        draft_id=uuid.uuid4(),
        slot="attachments.product_introduction",
        uploaded_by=member,
        file=upload,
        at=MORNING,
        applicant=applicant,
    )


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    if name != "anonymous":
        client.force_login(getattr(cast, name), backend="registry.accounts.backends.AccountBackend")
    return client


def answers(cast: Cast, attachment: Attachment, name: str) -> set[int]:
    client = client_of(cast, name)
    addresses = [
        reverse("files:download", args=[attachment.pk]),
        reverse("files:page", args=[attachment.pk, 1]),
    ]
    return {client.get(address).status_code for address in addresses}


def expected(name: str, readers: set[str]) -> set[int]:
    if name == "anonymous":
        return {302}
    return {200} if name in readers else {404}


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_a_submitted_file_is_read_by_its_applicant_and_the_offices_in_charge(name: str, cast: Cast) -> None:
    submitted(cast)
    assert answers(cast, Attachment.objects.get(), name) == expected(name, READERS_OF_A_SUBMITTED_FILE)


@pytest.mark.parametrize("name", sorted(EVERYONE))
def test_a_file_of_a_draft_is_read_by_its_uploader_alone(name: str, cast: Cast) -> None:
    assert answers(cast, draft_file(cast.member), name) == expected(name, {"member"})


def test_other_members_read_the_drafts_files_of_their_applicant(cast: Cast) -> None:
    applicant = submitted(cast).application.applicant
    attachment = draft_file(cast.member, applicant=applicant)
    assert attachment.province_code == applicant.province_code
    assert answers(cast, attachment, "stranger") == {404}
    join(cast.stranger, applicant.pk)
    assert answers(cast, attachment, "stranger") == {200}
    assert answers(cast, attachment, "provincial") == {404}


def test_a_member_who_left_reads_nothing_any_more_own_uploads_included(cast: Cast) -> None:
    submitted(cast)
    attachment = Attachment.objects.get()
    assert answers(cast, attachment, "member") == {200}
    Membership.objects.update(revoked_at=MORNING)
    assert answers(cast, attachment, "member") == {404}


@pytest.mark.parametrize("state", [Attachment.State.WAITING, Attachment.State.REFUSED])
def test_what_was_not_found_clean_is_shown_to_nobody(state: str, cast: Cast) -> None:
    submitted(cast)
    Attachment.objects.update(state=state)
    attachment = Attachment.objects.get()
    assert answers(cast, attachment, "member") | answers(cast, attachment, "national") == {404}


def test_a_file_that_does_not_exist_is_answered_like_one_that_is_not_yours(cast: Cast) -> None:
    client = client_of(cast, "member")
    assert client.get(reverse("files:download", args=[uuid.uuid4()])).status_code == 404


def test_a_download_is_saved_and_never_opened_as_a_page_of_this_site(cast: Cast) -> None:
    attachment = draft_file(cast.member)
    response = client_of(cast, "member").get(reverse("files:download", args=[attachment.pk]))
    assert response.content == attachments.open_bytes(attachment)
    assert {name: response.headers[name] for name in INERT} == INERT | {"Content-Type": "application/pdf"}
    assert response.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%A0%B7%E4%BE%8B%E2%80%9C%E4%BB%8B%E7%BB%8D%E2%80%9D.pdf"
    )


INERT = {
    "Content-Type": "image/png",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "no-store, private",
}


@pytest.mark.parametrize(("size", "width"), [("full", 2000), ("small", 96)])
def test_a_page_is_a_picture_of_the_size_that_was_asked_for(size: str, width: int, cast: Cast) -> None:
    attachment = draft_file(cast.member)
    address = reverse("files:page", args=[attachment.pk, 2])
    waits = client_of(cast, "member").get(address, {"size": size})
    assert {name: waits.headers[name] for name in INERT} == INERT | {"Content-Type": "image/svg+xml"}
    assert work_once("test")
    response = client_of(cast, "member").get(address, {"size": size})
    assert {name: response.headers[name] for name in INERT} == INERT
    assert Image.open(io.BytesIO(response.content)).width == width


@pytest.mark.parametrize(("page", "query"), [(0, ""), (3, ""), (1, "?size=5000"), (1, "?size=x")])
def test_pages_and_sizes_that_there_are_not_are_not_found(page: int, query: str, cast: Cast) -> None:
    attachment = draft_file(cast.member)
    address = reverse("files:page", args=[attachment.pk, page]) + query
    assert client_of(cast, "member").get(address).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_files_are_only_read_at_their_addresses(method: str, cast: Cast) -> None:
    attachment = draft_file(cast.member)
    address = reverse("files:download", args=[attachment.pk])
    assert getattr(client_of(cast, "member"), method)(address).status_code == 405


def test_the_addresses_that_rows_carry_lead_to_the_file(cast: Cast, own_files: Path) -> None:
    attachment = draft_file(cast.member)
    shown = present_file(attachments.entry_of(attachment))
    client = client_of(cast, "member")
    addresses = [shown.url, shown.picture_url, *(page["picture_url"] for page in shown.pages)]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200, 200]


def join(account: Account, applicant_id: uuid.UUID) -> None:
    Membership.objects.create(
        account=account,
        applicant_id=applicant_id,
        role=Membership.MemberRole.EDITOR,
        created_at=MORNING,
    )
