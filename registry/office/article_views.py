"""The office's pages of its articles: list, one article with preview and history, writing, publishing, withdrawing."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registry import clock
from registry.errors import OutOfDate
from registry.labels.article_words import ARTICLE_ACTS, ARTICLE_KINDS, ARTICLE_REFUSALS, ARTICLE_STATES
from registry.labels.date_format import moment
from registry.models import Account, ArticleVersion
from registry.office import articles
from registry.office.article_forms import ArticleForm, NewArticleForm, PublicationForm, WithdrawalForm
from registry.office.articles import ArticleActRefused
from registry.presentation.kept_forms import forget_form, kept_form, sent_or_kept
from registry.presentation.posted import posted_version
from registry.publication.articles import first_public_at
from registry.rules.articles import ArticleAct, ArticleKind, ArticleState, blocks_of

_TONES = {
    ArticleState.DRAFT: "open",
    ArticleState.WAITING: "waiting",
    ArticleState.PUBLISHED: "good",
    ArticleState.REDRAFTED: "working",
    ArticleState.WITHDRAWN: "ended",
}
_form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    """Every article, the one changed last first."""
    rows = [
        {
            "version": kept.newest,
            "kind": ARTICLE_KINDS[ArticleKind(kept.newest.article.kind)],
            "state": kept.state,
            "state_label": ARTICLE_STATES[kept.state],
            "tone": _TONES[kept.state],
        }
        for kept in articles.kept_articles(at=clock.now())
    ]
    return render(request, "office/articles.html", {"rows": rows})


@_form_page
def article_add(request: HttpRequest) -> HttpResponse:
    """Writes the first draft of an article, with a preview."""
    kept = kept_form(request) if request.method == "GET" else None
    form = NewArticleForm(_posted(request), initial=kept.dict() if kept else None)
    if request.method == "POST" and form.is_valid() and request.POST.get("act") == "save":
        article = articles.begin_article(
            ArticleKind(form.cleaned_data["kind"]), form.content, by=_author(request), at=clock.now()
        )
        forget_form(request)
        messages.success(request, _("The draft is saved. Another person publishes it."))
        return redirect("office:article", article.pk)
    return _edit_page(request, form, is_restored=kept is not None)


@_form_page
def article_edit(request: HttpRequest, number: int) -> HttpResponse:
    """Writes the next draft of an article, with a preview; what is public stays until the draft is published."""
    newest = articles.versions_of(number)[0]
    given = {"title": newest.title, "source": newest.source, "text": newest.text}
    kept = kept_form(request) if request.method == "GET" else None
    form = ArticleForm(_posted(request), initial=kept.dict() if kept else given)
    if request.method == "POST" and form.is_valid() and request.POST.get("act") == "save":
        seen = posted_version(request.POST.get("version"))
        try:
            articles.save_draft(number, form.content, seen_version=seen, by=_author(request), at=clock.now())
        except (OutOfDate, ArticleActRefused) as refusal:
            return _edit_page(request, form, newest=newest, refusal=refusal)
        forget_form(request)
        messages.success(request, _("The draft is saved. Another person publishes it."))
        return redirect("office:article", number)
    return _edit_page(request, form, newest=newest, is_restored=kept is not None)


def _edit_page(
    request: HttpRequest,
    form: ArticleForm,
    *,
    newest: ArticleVersion | None = None,
    refusal: OutOfDate | ArticleActRefused | None = None,
    is_restored: bool = False,
) -> HttpResponse:
    title = _("Write an article") if newest is None else _("Edit the article")
    status = HTTPStatus.OK
    if refusal is not None:
        status = HTTPStatus.CONFLICT
    elif form.is_bound and not form.is_valid():
        status = HTTPStatus.BAD_REQUEST
    context = {
        "form": form,
        "title": title,
        "newest": newest,
        "version": _version_seen(request, newest, is_refused=refusal is not None),
        "back_url": reverse("office:article", args=[newest.article_id])
        if newest
        else reverse("office:articles"),
        "preview": form.content if form.is_bound and form.is_valid() else None,
        "blocks": blocks_of(form.content.text) if form.is_bound and form.is_valid() else (),
        "refusal": ARTICLE_REFUSALS[refusal.code] if refusal is not None else "",
        "is_restored": is_restored,
        "crumbs": _crumbs(title, newest),
    }
    return render(request, "office/article_edit.html", context, status=status)


def _version_seen(request: HttpRequest, newest: ArticleVersion | None, *, is_refused: bool) -> int:
    """The version that the typed text goes on from: a preview keeps it, a refusal has shown the newest one."""
    if request.method == "POST" and not is_refused:
        return posted_version(request.POST.get("version"))
    return newest.version if newest is not None else 0


@require_safe
def article(request: HttpRequest, number: int) -> HttpResponse:
    """One article as it would look, what can be done with it, and every version."""
    return _article_page(request, number)


@require_POST
def article_publish(request: HttpRequest, number: int) -> HttpResponse:
    """Publishes the draft that the page showed."""
    form = PublicationForm(request.POST)
    if not form.is_valid():
        return _article_page(request, number, publication=form, status=HTTPStatus.BAD_REQUEST)
    public_from = form.cleaned_data["public_from"]
    try:
        articles.publish(
            number,
            seen_version=posted_version(request.POST.get("version")),
            public_from=public_from,
            by=_author(request),
            at=clock.now(),
        )
    except (OutOfDate, ArticleActRefused) as refusal:
        return _article_page(request, number, publication=form, refusal=refusal, status=HTTPStatus.CONFLICT)
    if public_from is None:
        messages.success(request, _("The article is published."))
    else:
        messages.success(
            request, _("The article will be public from %(moment)s on.") % {"moment": moment(public_from)}
        )
    return redirect("office:article", number)


@require_http_methods(["GET", "HEAD", "POST"])
def article_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraws an article for good, or drops a draft; a reason that was kept is shown on the article's page."""
    form, is_restored = sent_or_kept(request, WithdrawalForm)
    if is_restored:
        return _article_page(request, number, withdrawal=form, is_restored=True)
    if request.method != "POST":
        return redirect("office:article", number)
    if not form.is_valid():
        return _article_page(request, number, withdrawal=form, status=HTTPStatus.BAD_REQUEST)
    try:
        articles.withdraw(
            number,
            seen_version=posted_version(request.POST.get("version")),
            reason=form.cleaned_data["reason"],
            by=_author(request),
            at=clock.now(),
        )
    except (OutOfDate, ArticleActRefused) as refusal:
        return _article_page(request, number, withdrawal=form, refusal=refusal, status=HTTPStatus.CONFLICT)
    forget_form(request)
    messages.success(request, _("The article is withdrawn."))
    return redirect("office:article", number)


def _article_page(
    request: HttpRequest,
    number: int,
    *,
    publication: PublicationForm | None = None,
    withdrawal: WithdrawalForm | None = None,
    refusal: OutOfDate | ArticleActRefused | None = None,
    is_restored: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    at = clock.now()
    versions = articles.versions_of(number)
    newest = versions[0]
    is_public = first_public_at(number, at=at) is not None
    state = articles.state_of(newest, is_public=is_public, at=at)
    is_draft = newest.act == ArticleAct.DRAFT
    is_own = newest.changed_by_id == _author(request).pk
    context = {
        "newest": newest,
        "kind": ARTICLE_KINDS[ArticleKind(newest.article.kind)],
        "blocks": blocks_of(newest.text),
        "state": state,
        "state_label": ARTICLE_STATES[state],
        "tone": _TONES[state],
        "is_public": is_public,
        "is_withdrawn": state is ArticleState.WITHDRAWN,
        "is_own": is_draft and is_own,
        "publication": (publication or PublicationForm()) if is_draft and not is_own else None,
        "withdrawal": withdrawal or WithdrawalForm(),
        "is_restored": is_restored,
        "failed": publication if publication is not None and publication.errors else withdrawal,
        "versions": [{"version": each, "act": ARTICLE_ACTS[ArticleAct(each.act)]} for each in versions],
        "refusal": ARTICLE_REFUSALS[refusal.code] if refusal is not None else "",
        "crumbs": _crumbs(newest.title),
    }
    return render(request, "office/article.html", context, status=status)


def _crumbs(label: str, newest: ArticleVersion | None = None) -> list[dict[str, str]]:
    crumbs = [{"url": reverse("office:articles"), "label": _("News and policies")}]
    if newest is not None:
        crumbs.append({"url": reverse("office:article", args=[newest.article_id]), "label": newest.title})
    return [*crumbs, {"url": "", "label": label}]


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _author(request: HttpRequest) -> Account:
    return cast(Account, request.user)
