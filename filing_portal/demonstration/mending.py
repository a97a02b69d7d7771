"""A filing that is rejected, mended and submitted again: the steps of the second journey."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from filing_portal.demonstration.answers import typed_answers
from filing_portal.demonstration.journey import Journey
from registry import clock
from registry.calendar.current import current_calendar
from registry.rules.days.deadlines import decision_due, resubmission_due
from registry.rules.workflow.states import Act


class MendedJourney(Journey):
    """A journey with a rejection in its middle."""

    def reject(self, officer: str, *, place: str, fault: str, remedy: str) -> None:
        """The nation examines every item and rejects, with one reason pinned to its place."""
        reason = {"reasons-0-key": place, "reasons-0-code": fault, "reasons-0-remedy": remedy}
        count = self._decide(officer, Act.REJECT, reason, deficient=place)
        self._say_act(
            _(
                "%(name)s (nation) has examined %(count)d sections and rejects, with the reason and what to do."
            ),
            officer,
            count,
        )
        last_day = resubmission_due(self.today, current_calendar()).due_on
        self.say_more(_("It can be mended and submitted again until %(day)s.") % {"day": last_day})

    def mend(self, *, place: str, answers: Mapping[str, str], answer: str) -> None:
        """The applicant opens the field from its reason, mends it, answers the reason and submits again."""
        section = place.split(".")[0]
        with clock.stopped_at(self.at):
            browser = self.signed_in_applicant()
            page = browser.open(reverse("applicants:application", args=[self.application.pk]))
            amend = reverse("applicants:amend", args=[self.application.pk])
            page = browser.send(page, {"key": place}, action=amend)
            draft_url = page.url.split(f"/{section}/")[0] + "/"
            changed = {**self.materials[section], **answers}
            typed = typed_answers(section, {**self.materials, section: changed})
            browser.send(page, {**typed, "next_step": "stay"})
            page = browser.open(f"{draft_url}amendment/")
            browser.send(page, {"answer-1": answer, "next_step": "stay"})
            page = browser.open(f"{draft_url}check/")
            browser.send(page, {"declaration": "yes"}, action=f"{draft_url}submit/")
        application = self.application
        self.say(
            _("The applicant mends just that field, answers the reason, and submits again: round %(number)d.")
            % {"number": application.round_number}
        )
        self.say_deadline(
            _("to be decided (Art. 12)"), decision_due(application.received_on, current_calendar())
        )
