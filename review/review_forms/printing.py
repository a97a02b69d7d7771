"""The review form (审批表): a case on one A4 page for the leader's signature, one or many at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from weasyprint.document import Document

from registry.documents.case_files import at_latest_event
from registry.documents.issuing import find, issue
from registry.documents.printing import laid_out, written
from registry.errors import RegisterIncomplete
from registry.models import Application, Event, IssuedDocument
from registry.rules.days.working_days import Calendar
from review.review_forms.content import ReviewForm, facts_of

# The font sizes of document.css, in decreasing order; at the last one every form fits.
_SIZES = 5
_KIND = IssuedDocument.Kind.REVIEW_FORM


def review_form(application: Application, *, calendar: Calendar) -> IssuedDocument:
    """The form of one case as of now, stored with its latest event. Raises StorageFull."""
    form, event = _form_of(application, calendar)
    return issue(_KIND, event, partial(print_forms, [form]), edition=form.edition)


def review_forms(applications: Iterable[Application], *, calendar: Calendar) -> bytes:
    """The forms of several cases as one document; each is also stored. Raises StorageFull."""
    forms = [_form_of(application, calendar) for application in applications]
    new: list[tuple[ReviewForm, Event, bytes]] = []
    with _laid_out([form for form, _event in forms]) as document:
        content = written(document)
        for (form, event), page in zip(forms, document.pages, strict=True):
            if find(_KIND, event, edition=form.edition) is None:
                new.append((form, event, written(document.copy([page]))))
    for form, event, page_content in new:
        issue(_KIND, event, lambda made=page_content: made, edition=form.edition)  # type: ignore[misc]
    return content


def print_forms(forms: Sequence[ReviewForm]) -> bytes:
    """The forms as PDF, each on one page."""
    with _laid_out(forms) as document:
        return written(document)


def _form_of(application: Application, calendar: Calendar) -> tuple[ReviewForm, Event]:
    row, event = at_latest_event(application)
    return facts_of(row, calendar=calendar), event


@contextmanager
def _laid_out(forms: Sequence[ReviewForm]) -> Iterator[Document]:
    """The laid-out document with one page per form; forms that do not fit are set smaller until they do."""
    sizes = [0] * len(forms)
    pending = list(range(len(forms)))
    while pending:
        with _pages([(forms[number], sizes[number]) for number in pending]) as document:
            too_long = [pending[place] for place in _too_long(document)]
            if not too_long and len(pending) == len(forms):
                yield document
                return
        if any(sizes[number] == _SIZES - 1 for number in too_long):
            raise RegisterIncomplete("review_form_too_long")
        for number in too_long:
            sizes[number] += 1
        pending = too_long
    with _pages(list(zip(forms, sizes, strict=True))) as document:
        yield document


def _pages(forms: Sequence[tuple[ReviewForm, int]]) -> AbstractContextManager[Document]:
    sized = [{"form": form, "size": size} for form, size in forms]
    return laid_out("documents/review_forms.html", {"forms": sized})


def _too_long(document: Document) -> list[int]:
    """The indexes of the forms that take more than one page; each page names the form it shows."""
    shown = Counter(name for page in document.pages for name in page.anchors)
    return [int(name.removeprefix("form-")) - 1 for name, pages in shown.items() if pages > 1]
