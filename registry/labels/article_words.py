"""Words of the office's articles: their columns, how far they are, and what was done with them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from registry.rules.articles import ArticleAct, ArticleKind, ArticleState

ARTICLE_KINDS: Mapping[ArticleKind, Promise] = {
    ArticleKind.NEWS: gettext_lazy("News and notices"),
    ArticleKind.POLICY: gettext_lazy("Policies and rules"),
}

ARTICLE_ACTS: Mapping[ArticleAct, Promise] = {
    ArticleAct.DRAFT: pgettext_lazy("act on an article", "Draft saved"),
    ArticleAct.PUBLISH: pgettext_lazy("act on an article", "Published"),
    ArticleAct.WITHDRAW: pgettext_lazy("act on an article", "Withdrawn"),
}

ARTICLE_STATES: Mapping[ArticleState, Promise] = {
    ArticleState.DRAFT: pgettext_lazy("state of an article", "Draft"),
    ArticleState.WAITING: pgettext_lazy("state of an article", "Waits for its moment"),
    ArticleState.PUBLISHED: pgettext_lazy("state of an article", "Published"),
    ArticleState.REDRAFTED: pgettext_lazy("state of an article", "Published, new text in draft"),
    ArticleState.WITHDRAWN: pgettext_lazy("state of an article", "Withdrawn"),
}

ARTICLE_REFUSALS: Mapping[str, Promise] = {
    "article_saved_meanwhile": gettext_lazy(
        "Somebody else has changed this article since you opened the page. What you see now is the new state."
    ),
    "article_withdrawn": gettext_lazy("This article is withdrawn. Write a new one."),
    "article_not_a_draft": gettext_lazy("There is no new text to publish."),
    "article_own_text": gettext_lazy("You wrote this text. Another person has to read and publish it."),
    "article_moment_passed": gettext_lazy("This moment is over. Set one in the future."),
}
