"""Drafts made without the browser, for journeys that are about something else than filling them in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applicants.drafts import store as drafts
from applicants.drafts.steps import FORM_SECTIONS
from applicants.models import Draft
from registry import clock
from registry.book import numbering
from registry.models import Account, Filing
from registry.rules.particulars import required_slots
from registry.rules.workflow.states import Act, Role
from registry.sample import walk
from registry.sample.agreements import agree_to_everything
from registry.sample.scans import draw, sheets_for
from registry.sample.walk import SampleCase


def member(email: str, *, password: str) -> Account:
    """An applicant's account that can sign in."""
    now = clock.now()
    account = Account.objects.create_account(
        name="郑样例",
        password=password,
        mobile="+8619900007399",
        email=email,
        mobile_verified_at=now,
        email_verified_at=now,
    )
    agree_to_everything(account, at=now)
    return account


def answered_draft(
    account: Account, materials: Mapping[str, Any], *, leaving_out: Collection[str] = ()
) -> Draft:
    """A draft with these answers and no file."""
    draft = drafts.start_draft(account, applicant=None, at=clock.now())
    for section in FORM_SECTIONS:
        given = materials[section]
        answers = {name: answer for name, answer in given.items() if name not in leaving_out}
        save = drafts.SectionSave(
            section, answers, mentioned=frozenset(given), version=draft.version_of(section), window="journey"
        )
        draft = drafts.save_section(draft.pk, save, at=clock.now())
    return draft


def complete_draft(
    account: Account, materials: Mapping[str, Any], *, leaving_out: Collection[str] = ()
) -> Draft:
    """A draft with these answers and a file in every slot that must have one."""
    draft = answered_draft(account, materials, leaving_out=leaving_out)
    pictures = {name: draw(sheet) for name, sheet in sheets_for(materials).items()}
    for key in required_slots(materials):
        name = key.rsplit(".", 1)[1]
        file = SimpleUploadedFile(f"{name}.png", pictures[name], "image/png")
        drafts.attach_file(draft.pk, key, file=file, account=account, at=clock.now())
    draft.refresh_from_db()
    return draft


def number_of(case: SampleCase, officers: Mapping[Role, Account]) -> str:
    """Both offices approve the only filing, and its number is issued."""
    at = clock.now() + timedelta(seconds=1)
    province, nation = officers[Role.PROVINCIAL_REVIEWER], officers[Role.NATIONAL_REVIEWER]
    walk.act(case, Act.FORWARD, by=province, at=at, recommends="approval", text="样例意见：均已核对")
    walk.act(case, Act.APPROVE, by=nation, at=at + timedelta(seconds=1), text="样例")
    filing = Filing.objects.get()
    numbering.issue_number(filing.pk, at=at + timedelta(seconds=2))
    filing.refresh_from_db()
    return str(filing.number)
