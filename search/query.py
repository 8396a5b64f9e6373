"""What is asked of the search: one object for the page, the API and both engines."""

from dataclasses import dataclass, field, replace

from cms.catalogs.models import Process

FACETS = ("municipio", "cargo", "actor", "sexo", "edad", "grado")
AGE_BANDS: dict[str, tuple[int, int]] = {
    "18-29": (18, 29),
    "30-39": (30, 39),
    "40-49": (40, 49),
    "50-59": (50, 59),
    "60+": (60, 200),
}
DEGREES: dict[str, str] = {
    "sin_estudios": "Sin estudios",
    "educacion_basica": "Educación básica",
    "primaria": "Primaria",
    "secundaria": "Secundaria",
    "preparatoria": "Preparatoria",
    "tecnica": "Técnica",
    "licenciatura": "Licenciatura",
    "posgrado": "Posgrado",
    "especialidad": "Especialidad",
    "maestria": "Maestría",
    "doctorado": "Doctorado",
    "posdoctorado": "Posdoctorado",
}
DEFAULT_PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 100
LONGEST_QUERY = 200


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """A search, already validated.

    Attributes:
        process: the process searched in.
        text: what was typed; empty when browsing. The first LONGEST_QUERY characters are searched.
        filters: facet name → chosen values as in the contract (`valor` of the facet); several
            values of one facet are alternatives, facets are conditions.
        order: "relevancia" (only with text), "boleta", "nombre".
        page: from 1. page_size: 1 to LARGEST_PAGE_SIZE.
    """

    process: Process
    text: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    order: str = ""
    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE

    def without(self, facet: str) -> "SearchQuery":
        """The same search without the filters of one facet (its own counts ignore it)."""
        return replace(self, filters={k: v for k, v in self.filters.items() if k != facet})
