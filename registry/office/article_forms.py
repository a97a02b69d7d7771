"""The forms of the office's articles."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy

from registry import clock
from registry.labels.article_words import ARTICLE_KINDS, ARTICLE_REFUSALS
from registry.office.articles import Content
from registry.presentation.text_fields import LineField, ProseField, ReasonField
from registry.rules.articles import LONGEST_SOURCE, LONGEST_TEXT, LONGEST_TITLE
from registry.rules.substance import LONGEST_REASON

_CHINESE = {"lang": "zh-Hans"}
_MOMENT_FORMAT = "%Y-%m-%dT%H:%M"


class ArticleForm(forms.Form):
    """What an article says."""

    title = LineField(
        label=gettext_lazy("Title (in Chinese)"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs=_CHINESE),
    )
    source = LineField(
        label=gettext_lazy("Source (in Chinese)"),
        max_length=LONGEST_SOURCE,
        help_text=gettext_lazy("The office that issued it, as it is to be named."),
        widget=forms.TextInput(attrs=_CHINESE),
    )
    text = ProseField(
        label=gettext_lazy("Text (in Chinese)"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy(
            "Leave a blank line between paragraphs. A line that begins with “## ” is a heading, with “- ” or “1. ” an "
            "item of a list, with “|” a row of a table. [Words](address) and bare web addresses become links."
        ),
        widget=forms.Textarea(attrs={"rows": 20} | _CHINESE),
    )

    @property
    def content(self) -> Content:
        """What a valid form says."""
        data = self.cleaned_data
        return Content(title=data["title"], source=data["source"], text=data["text"])


class NewArticleForm(ArticleForm):
    """A new article, with the column it stands in."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Column"),
        choices=[(kind.value, label) for kind, label in ARTICLE_KINDS.items()],
        widget=forms.RadioSelect,
    )

    field_order = ("kind", "title", "source", "text")


class PublicationForm(forms.Form):
    """When an article is to be public."""

    public_from = forms.DateTimeField(
        label=gettext_lazy("Public from, China time (UTC+8)"),
        required=False,
        input_formats=[_MOMENT_FORMAT, "%Y-%m-%d %H:%M"],
        help_text=gettext_lazy("Left empty, it is public at once. A text saved before that moment stops it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT_FORMAT),
    )

    def clean_public_from(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["public_from"]
        if moment is not None and moment <= clock.now():
            raise forms.ValidationError(str(ARTICLE_REFUSALS["article_moment_passed"]))
        return moment


class WithdrawalForm(forms.Form):
    """Why an article is withdrawn."""

    reason = ReasonField(
        label=gettext_lazy("Reason (in Chinese)"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("Shown to everybody at the article's address."),
        widget=forms.TextInput(attrs=_CHINESE),
    )
