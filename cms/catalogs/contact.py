"""How the institute is reached: said in one way wherever a page promises help."""

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
    """Refuse what nobody could dial: ten digits, and an extension where there is one."""
    if _parts(value) is None:
        raise ValidationError(
            _(
                "Escribe los diez dígitos del teléfono y, si hace falta, la extensión:"
                " 844 123 4567 ext. 89."
            )
        )


def telephone_as_read(value: str) -> str:
    """«(844) 123-4567 x 89» → «844 123 4567 ext. 89»; what is no telephone stays as it is."""
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
    """Who answers at the institute, and where; absent parts are empty."""

    area: str = ""
    email: str = ""
    telephone: str = ""
    address: str = ""
    hours: str = ""
    answer_days: int | None = None

    def __bool__(self) -> bool:
        """Whether somebody can be reached: hours and terms alone lead to nobody."""
        return bool(self.email or self.telephone or self.address)

    @property
    def telephone_link(self) -> str:
        """The address that makes a telephone dial, with the country's code and the extension."""
        parts = _parts(self.telephone)
        if parts is None:
            return ""
        number, extension = parts
        return f"tel:+52{number}" + (f";ext={extension}" if extension else "")
