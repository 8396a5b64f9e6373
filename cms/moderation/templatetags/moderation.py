"""How the desk shows a comparison."""

from collections.abc import Iterable
from typing import Literal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cms.moderation.differences import Passage
from cms.moderation.forms import DecisionForm, VerdictForm
from cms.moderation.record import Answer

register = template.Library()


def _mark(passage: Passage, tag: str) -> SafeString:
    if not passage.changed:
        return format_html("{}", passage.text)
    before, after = (
        (_("se quita:"), _("fin de lo que se quita"))
        if tag == "del"
        else (_("texto nuevo:"), _("fin del texto nuevo"))
    )
    spoken = '<span class="w-sr-only"> [{}] </span>'
    pattern = f"<{tag}>{spoken}{{}}{spoken}</{tag}>"
    return format_html(pattern, before, passage.text, after)


@register.filter
def marked(passages: Iterable[Passage], tag: Literal["ins", "del"]) -> SafeString:
    """A text whose changed words are marked to the eye and to the ear; nothing else is markup."""
    return format_html_join("", "{}", ((_mark(passage, tag),) for passage in passages))


@register.simple_tag
def verdict_of(form: DecisionForm, answer: Answer) -> VerdictForm | None:
    """The controls of one answer; none where nothing was sent."""
    return form.verdicts.get(answer.question.key)
