"""Tags and filters of public pages: icons, actors, portraits, words that agree in gender."""

from collections.abc import Iterable, Sized
from functools import lru_cache
from html import escape

from django import template
from django.conf import settings
from django.template import Context, Engine
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cms.catalogs.models import ActorKind, CandidacyState, PoliticalActor, Process, TerritoryKind
from cms.catalogs.public_paths import MUNICIPALITY
from cms.portal import colours, municipality_markup, portraits
from cms.portal.ballot import Pair, anchor_of
from cms.portal.whole_process import PlaceWords, words_in
from cms.published import versions
from cms.published.by_version import RememberedByVersion
from cms.published.cards import Card, Shown
from cms.published.models import PublishedCandidacy
from cms.published.places import Place, Places

register = template.Library()

_parts: RememberedByVersion[tuple[object, ...], SafeString] = RememberedByVersion(
    1024 * 1024, lambda html: 4 * len(html)
)

_PARTY_SPELLING = {"MORENA": "Morena"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decorative icon; the words beside it say what it means."""
    return _icon(name, settings.STATIC_URL, settings.STORAGES["staticfiles"]["BACKEND"])


@lru_cache(maxsize=500)  # The address of a file does not change while the process lives.
def _icon(name: str, _folder: str, _storage: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def actor_colours() -> str:
    """The address of the style sheet with the colours of political actors."""
    return colours.address()


@register.simple_tag(takes_context=True)
def site_part(context: Context, name: str, section: str = "") -> SafeString:
    """A component that is the same on every page, or on those of a section, while SITE is."""
    with context.push(section=section):
        return part(name, section, context)


def part(name: str, section: str = "", context: Context | None = None) -> SafeString:
    """The same, for templates that are not Django's: without a context it shows no variable."""
    settings_read = (
        settings.SERVE_INTERNAL_SITE,
        settings.SERVE_PUBLIC_SITE,
        settings.PUBLIC_BASE_URL,
    )

    def render() -> SafeString:
        component = Engine.get_default().get_template(f"components/{name}.html")
        return component.render(context or Context())

    return _parts.get((name, section, *settings_read), (versions.SITE,), render)


def actor_mark(actor: PoliticalActor, name: str = "") -> SafeString:
    """The actor's letters with its colours as an edge; `name` is "shown", "hidden" or nothing."""
    if actor.kind == ActorKind.INDEPENDENT:
        return _mark((("actor-ci", "Independiente"),), "", name)
    acronyms = actor.members or ([actor.acronym] if actor.acronym else [])
    parties = tuple(
        (f"actor-{acronym.lower()}", _PARTY_SPELLING.get(acronym, acronym)) for acronym in acronyms
    )
    return _mark(parties, actor.name, name)


@lru_cache(maxsize=1000)
def _mark(parties: tuple[tuple[str, str], ...], name: str, mode: str) -> SafeString:
    letters = format_html_join("", '<span class="actor__party {}">{}</span>', parties)
    said = format_html('<span class="actor__name">{}</span>', name)
    if parties:
        is_said = [name] == [letters for _class, letters in parties]
        if not name or is_said or mode == "none":
            said = mark_safe("")
        elif mode != "shown":
            said = format_html('<span class="visually-hidden">, {}</span>', name)
        letters = format_html('<span class="actor__mark">{}</span>', letters)
    return format_html('<span class="actor">{}{}</span>', letters, said)


def photograph_in_words(row: Shown) -> str:
    """The description of the photograph; without one, whose photograph it is."""
    return row.photo_alt or f"Fotografía de {row.name}"


def portrait(row: Shown, size: str = "", described: bool = False) -> SafeString:
    """The photograph, or a monogram of the same size. `size` is "s", "l" or nothing."""
    return SafeString(portraits.portrait(row, size, photograph_in_words(row) if described else ""))


def _gendered(row: Shown, woman: str, man: str, other: str) -> str:
    return {"mujer": woman, "hombre": man}.get(row.sex, other)


def holder(row: Shown) -> str:
    """«Propietaria», «Propietario» or «Suplente», in the person's own gender."""
    if row.seat_kind == "suplente":
        return "Suplente"
    return _gendered(row, "Propietaria", "Propietario", "Titular")


def places(office: str, pairs: Iterable[Pair]) -> SafeString:
    """The items of a slate's list: each place, and its people. A ballot has more than fifty."""
    before = f'<li class="planilla__item"><p class="planilla__place"><b>{escape(office)}'
    return SafeString(
        "".join(
            [
                f"{before}{f' {pair.place}' if pair.place else ''}</b></p>{seats(pair.people)}</li>"
                for pair in pairs
            ]
        )
    )


def seats(people: Iterable[Card]) -> SafeString:
    """The people of a place on a slate. A ballot has more than a hundred."""
    return SafeString("".join(map(_seat, people)))


def _seat(person: Card) -> str:
    note = "" if person.has_answers else '<p class="seat__note">Sin información capturada</p>'
    return (
        f'<div class="seat">{portraits.portrait(person, "s")}<div>'
        f'<p class="seat__role">{holder(person)}</p><p class="seat__name">'
        f'<a href="{person.get_absolute_url()}">{escape(person.name)}</a></p>{note}</div></div>'
    )


def stands_as(row: PublishedCandidacy) -> str:
    """«Candidata propietaria», «Candidato suplente», «Candidatura propietaria»."""
    noun = _gendered(row, "Candidata", "Candidato", "Candidatura")
    if row.seat_kind == "suplente":
        return f"{noun} suplente"
    return f"{noun} {_gendered(row, 'propietaria', 'propietario', 'propietaria')}"


def no_longer(row: Shown) -> str:
    """«Ya no es candidata»."""
    return _gendered(row, "Ya no es candidata", "Ya no es candidato", "Ya no es candidatura")


def seat(row: PublishedCandidacy) -> str:
    """«a la regiduría 4», «a la presidencia municipal»."""
    number = "" if row.list_number is None or row.list_number > 99 else f" {row.list_number}"
    principle = f" de {row.get_principle_display()}" if row.principle in {"rp", "pm"} else ""
    return f"{row.office.target}{number}{principle}"


def contest(row: PublishedCandidacy) -> str:
    """«por la presidencia municipal»: the office for which somebody competes."""
    target = seat(row)
    return f"por el {target[3:]}" if target.startswith("al ") else f"por {target[2:]}"


_CONNECTIVES = {
    TerritoryKind.DISTRICT.value: "por el",
    TerritoryKind.CONSTITUENCY.value: "por la",
}


def of_territory(row: PublishedCandidacy) -> str:
    """«de San Pedro», «por el distrito 21»."""
    connective = _CONNECTIVES.get(row.territory.kind)
    name = row.territory.name
    return f"{connective} {name[0].lower()}{name[1:]}" if connective else f"de {name}"


def standing(row: PublishedCandidacy) -> str:
    """«Candidata propietaria a la regiduría 4 de San Pedro»; «Fue candidata…» when it ended."""
    words = stands_as(row)
    if row.state == CandidacyState.ENDED:
        words = f"Fue {words.lower()}"
    return f"{words} {seat(row)} {of_territory(row)}"


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
def municipality_options(places: Places) -> SafeString:
    """The names that a browser offers while somebody types."""
    return municipality_markup.options(places.municipalities + places.districts)


@register.simple_tag
def municipality_links(places: Iterable[Place], counts: bool = True) -> SafeString:
    """A link to each ballot, with the number of people on it."""
    return municipality_markup.links(tuple(places), counts=counts)


def office_address(row: PublishedCandidacy) -> str:
    """The address of a candidacy's office on the ballot of its municipality."""
    address = MUNICIPALITY.path(row.territory.slug)
    return f"{address}#{anchor_of(row.office, row.principle)}"


@register.filter
def percent_of(part: int, whole: int) -> str:
    """«79.9 %» of a whole; nothing when there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else ""


@register.simple_tag
def places_label(process: Process | None) -> str:
    """What the places of a process are called: «Municipios», or «Alcaldías»."""
    return words_in(process.entity_code if process is not None else "").many.capitalize()


@register.simple_tag
def all_of_them(places: Sized, words: PlaceWords) -> str:
    """«Los 38 municipios», «Un municipio»."""
    number = len(places)
    if number > 1:
        return f"{words.article.capitalize()} {number} {words.many}"
    one = "Una" if words.article == "las" else "Un"
    return f"{one} {words.one}" if number else words.many.capitalize()


@register.filter
def introducing(label: str) -> str:
    """A label before its value: «Correo:», but «¿Cuál es su primera propuesta?»."""
    return label if label[-1:] in "?.:" else f"{label}:"


def web_text(value: str) -> str:
    """A web address without its scheme, as people read it."""
    return value.split("://", 1)[-1].rstrip("/")


def phone(value: str) -> str:
    """Ten digits in groups: 844 000 0000."""
    if len(value) == 10 and value.isdigit():
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    return value
