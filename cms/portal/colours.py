"""/actores.css: a class for each party, so that no page needs a style attribute."""

from dataclasses import dataclass
from hashlib import sha256

from cms.catalogs.models import PoliticalActor
from cms.catalogs.public_paths import ACTOR_COLOURS
from cms.published import scope, versions
from cms.published.by_version import RememberedByVersion

INDEPENDENT = "#6b7280"
MOST_BYTES = 256 * 1024


@dataclass(frozen=True)
class Sheet:
    """The style sheet and, in hexadecimal digits, the beginning of its hash."""

    text: str
    digest: str


_sheet: RememberedByVersion[str, Sheet] = RememberedByVersion(
    MOST_BYTES, lambda sheet: 4 * len(sheet.text) + 500
)


def sheet() -> Sheet:
    """The style sheet as it is now (one query, or none while it is remembered)."""
    return _sheet.get("", (versions.SITE,), _written)


def address() -> str:
    """Where pages find the style sheet.

    Pages that everybody may read carry its hash, so that browsers keep it for a year. The others
    would read it from the database each time.
    """
    path = ACTOR_COLOURS.path()
    return f"{path}?v={sheet().digest}" if scope.is_open() else path


def _written() -> Sheet:
    colours = {"ci": INDEPENDENT}
    actors = PoliticalActor.objects.exclude(color="").exclude(acronym="").order_by("pk")
    for acronym, color in actors.values_list("acronym", "color"):
        colours.setdefault(acronym.lower(), color)
    rules = "".join(
        f".actor-{name} {{ --actor: {color}; }}\n"
        for name, color in sorted(colours.items())
        if name.replace("-", "").isalnum()
    )
    text = f"@layer tokens {{\n{rules}}}\n"
    return Sheet(text, sha256(text.encode()).hexdigest()[:12])
