"""For each include, what a view hands to it: sample values in the shapes that docs/design-system.md names."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django import forms
from django.test import RequestFactory

from registry.calendar.months import Month, MonthDay
from registry.presentation.versions import ShownVersion
from registry.rules.articles import blocks_of
from registry.rules.days.deadlines import ExplainedDay

DAYS = (
    ExplainedDay(date(2026, 9, 30), False, None, "event_day", False),
    ExplainedDay(date(2026, 10, 1), False, None, "national_day", False),
    ExplainedDay(date(2026, 10, 9), True, 1, "weekday", False),
    ExplainedDay(date(2026, 10, 10), True, 2, "make_up", False),
    ExplainedDay(date(2027, 1, 4), True, 3, "weekday", True),
)
MONTH = Month(
    date(2026, 10, 1),
    [
        [None, MonthDay(date(2026, 10, 1), "national_day", False, False, is_changed=True)],
        [MonthDay(date(2026, 10, 10), "make_up", True, True, DAYS[3], is_due=True)],
    ],
)
FILE = {
    "id": "f1",
    "name": "sample-licence.pdf",
    "url": "/file/",
    "size_bytes": 20480,
    "page_count": 2,
    "state": "refused",
    "reason": "The file cannot be opened.",
    "remove_url": "/remove/",
    "signatures": {"lines": [{"tone": "good", "text": "Signed by Sample Company."}], "names_somebody": True},
    "original_url": "/original/",
    "original_size_bytes": 30720,
    "original_acts": True,
    "carried": "“invoice.xml”",
}
ROW = {
    "key": "applicant.name",
    "label": "Name",
    "value": "Sample Company",
    "changed": True,
    "before": "Old Sample Company",
    "values": ["one", "two"],
    "groups": [[{"label": "Address", "value": "203.0.113.7"}]],
    "files": [FILE],
    "deficient": True,
    "mark": "deficient",
    "mark_label": "Deficient",
    "note": "Not as on the licence.",
    "reveal_url": "/reveal/",
    "mend_url": "/mend/",
}
SECTION = {
    "key": "applicant",
    "label": "Applicant",
    "edit_url": "/edit/",
    "edit_label": "Edit",
    "rows": [ROW],
}


class ExplainedField(forms.CharField):
    """A field that says why it is asked and where that stands."""

    why = ""
    basis = ""


class SampleForm(forms.Form):
    """One field of each shape that includes/field.html distinguishes."""

    name = ExplainedField(label="Name", help_text="As on the licence")
    nature = forms.ChoiceField(label="Nature", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    declared = forms.BooleanField(label="True", required=False)
    code = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("Nothing fits")


def bound_form() -> SampleForm:
    """A form in which every shape of error occurs."""
    form = SampleForm({})
    name = form.fields["name"]
    assert isinstance(name, ExplainedField)
    name.why, name.basis = "To know who files.", "Art. 11"
    return form


def _sent_notice() -> dict[str, Any]:
    """A notice that was refused on one way, told by the office, and not opened."""
    at = datetime(2026, 11, 2, tzinfo=UTC)
    refused = {"state": "refused", "next_attempt_at": at, "is_fallback": True}
    return {
        "notice": {
            "subject": "Sample",
            "body": "Sample",
            "language": "en",
            "account": {"name": "Sample Person"},
            "created_at": at,
            "told_at": at,
            "get_told_how_display": "By post",
        },
        "ways": [
            {"label": "Inbox", "is_inbox": True},
            {
                "label": "E-mail",
                "address": "s***@example.com",
                "tone": "waiting",
                "outcome": "not taken over yet",
                "cause": "no answer",
                "delivery": refused,
            },
        ],
    }


REASON = {
    "place": "Name",
    "fault": "Vague",
    "article": "11",
    "remedy": "Say more",
    "text": "T",
    "answer": "Done",
}
CHANGE = {
    "section_label": "Service",
    "label": "Name",
    "key": "service.service_name",
    "before": {"value": "Before"},
    "after": {"values": ["Now"], "groups": [[{"label": "Place", "value": "Sample"}]]},
}


def includes() -> dict[str, dict[str, Any]]:
    """The context of every file in templates/includes, by its name."""
    request = RequestFactory().get("/somewhere/", {"page": "2"})
    user = SimpleNamespace(
        is_authenticated=True,
        name="Sample Person",
        get_role_display="Applicant",
        role="applicant",
        is_officer=False,
    )
    form = bound_form()
    identity = {
        "site_name": "Sample site",
        "site_domain": "portal.example.cn",
        "organiser": "Sample organiser",
    }
    page = {"number": 1, "url": "/page/1/", "picture_url": "/picture/1/"}
    frame = {"request": request, "user": user, "csrf_token": "token", "language": "en"}
    frame["languages"] = [("zh-hans", "Simplified Chinese"), ("en", "English")]
    return {
        "account_menu.html": frame,
        "list_cell.html": {
            "cell": SimpleNamespace(
                name="number",
                label="Filing number",
                value="京网信备11010126000000010015号",
                url="/filings/1/",
            )
        },
        "article_tags.html": {
            "title": "List",
            "published_at": datetime(2026, 1, 1, tzinfo=UTC),
            "source": "Office",
        },
        "asked.html": {
            "asked": {
                "kind_label": "Cancellation",
                "ends_on": date(2026, 12, 31),
                "arrangement": "Data can be taken away",
                "changes": [{"label": "Name", "on": date(2026, 11, 2)}],
                "late_by": 2,
                "article": "11(3)",
                "late_reason": "Sample reason",
            }
        },
        "breadcrumbs.html": {"crumbs": [{"label": "Home", "url": "/"}, {"label": "Here"}]},
        "contradiction.html": {
            "item": {
                "is_error": False,
                "message": "Whose number is it?",
                "places": [{"url": "#row", "label": "ICP number"}],
                "article": "Art. 11",
            },
            "text_id": "question",
        },
        "deadline.html": {
            "title": "Decision",
            "day_number": 12,
            "working_days": 20,
            "due_on": date(2026, 11, 30),
            "days_left": 8,
            "provisional": True,
            "days": DAYS,
            "sentences": ("20 working days after 2026-09-30.",),
        },
        "deadline_days.html": {"days": DAYS, "due_on": date(2027, 1, 4), "provisional": True},
        "disclaimer.html": {},
        "display_switch.html": frame,
        "document_viewer.html": {"file": FILE, "page": page, "pages": [page]},
        "empty_state.html": {"title": "Nothing yet", "text": "Begin.", "url": "/start/", "link": "Start"},
        "error_page.html": {"title": "Not found", "text": "Look elsewhere.", "code": "404"},
        "error_summary.html": {"form": form, "errors": [{"target": "x", "label": "X", "message": "No."}]},
        "error_summary_line.html": {"error": {"target": "x", "label": "X", "message": "No."}},
        "field.html": {"field": form["name"]},
        "field_need.html": {"field": form["name"]},
        "field_notes.html": {"field": form["name"]},
        "evidence_files.html": {"block": {"element": "evidence", "rows": [FILE]}, "csrf_token": "token"},
        "file_row.html": {"file": FILE, "csrf_token": "token"},
        "footer.html": {"identity": identity},
        "form_fields.html": {"form": form},
        "held_files.html": {
            "held": [SimpleNamespace(id="id", name="样例.png", content=b"sample")],
            "name": "evidence-held",
            "several": True,
            "control": "",
        },
        "language_switch.html": frame,
        "masthead.html": frame,
        "messages.html": {"messages": [SimpleNamespace(level_tag="error")]},
        "month.html": {"month": MONTH, "in_period": True},
        "month_key.html": {"period": True, "changed": True, "provisional": True},
        "nav_applicant.html": {**frame, "unread_notices": 3},
        "nav_count.html": {"count": 2},
        "nav_group.html": {
            "label": "X",
            "entries": "",
            "group": SimpleNamespace(is_current=True, count=2),
        },
        "nav_link.html": {"url": "/x/", "label": "X", "count": 2, "current": "page"},
        "nav_office.html": frame,
        "nav_public.html": frame,
        "nav_review.html": frame,
        "weekdays.html": {},
        "notice_ways.html": {"sent": _sent_notice()},
        "notices_sent.html": {"sent": [_sent_notice()]},
        "notice.html": {"tone": "warning", "title": "Mind", "text": "This.", "url": "/x/", "link": "Read"},
        "article_body.html": {
            "blocks": blocks_of("## Head\n\nText\n- One\n\n1. First\n\n|A|B|\n|1|2|\n\n### Sub")
        },
        "article_line.html": {"line": blocks_of("See [help](/help/).")[0].lines[0]},
        "page_head.html": {"title": "Title", "lead": "Lead"},
        "pagination.html": {
            "shown": 30,
            "total": 1238,
            "previous_url": "?a",
            "next_url": "?b",
            "first_url": "?",
        },
        "particular.html": {"row": ROW, "csrf_token": "token"},
        "papers.html": {
            "papers": [
                {"label": "Acceptance receipt", "url": "/paper/", "on": date(2026, 11, 2)},
                {"label": "Whole application", "url": "/case/"},
            ]
        },
        "sent_language.html": {"language": "zh"},
        "particulars.html": {"sections": [SECTION], "csrf_token": "token"},
        "sample_banner.html": {},
        "save_state.html": {"saved_at": "10:42", "previous_url": "/back/"},
        "save_word.html": {"saved": "Saved", "saved_at": "10:42"},
        "search_box.html": {"action": "/search/", "label": "Search", "hint": "A number", "large": True},
        "shortcut_help.html": {"of": "case", "actions": [{"key": "e", "label": "Forward"}]},
        "signatures.html": {"file": FILE, "warns": True},
        "carried_files.html": {"file": FILE},
        "site_tags.html": {"identity": identity},
        "change_side.html": {"row": {"value": "Now"}},
        "changes.html": {"changes": [CHANGE]},
        "moved_facts.html": {"title": "Moved", "text": "Since then", "changes": [CHANGE]},
        "rounds.html": {
            "rounds": [
                {
                    "number": 1,
                    "received_on": date(2026, 11, 2),
                    "outcome": "rejection",
                    "outcome_label": "Not approved",
                    "decided_at": datetime(2026, 11, 9, tzinfo=UTC),
                    "submissions": [
                        {
                            "is_supplement": True,
                            "revision_number": 2,
                            "at": datetime(2026, 11, 3, tzinfo=UTC),
                            "explanation": "A",
                            "opened": ["Service"],
                        }
                    ],
                    "askings": [
                        {
                            "at": datetime(2026, 11, 3, tzinfo=UTC),
                            "answer_by": date(2026, 11, 6),
                            "points": [REASON],
                        }
                    ],
                    "reasons": [REASON],
                }
            ]
        },
        "reason.html": {"reason": REASON},
        "answer_by.html": {"asked": {"answer_by": date(2026, 11, 6), "provisional": False, "days_left": 3}},
        "start_instead.html": {"is_start_instead": True},
        "status_badge.html": {"state": "in_force", "label": "In force"},
        "step_list.html": {
            "steps": [
                {"label": "A", "state": "complete", "url": "/a/"},
                {
                    "label": "B",
                    "state": "incomplete",
                    "detail": "2 points still to mend",
                    "url": "/b/",
                    "current": True,
                },
                {"label": "C", "state": "in_progress", "done": 3, "total": 7, "url": "/c/"},
                {"label": "D", "state": "not_started"},
            ]
        },
        "timeline.html": {
            "entries": [
                {"title": "Submitted", "at": datetime(2026, 11, 2, tzinfo=UTC), "by": "Sample Person"},
                {
                    "title": "Due",
                    "on": date(2026, 11, 30),
                    "tone": "ahead",
                    "text": "A\nB",
                    "url": "/",
                    "link": "See",
                },
            ]
        },
        "touched_filings.html": {
            "filings": [
                {"service_name": "Sample Service", "number": "京网信备11010819000000001001X号"},
                {"service_name": "Second Sample Service", "number": None},
            ]
        },
        "upload.html": {
            "action": "/up/",
            "slot": "licence",
            "label": "Licence",
            "list_id": "files",
            "errors": ["No."],
        },
        "versions.html": {
            "versions": [
                ShownVersion(2, datetime(2026, 11, 3, tzinfo=UTC), "Sample Person", ""),
                ShownVersion(1, datetime(2026, 11, 2, tzinfo=UTC), "Sample Person", "A\nB", "Title", "Text"),
            ],
            "language": "en",
        },
    }
