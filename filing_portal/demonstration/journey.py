"""One filing on its way: each method is what one person does at the portal, and says so with its deadline."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from applicants.drafts.parts import parts_of
from filing_portal.demonstration.answers import scan_file, signed_scan, typed_answers
from filing_portal.demonstration.browser import Browser, BrowserPage, DemonstrationFailed
from registry import clock, tasks
from registry.calendar.current import current_calendar
from registry.files import decoding
from registry.labels.states import label_of
from registry.models import Application
from registry.rules.codes import filing_number
from registry.rules.days.deadlines import Deadline, day_number, decision_due, filing_due
from registry.rules.days.working_days import add_working_days
from registry.rules.particulars import find_slot, required_slots, sections
from registry.rules.workflow.states import Act, Outcome, Standing
from registry.sample import scans
from registry.sample.logins import SAMPLE_LOGINS, SAMPLE_PASSWORD

_STATEMENT, _INTRODUCTION = "authenticity_statement", "product_introduction"
_CODE = re.compile(r"\b\d{6}\b")


class Journey:
    """One sample filing, from the sign-up of its applicant to its number.

    `at` is the moment the story has reached; the portal's clock stands there while somebody acts.
    """

    def __init__(
        self, materials: Mapping[str, Any], *, begins_at: datetime, language: str, say: Callable[[str], None]
    ) -> None:
        self.materials = materials
        self.at = begins_at
        self.number = ""
        self._language = language
        self._tell = say
        self._applicant = Browser(language)
        self._login = ""
        self._draft_url = ""
        self._application_id: uuid.UUID | None = None

    @property
    def today(self) -> date:
        return clock.china_date(self.at)

    def say(self, text: str) -> None:
        self._tell(f"{self.today.isoformat()}  {text}")

    def say_more(self, text: str) -> None:
        """A line that belongs to the one before it."""
        self._tell(f"            {text}")

    def wait(self, working_days: int) -> None:
        """Goes on at ten o'clock some working days later."""
        day = add_working_days(self.today, working_days, current_calendar())
        self.at = datetime.combine(day, self.at.astimezone(clock.CHINA).timetz())

    # ------------------------------------------------------------ the applicant

    def sign_up(self, *, name: str, mobile: str, email: str, password: str) -> None:
        with clock.stopped_at(self.at):
            page = self._applicant.open(reverse("account_signup"))
            typed = {"name": name, "mobile": mobile, "email": email, "agreement": "on"}
            page = self._applicant.send(page, {**typed, "password1": password})
            codes = {"mobile_code": _newest_code("sms.jsonl"), "email_code": _newest_code("mail.jsonl")}
            self._applicant.send(page, {**codes, "action": "verify"})
            self._applicant.open(reverse("applicants:dashboard"))
        self._login = email
        self.say(
            _("%(name)s opens an account; mobile and mailbox are verified by the codes sent to them.")
            % {"name": name}
        )

    def fill_in(self) -> None:
        """Starts a draft and fills in every section of the forms."""
        with clock.stopped_at(self.at):
            start = self._applicant.open(reverse("applicants:start"))
            page = self._applicant.send(start, {"applicant": "", "consent": "yes"})
            self._draft_url = _parent(page.url)
            for section in sections():
                if section == "attachments":
                    continue
                page = self._applicant.open(f"{self._draft_url}{section}/")
                typed = typed_answers(section, self.materials)
                for _page in parts_of(section) or (None,):
                    page = self._applicant.send(page, {**typed, "next_step": "forward"})
        service = self.materials["service"]
        started_on = date.fromisoformat(service["service_started_on"])
        self.say(
            _("%(applicant)s fills in the forms for %(service)s, in service since %(day)s.")
            % {
                "applicant": self.materials["applicant"]["name"],
                "service": service["service_name"],
                "day": started_on.isoformat(),
            }
        )
        self.say_deadline(_("to be filed (Art. 11)"), filing_due(started_on, current_calendar()))

    def attach_files(self) -> None:
        """A scan for every slot but the statement's."""
        slots = [find_slot(key).name for key in required_slots(self.materials)]
        sheets = scans.sheets_for(self.materials)
        files = [(name, sheets[name]) for name in slots if name not in {_STATEMENT, _INTRODUCTION}]
        files += [
            (_INTRODUCTION, sheet) for sheet in scans.introduction(self.materials, sheets[_INTRODUCTION])
        ]
        with clock.stopped_at(self.at):
            page = self._applicant.open(f"{self._draft_url}attachments/")
            for name, sheet in files:
                self._upload(page, name, scans.draw(sheet))
            self._read_files()
        self.say(_("%(count)d scans are uploaded, checked and kept encrypted.") % {"count": len(files)})

    def sign_statement(self) -> None:
        """The prefilled statement is printed, sealed, scanned and uploaded."""
        with clock.stopped_at(self.at):
            printed = self._applicant.download(f"{self._draft_url}statement.pdf")
            page = self._applicant.open(f"{self._draft_url}statement/")
            self._upload(page, _STATEMENT, signed_scan(printed))
            self._read_files()
        kilobytes = {"kilobytes": len(printed) // 1024}
        self.say(
            _("The authenticity statement comes prefilled (PDF, %(kilobytes)d KB), goes back signed.")
            % kilobytes
        )

    def submit(self) -> None:
        with clock.stopped_at(self.at):
            page = self._applicant.open(f"{self._draft_url}check/")
            answer = self._applicant.send(page, {"declaration": "yes"}, action=f"{self._draft_url}submit/")
        self._application_id = uuid.UUID(urlsplit(answer.url).path.rstrip("/").rsplit("/", 1)[1])
        application = self.application
        self.say(
            _("Nothing is missing; submitted. Receipt number %(number)s.")
            % {"number": application.receipt_number}
        )
        self.say_deadline(
            _("to be decided (Art. 12)"), decision_due(application.received_on, current_calendar())
        )

    def _upload(self, page: BrowserPage, slot: str, content: bytes) -> None:
        action = f"{self._draft_url}attachments/{slot}/"
        self._applicant.send(page, {"file": scan_file(slot, content)}, action=action)

    def _read_files(self) -> None:
        """Works as the decoder does until no file waits."""
        while decoding.work_once("demonstration"):
            pass

    # ------------------------------------------------------------ the offices

    def forward(self, officer: str, *, recommends: Outcome, text: str, deficient: str = "") -> None:
        """The province examines every item and forwards the case with its opinion; one item may be found deficient."""
        typed = {"recommends": recommends.value, "text": text}
        count = self._decide(officer, Act.FORWARD, typed, deficient=deficient)
        if recommends is Outcome.APPROVAL:
            said = ngettext(
                "%(name)s (province) finds the %(count)d section to examine in order, recommends approval.",
                "%(name)s (province) finds all %(count)d sections in order, recommends approval.",
                count,
            )
        else:
            said = _("%(name)s (province) has examined %(count)d sections, recommends rejection.")
        self._say_act(said, officer, count)

    def approve(self, officer: str, *, text: str) -> None:
        """The nation examines every item and approves."""
        count = self._decide(officer, Act.APPROVE, {"text": text})
        said = ngettext(
            "%(name)s (nation) finds the %(count)d section to examine in order and approves.",
            "%(name)s (nation) finds all %(count)d sections in order and approves.",
            count,
        )
        self._say_act(said, officer, count)

    def _decide(self, officer: str, act: Act, typed: Mapping[str, str], *, deficient: str = "") -> int:
        """Signs the officer in, opens the case from the queue, marks it section by section, acts.

        `deficient` is the key of an item that is marked so before its section.
        """
        with clock.stopped_at(self.at):
            browser = self._signed_in(officer)
            queue = browser.open(reverse("review:queue"))
            case = browser.open(queue.link(str(self._application_id)))
            case_url = urlsplit(case.url).path
            count = 0
            for form in [each for each in case.forms if deficient and each.hidden.get("key") == deficient]:
                case = browser.send(case, {**form.hidden, "verdict": "deficient"}, action=form.action)
            for section in sections():
                forms = [each for each in case.forms if each.hidden.get("section") == section]
                for form in forms:
                    count += 1
                    case = browser.send(case, form.hidden, action=form.action)
            page = browser.open(browser.open(case_url).link(f"/acts/{act.value}/"))
            browser.send(page, typed)
        return count

    def _signed_in(self, key: str) -> Browser:
        return self._sign_in(next(each.email for each in SAMPLE_LOGINS if each.key == key))

    def signed_in_applicant(self) -> Browser:
        """The applicant's browser on another day: the sign-in of the first one has ended."""
        return self._sign_in(self._login)

    def _sign_in(self, login: str) -> Browser:
        browser = Browser(self._language)
        page = browser.open(reverse("account_login"))
        browser.send(page, {"login": login, "password": SAMPLE_PASSWORD})
        return browser

    def _say_act(self, text: str, officer: str, count: int) -> None:
        name = next(each.name for each in SAMPLE_LOGINS if each.key == officer)
        number = day_number(self.application.received_on, self.today, current_calendar())
        self.say(
            f"{text % {'name': name, 'count': count}} " + _("Day %(number)d of 20.") % {"number": number}
        )

    # ------------------------------------------------------------ number and public record

    def issue_number(self) -> None:
        """The background job that looks for filings awaiting their number."""
        with clock.stopped_at(self.at):
            issued = tasks.sweep_filing_numbers.apply().get()
        filing = self.application.filing
        if issued != 1 or filing is None or filing.number is None:
            raise DemonstrationFailed("the job issued no number")
        self.number = filing.number
        filing_number.parse(self.number)
        self.say(_("The job issues the number %(number)s.") % {"number": self.number})

    def look_up(self) -> None:
        """Anybody finds the filing by its number, on the page and in the API."""
        public = Browser(self._language)
        with clock.stopped_at(self.at):
            page = public.open(reverse("public:filing", args=[self.number]))
            record = json.loads(public.download(reverse("api:filing", args=[self.number])))
            wrong = self.number[:-2] + ("0" if self.number[-2] != "0" else "1") + self.number[-1]
            public.open(reverse("public:filing", args=[wrong]), status=404)
        if self.materials["service"]["service_name"] not in page.content.decode():
            raise DemonstrationFailed("the public record does not show the service")
        self.say(
            _("The public finds it at %(url)s: %(applicant)s, standing %(standing)s.")
            % {
                "url": reverse("public:filings") + self.number + "/",
                "applicant": record["applicant_name"],
                "standing": label_of(Standing(record["standing"])),
            }
        )

    @property
    def application(self) -> Application:
        if self._application_id is None:
            raise DemonstrationFailed("nothing is submitted yet")
        return Application.objects.select_related("filing").get(pk=self._application_id)

    def say_deadline(self, what: str, deadline: Deadline) -> None:
        is_provisional = pgettext("provisional", "yes, the holidays of that year are not announced yet")
        text = _("Due %(what)s by %(day)s; provisional: %(answer)s.") % {
            "what": what,
            "day": deadline.due_on.isoformat(),
            "answer": is_provisional if deadline.provisional else pgettext("provisional", "no"),
        }
        self.say_more(text)


def _newest_code(outbox: str) -> str:
    """The code in the newest message, as its recipient reads it."""
    lines = (Path(settings.VAR_DIR) / "outbox" / outbox).read_text(encoding="utf-8").splitlines()
    return _CODE.findall(str(json.loads(lines[-1])["text"]))[0]


def _parent(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rsplit("/", 1)[0] + "/"
