"""Template tags of the desk."""

from collections.abc import Iterable
from typing import Literal

from django import template
from django.forms import BoundField
from django.template import RequestContext
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.moderation.differences import Passage
from cms.moderation.forms import DecisionForm, VerdictForm
from cms.moderation.forms import error_id as _error_id
from cms.moderation.permissions import reviewed_kinds
from cms.moderation.record import Answer

register = template.Library()
# Keys that work on a record while no text is being written; see `moderation/desk.js`.
_SHORTCUTS = (
    (gettext_lazy("Respuesta siguiente"), "n"),
    (gettext_lazy("Respuesta anterior"), "p"),
    (gettext_lazy("Observar la respuesta en que estás"), "o"),
    (gettext_lazy("Devolver el envío (pregunta antes)"), "Ctrl + Alt + d"),
    (gettext_lazy("Aprobar el envío (pregunta antes)"), "Ctrl + Alt + a"),
)


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
    """A text with its changed words marked, also for screen readers; the rest is escaped."""
    return format_html_join("", "{}", ((_mark(passage, tag),) for passage in passages))


@register.simple_tag
def verdict_of(form: DecisionForm, answer: Answer) -> VerdictForm | None:
    """The verdict form of an answer; None where nothing was sent."""
    return form.verdicts.get(answer.question.key)


@register.simple_tag
def error_id(field: BoundField) -> str:
    """The id of the element that holds the error of a field."""
    return _error_id(field)


@register.simple_tag(takes_context=True)
def desk_shortcuts(context: RequestContext) -> tuple[tuple[Promise, str], ...]:
    """The keys of the desk, for Wagtail's list under «?»; none for those who do not review."""
    # In a template that another tag renders, the request is an attribute of the context.
    request = getattr(context, "request", None)
    return _SHORTCUTS if request is not None and reviewed_kinds(request.user) else ()
