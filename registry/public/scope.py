"""The words of "do I need to file?": questions, answers and results (Art. 2)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.rules.scope import Assessment, ScopeQuestion, ScopeResult, choices_of

QUESTIONS: Mapping[ScopeQuestion, tuple[Promise, Promise]] = {
    ScopeQuestion.BLOCKCHAIN: (
        _("Is the service built on blockchain technology or systems?"),
        _("On your own chain or on somebody else's; public, consortium or private."),
    ),
    ScopeQuestion.PUBLIC: (
        _("Does the service provide information to the public?"),
        _("A system that only your own staff can reach serves no public. Customers who sign up are public."),
    ),
    ScopeQuestion.CHANNEL: (
        _("Is it provided by a website, an app, or a similar form?"),
        _("Mini-programs, application interfaces and nodes count as well."),
    ),
    ScopeQuestion.TERRITORY: (
        _("Is the service provided within the territory of China?"),
        _("It counts where the service is offered, not where the servers stand."),
    ),
    ScopeQuestion.ROLE: (
        _("What is your part in the service?"),
        _("Whoever supports a service technically is a provider, too."),
    ),
}
_ANSWERS: Mapping[str, Promise] = {
    "yes": _("Yes"),
    "no": _("No"),
    "entity": _("I run it: it is offered in my name"),
    "node": _("I run a node that provides it"),
    "technical_support": _("My organisation supports it technically"),
    "none": _("None of these: I only use it"),
}
_BECAUSE: Mapping[ScopeQuestion, Promise] = {
    ScopeQuestion.BLOCKCHAIN: _("The filing duty is for services built on blockchain technology or systems."),
    ScopeQuestion.PUBLIC: _("The filing duty is for services that provide information to the public."),
    ScopeQuestion.CHANNEL: _("The filing duty is for services provided by website, app and the like."),
    ScopeQuestion.TERRITORY: _("The filing duty is for services provided within the territory of China."),
    ScopeQuestion.ROLE: _(
        "The duty lies with whoever provides the service or supports it, not with its users."
    ),
}


def question_context(assessment: Assessment) -> dict[str, object]:
    """The context of the page with the next question, or with the result."""
    answered = [
        {
            "name": question.value,
            "value": answer,
            "question": QUESTIONS[question][0],
            "answer": _ANSWERS[answer],
        }
        for question, answer in assessment.answered
    ]
    context: dict[str, object] = {"answered": answered, "number": len(answered) + 1, "of": len(ScopeQuestion)}
    question = assessment.next_question
    if question is not None:
        title, hint = QUESTIONS[question]
        options = [{"value": code, "label": _ANSWERS[code]} for code in choices_of(question)]
        return {
            **context,
            "question": {"name": question.value, "title": title, "hint": hint, "options": options},
        }
    because = _BECAUSE[assessment.decided_by] if assessment.decided_by is not None else ""
    return {**context, "must_file": assessment.result is ScopeResult.MUST_FILE, "because": because}
