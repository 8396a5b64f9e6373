"""The environment of the compiled templates (Jinja), with the words and marks of all templates."""

from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any, Final

from django.conf import settings
from django.template import Context, Engine
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from jinja2 import Environment, StrictUndefined

from cms.catalogs.models import Sex
from cms.catalogs.templatetags.public_paths import public_page
from cms.portal import ended
from cms.portal.templatetags import portal

# A letter of private use, which nothing that is published contains.
_TEXT: Final = "\ue000"
_DECIDED = frozenset({"autoescape", "undefined", "trim_blocks"})


def environment(**options: Any) -> Environment:
    """Called by Django's Jinja backend. A name that a template does not know is an error."""
    others = {name: value for name, value in options.items() if name not in _DECIDED}
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, **others)
    made.globals |= {
        "icon": portal.icon,
        "portrait": portal.portrait,
        "actor_mark": portal.actor_mark,
        "territory_link": portal.territory_link,
        "office_address": portal.office_address,
        "places_label": portal.places_label,
        "public_page": public_page,
        "seats": portal.seats,
        "places": portal.places,
        "site_part": portal.part,
        "search_box": _search_box,
    }
    made.filters |= {
        "stands_as": portal.stands_as,
        "seat": portal.seat,
        "holder": portal.holder,
        "contest": portal.contest,
        "no_longer": portal.no_longer,
        "cause_in_words": ended.cause_in_words,
        "end_in_words": ended.end_in_words,
        "end_title": ended.end_title,
        "on_printed_ballot": ended.on_printed_ballot,
        "said_date": lambda day: long_date(date.fromisoformat(day)),
        "web_text": portal.web_text,
        "phone": portal.phone,
        "long_date": long_date,
        "iso_date": _iso_date,
        "number": "{:,}".format,
        "sex_in_words": _sex_in_words,
    }
    return made


def _search_box(text: str, kept: list[tuple[str, str]]) -> SafeString:
    """The box of the page of results, which Django's templates share.

    Args:
        text: what the box holds. kept: names and values that its form sends along.
    """
    others = tuple(one for one in kept if one[0] != "q")
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    before, after = _around_text(others, settings.STATIC_URL, storage)
    return SafeString(f"{before}{escape(text)}{after}")


@lru_cache(maxsize=20)  # What is kept besides the text names a process.
def _around_text(
    others: tuple[tuple[str, str], ...], _folder: str, _storage: str
) -> tuple[str, str]:
    template = Engine.get_default().get_template("components/search_box.html")
    context = {"text": _TEXT, "in_place": True, "kept": others}
    before, _text, after = template.render(Context(context)).partition(_TEXT)
    return before, after


@lru_cache(maxsize=10)  # Django's own look translates every label, each time.
def _sex_in_words(sex: str) -> str:
    """«Mujer»."""
    return str(capfirst(str(dict(Sex.choices).get(sex, sex))))


def _day(moment: date) -> date:
    """The day that it was here at a moment."""
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment


def long_date(moment: date) -> str:
    """«2 de junio de 2024»."""
    return _long_date(_day(moment))


def _iso_date(moment: date) -> str:
    return _day(moment).isoformat()


@lru_cache(maxsize=1000)
def _long_date(day: date) -> str:
    return date_format(day, r"j \d\e F \d\e Y")
