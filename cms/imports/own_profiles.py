"""The formats that an institute writes itself, besides those that come with the product."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.imports.models import OwnProfile
from cms.imports.official_file import require_usable
from cms.imports.profiles import ProfileError, available, load_profile, profile_from_content

# What a choice of a format begins with when the institute wrote it.
OWN = "propio:"
# Repetitions within repetitions, such as «(a+)+», may take for ever on a long name.
_ENDLESS = re.compile(r"[*+}]\)*\)[*+{]")


def choices() -> list[tuple[str, Any]]:
    """The formats of official files: those of the product, then the institute's (one query)."""
    return [
        ("", _("El que diga su encabezado")),
        *((name, load_profile(name).title) for name in available()),
        *(
            (f"{OWN}{name}", _("%s (propio)") % title)
            for name, title in OwnProfile.objects.values_list("name", "title")
        ),
    ]


def content_of(choice: str) -> dict[str, Any] | None:
    """The content of a chosen format of the institute; None for the others, or if it is gone."""
    if not choice.startswith(OWN):
        return None
    found: dict[str, Any] | None = (
        OwnProfile.objects.filter(name=choice.removeprefix(OWN))
        .values_list("content", flat=True)
        .first()
    )
    return found


def check_content(content: Any, name: str) -> None:
    """Raise ValidationError, in words that say where, unless a file could be read with it."""
    if name in available():
        raise ValidationError(
            {"name": _("Ya hay un formato del sistema con esa clave: escribe otra.")}
        )
    try:
        profile = profile_from_content(content, name)
        if endless := [text for _kind, text in _patterns(content) if _ENDLESS.search(text)]:
            raise ProfileError(
                _(
                    "En «actor_patterns», «%s» repite una repetición y podría no terminar nunca:"
                    " escríbela sin paréntesis repetidos."
                )
                % endless[0]
            )
        require_usable(profile)
    except ProfileError as wrong:
        raise ValidationError({"content": str(wrong)}) from None
    except (TypeError, ValueError, AttributeError, KeyError):
        raise ValidationError(
            {"content": _("Algo no tiene la forma que se pide: compáralo con el ejemplo.")}
        ) from None


def _patterns(content: dict[str, Any]) -> list[tuple[str, str]]:
    given = content.get("actor_patterns", {})
    return [(kind, text) for kind, texts in given.items() for text in texts]
