"""Who worked on a case: the officers who claimed it or acted on it, kept when the case has left the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F, Func, JSONField, Q

from registry.models import Account, Application
from registry.rules.workflow.states import OFFICERS, PROVINCE
from review.access import Office, office_of
from review.models import CaseWork

_OFFICER_ROLES = sorted(role.value for role in OFFICERS)
_PROVINCIAL_ROLES = sorted(role.value for role in PROVINCE)


def note_work(*applications: Application, officer: Account, at: datetime) -> None:
    """Records that the officer works on these cases now, in one statement."""
    CaseWork.objects.bulk_create(
        [
            CaseWork(
                application=each,
                applicant_id=each.applicant_id,
                province_code=each.province_code,
                officer=officer,
                first_at=at,
                last_at=at,
            )
            for each in applications
        ],
        update_conflicts=True,
        unique_fields=["officer", "application"],
        update_fields=["last_at"],
    )


def officers_known_to(officer: Account) -> Q:
    """The condition of accounts whose work this officer sees: at a province its own officers, else all of them.

    Those who have left are among them: a case stays one that they worked on.
    """
    return Q(**{f"{column}__in": values for column, values in _known_to(officer).items()})


def _known_to(officer: Account) -> dict[str, list[str]]:
    """By column of an account, the values of those whose work this officer sees."""
    if office_of(officer) is Office.PROVINCE:
        return {"role": _PROVINCIAL_ROLES, "province_code": [officer.province_code]}
    return {"role": _OFFICER_ROLES}


class NamesOfWorkers(Func):
    """The names of those who worked on a case, as a list in the order in which they began; None where nobody did.

    Of an application in a query, as far as the officer sees them: the names come with the cases in one statement. Its
    SQL is written by hand: Django takes as long to write it as the database to find a case by its number.
    """

    output_field = JSONField()
    _GATHERED = {"postgresql": "jsonb_agg(names.name)", "sqlite": "json_group_array(names.name)"}

    def __init__(self, officer: Account) -> None:
        super().__init__(F("id"))
        self._known = _known_to(officer)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """A statement that gathers the one column of another."""
        application, values = compiler.compile(self.source_expressions[0])
        conditions = [f"work.application_id = {application}"]
        values = [*values]
        for column, known in self._known.items():
            conditions.append(f"officer.{column} IN ({', '.join(['%s'] * len(known))})")
            values += known
        # Nothing but constants and columns stand in the text.
        sql = (
            f"(SELECT {self._GATHERED[connection.vendor]} FROM (SELECT officer.name FROM review_casework AS work"  # noqa: S608  # nosec B608
            " JOIN registry_account AS officer ON officer.id = work.officer_id"
            f" WHERE {' AND '.join(conditions)} ORDER BY work.first_at, work.id) AS names)"
        )
        return sql, values
