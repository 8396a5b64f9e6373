"""The facets of a public row, computed from the row itself and not by an engine."""

from cms.published.models import PublishedCandidacy
from search.query import AGE_BANDS


def facet_values(row: PublishedCandidacy) -> dict[str, str]:
    """Facet → the value of this row; "" where it has none."""
    bands = [
        name
        for name, (low, high) in AGE_BANDS.items()
        if row.age is not None and low <= row.age <= high
    ]
    place = row.territory
    return {
        "municipio": place.public_key if place.kind == "municipio" else "",
        "cargo": row.office.code,
        "actor": row.actor.key,
        "sexo": row.sex,
        "edad": bands[0] if bands else "",
        "grado": row.facet_values.get("grado", ""),
    }
