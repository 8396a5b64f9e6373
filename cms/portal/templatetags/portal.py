"""Tags and filters of public pages: icons, actors, portraits, words that agree in gender."""

from collections.abc import Sized
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cms.catalogs.models import ActorKind, CandidacyState, PoliticalActor, TerritoryKind
from cms.catalogs.public_paths import MUNICIPALITY
from cms.portal import colours, portraits
from cms.portal.ballot import anchor_of
from cms.published.models import PublishedCandidacy

register = template.Library()

_SMALL_WORDS = {"de", "del", "la", "las", "los", "y"}
_PARTY_SPELLING = {"MORENA": "Morena"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; the words beside it say what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def actor_colours() -> str:
    """The address of the style sheet with the colours of political actors."""
    return colours.address()


@register.inclusion_tag("components/actor_mark.html")
def actor_mark(actor: PoliticalActor, name: str = "") -> dict[str, Any]:
    """The actor's letters with its colours as an edge; `name` is "shown", "hidden" or nothing."""
    acronyms = actor.members or ([actor.acronym] if actor.acronym else [])
    if actor.kind == ActorKind.INDEPENDENT:
        parties = [{"class": "actor-ci", "label": "Independiente"}]
    else:
        parties = [
            {"class": f"actor-{acronym.lower()}", "label": _PARTY_SPELLING.get(acronym, acronym)}
            for acronym in acronyms
        ]
    alone = actor.kind == ActorKind.INDEPENDENT
    return {"parties": parties, "name": "" if alone else actor.name, "mode": name}


def monogram_of(name: str) -> str:
    """Two initials: the first given name's and the first surname's."""
    words = [word for word in name.split() if word.lower() not in _SMALL_WORDS]
    if not words:
        return ""
    second = words[-2] if len(words) > 2 else words[-1]
    return (words[0][0] + (second[0] if len(words) > 1 else "")).upper()


@register.filter
def photograph_in_words(row: PublishedCandidacy) -> str:
    """The description of the photograph; without one, whose photograph it is."""
    return row.photo_alt or f"Fotografía de {row.name}"


@register.simple_tag
def portrait(row: PublishedCandidacy, size: str = "", described: bool = False) -> SafeString:
    """The photograph, or a monogram of the same size. `size` is "s", "l" or nothing."""
    if row.photo:
        alternative = photograph_in_words(row) if described else ""
        inside = portraits.portrait(row, size=size, alternative=alternative)
    else:
        inside = format_html(
            '<span class="monogram" aria-hidden="true">{}</span>', monogram_of(row.name)
        )
    modifier = f" portrait--{size}" if size else ""
    return format_html('<span class="portrait{}">{}</span>', modifier, inside)


def _gendered(row: PublishedCandidacy, woman: str, man: str, other: str) -> str:
    return {"mujer": woman, "hombre": man}.get(row.sex, other)


@register.filter
def holder(row: PublishedCandidacy) -> str:
    """«Propietaria», «Propietario» or «Suplente», in the person's own gender."""
    if row.seat_kind == "suplente":
        return "Suplente"
    return _gendered(row, "Propietaria", "Propietario", "Titular")


@register.filter
def stands_as(row: PublishedCandidacy) -> str:
    """«Candidata propietaria», «Candidato suplente», «Candidatura propietaria»."""
    noun = _gendered(row, "Candidata", "Candidato", "Candidatura")
    if row.seat_kind == "suplente":
        return f"{noun} suplente"
    return f"{noun} {_gendered(row, 'propietaria', 'propietario', 'propietaria')}"


@register.filter
def no_longer(row: PublishedCandidacy) -> str:
    """«Ya no es candidata»."""
    return _gendered(row, "Ya no es candidata", "Ya no es candidato", "Ya no es candidatura")


@register.filter
def seat(row: PublishedCandidacy) -> str:
    """«a la regiduría 4», «a la presidencia municipal»."""
    number = "" if row.list_number is None or row.list_number > 99 else f" {row.list_number}"
    principle = f" de {row.get_principle_display()}" if row.principle in {"rp", "pm"} else ""
    return f"{row.office.target}{number}{principle}"


@register.filter
def contest(row: PublishedCandidacy) -> str:
    """«por la presidencia municipal»: the office for which somebody competes."""
    target = seat(row)
    return f"por el {target[3:]}" if target.startswith("al ") else f"por {target[2:]}"


_CONNECTIVES = {
    TerritoryKind.DISTRICT.value: "por el",
    TerritoryKind.CONSTITUENCY.value: "por la",
}


@register.filter
def of_territory(row: PublishedCandidacy) -> str:
    """«de San Pedro», «por el distrito 21»."""
    connective = _CONNECTIVES.get(row.territory.kind)
    name = row.territory.name
    return f"{connective} {name[0].lower()}{name[1:]}" if connective else f"de {name}"


@register.filter
def standing(row: PublishedCandidacy) -> str:
    """«Candidata propietaria a la regiduría 4 de San Pedro»; «Fue candidata…» when it ended."""
    words = stands_as(row)
    if row.state == CandidacyState.ENDED:
        words = f"Fue {words.lower()}"
    return f"{words} {seat(row)} {of_territory(row)}"


@register.simple_tag
def territory_link(row: PublishedCandidacy) -> SafeString:
    """`of_territory` with the municipality as a link."""
    if row.territory.kind != TerritoryKind.MUNICIPALITY:
        return format_html("{}", of_territory(row))
    return format_html(
        'de <a href="{}">{}</a>',
        MUNICIPALITY.path(row.territory.slug),
        row.territory.name,
    )


@register.simple_tag
def office_address(row: PublishedCandidacy) -> str:
    """The address of a candidacy's office on the ballot of its municipality."""
    address = MUNICIPALITY.path(row.territory.slug)
    return f"{address}#{anchor_of(row.office, row.principle)}"


@register.filter
def already_safe(html: str) -> SafeString:
    """Mark as safe what this project escaped: fragments with <mark> and sanitised bodies."""
    return mark_safe(html)  # noqa: S308


@register.filter
def cause_in_words(row: PublishedCandidacy) -> str:
    """Why a candidacy ended, as a sentence."""
    phrases = {
        "renuncia": "Renunció a la candidatura.",
        "cancelacion": "Su registro fue cancelado.",
        "fallecimiento": "Falleció.",
        "resolucion_judicial": "Una resolución judicial terminó la candidatura.",
    }
    return phrases.get(row.end_cause, "La candidatura terminó.")


@register.filter
def percent_of(part: int, whole: int) -> str:
    """«79.9 %» of a whole; nothing when there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else ""


@register.filter
def all_of_them(municipalities: Sized) -> str:
    """«Los 38 municipios»."""
    return {0: "Municipios", 1: "Un municipio"}.get(
        len(municipalities), f"Los {len(municipalities)} municipios"
    )


@register.filter
def introducing(label: str) -> str:
    """A label before its value: «Correo:», but «¿Cuál es su primera propuesta?»."""
    return label if label[-1:] in "?.:" else f"{label}:"


@register.filter
def web_text(value: str) -> str:
    """A web address without its scheme, as people read it."""
    return value.split("://", 1)[-1].rstrip("/")


@register.filter
def phone(value: str) -> str:
    """Ten digits in groups: 844 000 0000."""
    if len(value) == 10 and value.isdigit():
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    return value
