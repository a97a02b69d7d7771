"""Run as `python -m filing_portal.demonstration LANGUAGE` on an empty directory of its own.

`manage.py demo` makes that directory, starts this, and throws the directory away.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, time, timedelta

# The story ends before today: nothing in it has yet to happen.
_LASTS_WORKING_DAYS = 8
_MENDED_LASTS_WORKING_DAYS = 16


def main(language: str) -> int:
    """Tells the story; gives the exit status."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "filing_portal.settings.demonstration"
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import translation

    from filing_portal.demonstration.browser import DemonstrationFailed
    from registry.sample.logins import create_sample_accounts

    call_command("migrate", interactive=False, verbosity=0)
    create_sample_accounts()
    with translation.override(language):
        try:
            numbers = [_approved_at_once(language), _mended_and_approved(language)]
            status = _register_is_clean()
            for number in numbers:
                _say(number)
            return status
        except DemonstrationFailed as failure:
            _say(str(failure))
            return 1


def _approved_at_once(language: str) -> str:
    """An organisation's filing that both offices find in order."""
    from filing_portal.demonstration.journey import Journey
    from registry import clock
    from registry.calendar.current import current_calendar
    from registry.rules.days.working_days import subtract_working_days
    from registry.rules.workflow.states import Outcome
    from registry.sample.logins import SAMPLE_PASSWORD
    from registry.sample.materials import organisation_materials

    first_day = subtract_working_days(clock.today(), _LASTS_WORKING_DAYS, current_calendar())
    journey = Journey(
        organisation_materials(seed=401, today=first_day, division_code="110108"),
        begins_at=datetime.combine(first_day, time(10), tzinfo=clock.CHINA),
        language=language,
        say=_say,
    )
    journey.sign_up(
        name="样例经办人丁", mobile="19900000401", email="demo@example.com", password=SAMPLE_PASSWORD
    )
    journey.at += timedelta(minutes=20)
    journey.fill_in()
    journey.attach_files()
    journey.sign_statement()
    journey.submit()
    journey.wait(3)
    journey.forward("beijing_one", recommends=Outcome.APPROVAL, text="样例意见：材料齐全，建议予以备案。")
    journey.wait(4)
    journey.approve("national_one", text="样例：予以备案。")
    journey.at += timedelta(minutes=1)
    journey.issue_number()
    journey.look_up()
    return journey.number


def _mended_and_approved(language: str) -> str:
    """An individual's filing: rejected with a reason, mended in that one field, approved."""
    from filing_portal.demonstration.mending import MendedJourney
    from registry import clock
    from registry.calendar.current import current_calendar
    from registry.rules.days.working_days import subtract_working_days
    from registry.rules.workflow.states import Outcome
    from registry.sample.logins import SAMPLE_PASSWORD
    from registry.sample.materials import individual_materials

    first_day = subtract_working_days(clock.today(), _MENDED_LASTS_WORKING_DAYS, current_calendar())
    journey = MendedJourney(
        individual_materials(seed=402, today=first_day, division_code="440305"),
        begins_at=datetime.combine(first_day, time(10), tzinfo=clock.CHINA),
        language=language,
        say=_say,
    )
    _say("")
    journey.sign_up(
        name="样例个人戊", mobile="19900000402", email="demo.two@example.com", password=SAMPLE_PASSWORD
    )
    journey.at += timedelta(minutes=20)
    journey.fill_in()
    journey.attach_files()
    journey.sign_statement()
    journey.submit()
    journey.wait(3)
    journey.forward(
        "guangdong_one",
        recommends=Outcome.REJECTION,
        text="样例意见：服务简介过于笼统。",
        deficient="service.description",
    )
    journey.wait(2)
    journey.reject(
        "national_one",
        place="service.description",
        fault="technical_description_vague",
        remedy="样例：请写明共识机制和节点部署地点。",
    )
    journey.wait(3)
    journey.mend(
        place="service.description",
        answers={
            "description": "样例：本服务采用实用拜占庭容错共识，四个节点分别部署在广州、深圳、佛山和东莞的机房。"
        },
        answer="样例：已写明共识机制和节点部署地点。",
    )
    journey.wait(2)
    journey.forward(
        "guangdong_one", recommends=Outcome.APPROVAL, text="样例意见：已按要求补正，建议予以备案。"
    )
    journey.wait(2)
    journey.approve("national_one", text="样例：予以备案。")
    journey.at += timedelta(minutes=1)
    journey.issue_number()
    journey.look_up()
    return journey.number


def _register_is_clean() -> int:
    from registry.integrity.register import verify_register

    violations = verify_register().violations
    for violation in violations:
        _say(str(violation))
    return 1 if violations else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "en"))
