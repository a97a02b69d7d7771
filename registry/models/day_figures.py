"""What happened on the days that are over, counted once for the offices' figures. Can be thrown away and made anew."""

from __future__ import annotations

from django.db import models


class _Figure(models.Model):
    """One figure of a province; `name` and `of` say of what (`registry.statistics.daily`).

    `count` are cases, `late` those of them that were late; `working_days` is their sum and `longest` the most of one.
    """

    province_code = models.CharField(max_length=6)
    name = models.CharField(max_length=10)
    of = models.CharField(max_length=20, blank=True, default="")
    count = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    working_days = models.PositiveIntegerField(default=0)
    longest = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class DayFigure(_Figure):
    """A figure on a day in China."""

    day = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("day", "province_code", "name", "of"), name="day_figure_counted_once"
            ),
        )
        indexes = (models.Index(fields=("province_code", "day"), name="day_figure_of_province"),)

    def __str__(self) -> str:
        return f"{self.day} {self.province_code} {self.name} {self.of}: {self.count}"


class MonthFigure(_Figure):
    """The sum of a month's kept days; `month` is its first day."""

    month = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("month", "province_code", "name", "of"), name="month_figure_summed_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.province_code} {self.name} {self.of}: {self.count}"


class CountedDays(models.Model):
    """Up to which day, inclusive, the figures are counted, and by which calendar; one row, or none.

    The months are summed as far as `summed_until`: they are used where that is the same day.
    """

    until = models.DateField()
    calendar_version = models.CharField(max_length=200)
    summed_until = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.until} {self.calendar_version}"
