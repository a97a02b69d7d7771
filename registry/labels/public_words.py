"""The words of the public columns, on the record page, in the public history and on papers."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.labels import particulars as words
from registry.rules.particulars.public import PublicColumn

# Of the columns that are taken from no single particular.
COLUMN_LABELS: Mapping[str, Promise] = {
    "number": _("Filing number"),
    "province_code": _("Province"),
    "service_types": _("Types of service"),
    "main_chains": _("Main chains"),
    "standing": _("Standing"),
    "numbered_on": _("Filed on"),
    "changed_on": _("Last changed on"),
    "ends_on": _("Service ends on"),
    "cancelled_on": _("Cancelled on"),
    "struck_off_on": _("Struck off on"),
    "end_ground": _("Ground of the striking off"),
    "end_basis": _("Legal basis of the striking off"),
    "successor_number": _("The service goes on under"),
    "predecessor_numbers": _("Follows the filing"),
    "batch": _("Batch list"),
    "ending_list": _("List of endings"),
    "is_imported": _("Taken over from an earlier batch list"),
}


def column_label(column: PublicColumn) -> Promise:
    """The label of a public column: its own, or that of the particular it is taken from."""
    return words.label_of(column.key) if column.key else COLUMN_LABELS[column.name]
