"""What the states and acts of an objection (疑议) are called, on pages and in its history."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from registry.rules.objections.lifecycle import ObjectionAct, ObjectionState, ObjectionWay

OBJECTION_STATES: Mapping[ObjectionState, Promise] = {
    ObjectionState.RECEIVED: pgettext_lazy("state of an objection", "Received"),
    ObjectionState.NOT_ADMITTED: pgettext_lazy("state of an objection", "Not admitted"),
    ObjectionState.ADMITTED: pgettext_lazy("state of an objection", "Admitted"),
    ObjectionState.WITH_APPLICANT: pgettext_lazy("state of an objection", "Applicant asked for a statement"),
    ObjectionState.UPHOLDING_PROPOSED: pgettext_lazy("state of an objection", "Proposed: uphold"),
    ObjectionState.DISMISSAL_PROPOSED: pgettext_lazy("state of an objection", "Proposed: dismiss"),
    ObjectionState.UPHELD: pgettext_lazy("state of an objection", "Upheld"),
    ObjectionState.DISMISSED: pgettext_lazy("state of an objection", "Dismissed"),
    ObjectionState.WITHDRAWN: pgettext_lazy("state of an objection", "Withdrawn"),
}

OBJECTION_ACTS: Mapping[ObjectionAct, Promise] = {
    ObjectionAct.RECEIVE: pgettext_lazy("event of an objection", "Objection received"),
    ObjectionAct.ADMIT: pgettext_lazy("event of an objection", "Objection admitted"),
    ObjectionAct.REFUSE: pgettext_lazy("event of an objection", "Objection not admitted"),
    ObjectionAct.SEND: pgettext_lazy("event of an objection", "Applicant asked for a statement"),
    ObjectionAct.ANSWER: pgettext_lazy("event of an objection", "Statement of the applicant received"),
    ObjectionAct.PROPOSE_UPHOLDING: pgettext_lazy(
        "event of an objection", "Proposed to uphold the objection"
    ),
    ObjectionAct.PROPOSE_DISMISSAL: pgettext_lazy(
        "event of an objection", "Proposed to dismiss the objection"
    ),
    ObjectionAct.SEND_BACK: pgettext_lazy("event of an objection", "Proposal on an objection sent back"),
    ObjectionAct.EXTEND: pgettext_lazy("event of an objection", "Time to decide extended"),
    ObjectionAct.UPHOLD: pgettext_lazy("event of an objection", "Objection upheld"),
    ObjectionAct.DISMISS: pgettext_lazy("event of an objection", "Objection dismissed"),
    ObjectionAct.WITHDRAW: pgettext_lazy("event of an objection", "Objection withdrawn"),
    ObjectionAct.REPLACE_FILE: pgettext_lazy(
        "event of an objection", "File that could not be read replaced by another"
    ),
}

OBJECTION_WAYS: Mapping[ObjectionWay, Promise] = {
    ObjectionWay.WEB: pgettext_lazy("how an objection came", "Through this site"),
    ObjectionWay.POST: pgettext_lazy("how an objection came", "By post"),
}
