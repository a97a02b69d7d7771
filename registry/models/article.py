"""Articles of the office (news and policies), version by version."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models

from registry.rules.articles import (
    LONGEST_SOURCE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    ArticleAct,
    ArticleKind,
)
from registry.rules.substance import LONGEST_REASON


class Article(models.Model):
    """One article, by the number that its address has. What it says are its versions."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in ArticleKind])

    class Meta:
        triggers = (
            pgtrigger.Protect(name="article_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ArticleVersion(models.Model):
    """One version of an article: its whole text, and the act that made it. Versions are only ever added.

    `public_from` is the moment from which a publication or a withdrawal holds, unless another version is made before
    it. `published_at` is the moment from which the article was public at first, empty while it is a draft. `reason`
    says why the article was withdrawn. `search_form` is what the search of the site looks in.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    act = models.CharField(max_length=8, choices=[(act.value, act.value) for act in ArticleAct])
    title = models.CharField(max_length=LONGEST_TITLE)
    source = models.CharField(max_length=LONGEST_SOURCE)
    text = models.TextField(max_length=LONGEST_TEXT)
    search_form = models.TextField()
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")
    public_from = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("article", "version"), name="article_version"),
            models.CheckConstraint(
                condition=models.Q(act=ArticleAct.DRAFT.value, public_from__isnull=True)
                | (~models.Q(act=ArticleAct.DRAFT.value) & models.Q(public_from__isnull=False)),
                name="article_version_holds_from",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="article_version_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )

    def __str__(self) -> str:
        return f"{self.article_id} {self.version} {self.act}"
