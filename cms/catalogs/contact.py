"""How people reach the institute. Every page that promises help takes it from here."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_TELEPHONE = re.compile(r"(?:\+?52)?(?P<number>\d{10})(?:(?:ext|x)(?P<extension>\d{1,6}))?")
_BETWEEN_DIGITS = re.compile(r"[\s().:\-\u2010-\u2015]+")


def _parts(telephone: str) -> tuple[str, str] | None:
    joined = _BETWEEN_DIGITS.sub("", telephone.casefold()).replace("extensión", "ext")
    found = _TELEPHONE.fullmatch(joined.replace("extension", "ext"))
    return None if found is None else (found["number"], found["extension"] or "")


def validate_telephone(value: str) -> None:
    """Refuse a number that cannot be dialled: it needs ten digits, and may have an extension."""
    if _parts(value) is None:
        raise ValidationError(
            _(
                "Escribe los diez dígitos del teléfono y, si hace falta, la extensión:"
                " 844 123 4567 ext. 89."
            )
        )


def telephone_as_read(value: str) -> str:
    """«(844) 123-4567 x 89» → «844 123 4567 ext. 89». Any other text is returned unchanged."""
    parts = _parts(value)
    if parts is None:
        return value
    number, extension = parts
    words = f"{number[:3]} {number[3:6]} {number[6:]}"
    if number.startswith(("55", "33", "81", "56")):
        words = f"{number[:2]} {number[2:6]} {number[6:]}"
    return f"{words} ext. {extension}" if extension else words


@dataclass(frozen=True)
class Contact:
    """Who answers at the institute and how to reach them. Parts that are unknown are empty."""

    area: str = ""
    email: str = ""
    telephone: str = ""
    address: str = ""
    hours: str = ""
    answer_days: int | None = None

    def __bool__(self) -> bool:
        """Whether there is a way to reach somebody: opening hours alone are not enough."""
        return bool(self.email or self.telephone or self.address)

    @property
    def telephone_link(self) -> str:
        """A `tel:` address with the code of the country and the extension."""
        parts = _parts(self.telephone)
        if parts is None:
            return ""
        number, extension = parts
        return f"tel:+52{number}" + (f";ext={extension}" if extension else "")
