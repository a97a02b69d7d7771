"""The API's view of deadlines: a due day with its explanation, day by day."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry.calendar.current import current_calendar
from registry.calendar.explanations import explain_deadline
from registry.labels.calendar_words import reason_label
from registry.public.api import EVERY_VIEW, INVALID, PROBLEM_MEDIA, PublicView
from registry.public.serializers import DayField
from registry.rules.days.deadlines import ExplainedDay, Period, deadline
from registry.rules.days.working_days import DayReason
from registry.rules.errors import CalendarOutOfRange

PERIODS = [period.value for period in Period]
REASONS = [reason.value for reason in DayReason]


class DeadlineQuestionSerializer(serializers.Serializer[Any]):
    """What is asked."""

    period = serializers.ChoiceField(
        choices=PERIODS, help_text="What the deadline is for; a cancellation is counted backwards."
    )
    event_date = DayField(
        help_text="The day in China that starts the period; for a cancellation the day the service ends.",
    )


class DeadlineDaySerializer(serializers.Serializer[Any]):
    """One day of the period."""

    date = serializers.DateField(source="on")
    counted = serializers.BooleanField()
    number = serializers.IntegerField(allow_null=True, help_text="Its place among the counted days.")
    reason = serializers.ChoiceField(choices=REASONS)
    reason_text = serializers.SerializerMethodField(help_text="The reason in words.")
    provisional = serializers.BooleanField(help_text="Its year's holidays are not announced yet.")

    def get_reason_text(self, day: ExplainedDay) -> str:
        return str(reason_label(day.reason))


class DeadlineSerializer(serializers.Serializer[Any]):
    """A due day with its explanation."""

    period = serializers.ChoiceField(choices=PERIODS)
    event_date = serializers.DateField()
    due_date = serializers.DateField(help_text="The last day in time, until 24:00 China time.")
    provisional = serializers.BooleanField(
        help_text="A day of the period lies in a year whose holidays are not announced yet."
    )
    working_days = serializers.IntegerField()
    article = serializers.CharField(help_text="Of the Provisions, such as 12 or 11(3); or batch_list.")
    basis = serializers.CharField(help_text="The article as it is cited.")
    calendar_version = serializers.CharField(help_text="Which holiday notices it was computed with.")
    explanation = serializers.ListField(child=serializers.CharField(), help_text="Why it is this day.")
    days = DeadlineDaySerializer(many=True)


class DeadlinesView(PublicView):
    """One due day with its explanation."""

    @extend_schema(
        operation_id="compute_deadline",
        summary="Compute a due day",
        description=(
            "The last day of a period by the State Council's calendar, and for each day from the event to it "
            "whether it counts and why. Texts are in the language asked for."
        ),
        parameters=[DeadlineQuestionSerializer],
        responses={
            200: DeadlineSerializer,
            (400, PROBLEM_MEDIA): INVALID,
        }
        | EVERY_VIEW,
        tags=["deadlines"],
    )
    def get(self, request: Request) -> Response:
        asked = DeadlineQuestionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        calendar = current_calendar()
        try:
            found = deadline(
                Period(asked.validated_data["period"]), asked.validated_data["event_date"], calendar
            )
        except CalendarOutOfRange as refusal:
            message = _("The calendar knows the days from %(first_day)s to %(last_day)s.") % refusal.facts
            raise serializers.ValidationError({"event_date": [message]}) from None
        explanation = explain_deadline(found, calendar)
        body = {
            "period": found.period.value,
            "event_date": found.event_on,
            "due_date": found.due_on,
            "provisional": found.provisional,
            "working_days": found.working_days,
            "article": found.period.article,
            "basis": explanation.basis,
            "calendar_version": found.calendar_version,
            "explanation": explanation.sentences,
            "days": explanation.days,
        }
        return Response(DeadlineSerializer(body).data)
