"""The search's parameters: the same for the page and the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.http import QueryDict

from cms.catalogs.models import Process
from cms.catalogs.public_paths import API
from cms.catalogs.selectors import process_by_slug, public_processes
from cms.published import scope, versions
from search.operators import TypedFilters, take_filters
from search.query import (
    DEFAULT_PAGE_SIZE,
    LARGEST_PAGE_SIZE,
    LONGEST_QUERY,
    LONGEST_READ,
    SearchQuery,
    readable,
)
from search.vocabulary import CONSTANT_FACETS, Facet, facets_of_every_process, vocabulary

ORDERS = {"relevancia": "coincidencia", "boleta": "orden de la boleta", "nombre": "nombre"}
LAST_PAGE = 10_000
# No facet has so many values, and no parameter may come more often.
MOST_VALUES = 300
# No value of a facet is as long.
LONGEST_VALUE = 120
# Whoever is told so many wrong values of a parameter understands.
MOST_TOLD = 20
# A facet with more values is not spelt out to whoever writes a wrong one.
MOST_SPELT_OUT = 20
REMEDIES = {
    "municipio": "Usa la clave CVEGEO o el nombre corto de un municipio con candidaturas.",
    "cargo": "Consulta los valores en la faceta «cargo».",
    "actor": f"Consulta los valores en {API.path()}actores/.",
    "sexo": "Usa mujer, hombre o no_binario.",
}


@dataclass(frozen=True)
class ParameterProblem:
    """A parameter that cannot be understood: which, its value, why, and what to write."""

    parameter: str
    value: str
    problem: str
    remedy: str


class InvalidParameters(ValueError):
    """One or more parameters are wrong; `problems` names them all."""

    def __init__(self, problems: list[ParameterProblem]) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.problem for problem in problems))


class NoProcess(LookupError):
    """There is no process yet, and nothing wrong with what was asked: nothing can be found.

    Attributes:
        page: the page of results asked for, from 1.
    """

    def __init__(self, page: int = 1) -> None:
        self.page = page
        super().__init__(page)


Resolver = Callable[[str], str | None]


def parse(parameters: QueryDict, *, current: Process | None) -> SearchQuery:
    """Read the parameters of a request.

    Args:
        parameters: of the address. current: the process when `proceso` is not given.

    Raises: InvalidParameters, naming every one that is wrong; NoProcess.
    """
    problems: list[ParameterProblem] = []
    process = _process(parameters, current, problems)
    filters: dict[str, tuple[str, ...]] = {}
    typed = TypedFilters(readable(parameters.get("q", "")))
    if process is not None or not problems:
        facets = _Facets(process)
        filters = _filters(parameters, facets, problems)
        if process is not None:
            typed = _take_filters(typed.text, facets)
    order = _order(parameters, problems)
    page = _number(parameters, "pagina", 1, LAST_PAGE, problems)
    size = _number(parameters, "por_pagina", DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE, problems)
    if problems:
        raise InvalidParameters(problems)
    if process is None:
        raise NoProcess(page)
    return SearchQuery(
        process=process,
        text=typed.text,
        filters=_joined(filters, typed.filters),
        typed_filters=tuple(typed.filters),
        remark=" ".join(dict.fromkeys(typed.remarks)),
        order=order,
        page=page,
        page_size=size,
    )


def _take_filters(text: str, facets: "_Facets") -> TypedFilters:
    """The filters of a text; it says that the text was cut where the search does not."""
    typed = take_filters(text, facets.by_name)
    if len(text) == LONGEST_READ and len(typed.text) <= LONGEST_QUERY:
        typed.remarks.append(f"Se leyeron solo los primeros {LONGEST_READ} caracteres.")
    return typed


def _joined(
    chosen: dict[str, tuple[str, ...]], typed: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The filters of the address, and those of the text; values of one facet are alternatives."""
    return {
        name: tuple(dict.fromkeys((*chosen.get(name, ()), *typed.get(name, ()))))
        for name in {**chosen, **typed}
    }


def as_read(parameters: QueryDict, query: SearchQuery) -> QueryDict:
    """The parameters with the filters that were written in the text as parameters of their own.

    So the links of a page take away each filter, wherever it was written.
    """
    if not query.typed_filters:
        return parameters
    read = parameters.copy()
    read["q"] = query.text
    for name in query.typed_filters:
        read.setlist(name, list(query.filters[name]))
    return read


def process_of(parameters: QueryDict, *, current: Process | None) -> Process:
    """The process that a request names, or the current one. Raises InvalidParameters, NoProcess."""
    problems: list[ParameterProblem] = []
    found = _process(parameters, current, problems)
    if problems:
        raise InvalidParameters(problems)
    if found is None:
        raise NoProcess
    return found


def _process(
    parameters: QueryDict, current: Process | None, problems: list[ParameterProblem]
) -> Process | None:
    scope.depends_on(versions.SITE)
    slug = parameters.get("proceso", "")
    if not slug or (current is not None and slug == current.slug):
        return current
    known = public_processes()
    found = process_by_slug(slug, among=known) if len(slug) <= LONGEST_VALUE else None
    if found is None:
        slug = slug[:LONGEST_VALUE]
        problems.append(
            ParameterProblem(
                "proceso",
                slug,
                f"No hay un proceso «{slug}».",
                f"Consulta las claves en {API.path()}procesos/.",
            )
        )
    return found


def _filters(
    parameters: QueryDict, facets: "_Facets", problems: list[ParameterProblem]
) -> dict[str, tuple[str, ...]]:
    filters: dict[str, tuple[str, ...]] = {}
    for name in facets.names:
        if name not in parameters:
            continue
        values = [value for value in parameters.getlist(name) if value.strip()]
        if len(values) > MOST_VALUES:
            problems.append(_too_many(name, len(values)))
            continue
        found, unknown = _resolved(values, partial(facets.value, name))
        problems += [
            ParameterProblem(
                name, value, f"«{value}» no es un valor de «{name}».", _remedy(facets.facet(name))
            )
            for value in unknown
        ]
        if values:
            filters[name] = found
    return filters


def _remedy(facet: Facet) -> str:
    if facet.name in REMEDIES:
        return REMEDIES[facet.name]
    if len(facet.terms) > MOST_SPELT_OUT:
        return f"Consulta los valores en la faceta «{facet.name}»."
    return f"Usa {', '.join(term.value for term in facet.terms)}."


def _resolved(values: list[str], resolve: Resolver) -> tuple[tuple[str, ...], list[str]]:
    """What the values stand for, and those that stand for nothing, up to what is told."""
    found: dict[str, None] = {}
    unknown: list[str] = []
    for value in dict.fromkeys(values):
        meant = resolve(value) if len(value) <= LONGEST_VALUE else None
        if meant is None:
            unknown.append(value[:LONGEST_VALUE])
        else:
            found[meant] = None
        if len(unknown) == MOST_TOLD:
            break
    return tuple(found), unknown


def _too_many(name: str, number: int) -> ParameterProblem:
    return ParameterProblem(
        name,
        str(number),
        f"«{name}» viene {number} veces; el máximo es {MOST_VALUES}.",
        f"Escribe a lo más {MOST_VALUES} valores.",
    )


class _Facets:
    """The facets of a process.

    While there is no process, nothing tells a wrong value of the others from a right one.
    """

    def __init__(self, process: Process | None) -> None:
        self._is_known = process is not None
        self.by_name: Mapping[str, Facet] = (
            facets_of_every_process() if process is None else vocabulary(process).facets
        )

    @property
    def names(self) -> list[str]:
        """The parameters that filter; whatever else an address holds is ignored."""
        return list(self.by_name)

    def facet(self, name: str) -> Facet:
        return self.by_name[name]

    def value(self, name: str, spelling: str) -> str | None:
        """What the parameter takes, however it was written; None when there is no such value."""
        value = self.facet(name).value_of(spelling)
        if value is None and not self._is_known and name not in CONSTANT_FACETS:
            return spelling
        return value


def _order(parameters: QueryDict, problems: list[ParameterProblem]) -> str:
    order = parameters.get("orden", "")
    if order and order not in ORDERS:
        problems.append(
            ParameterProblem(
                "orden", order[:40], f"«{order[:40]}» no es un orden.", f"Usa {', '.join(ORDERS)}."
            )
        )
        return ""
    return order


def _number(
    parameters: QueryDict,
    name: str,
    default: int,
    largest: int,
    problems: list[ParameterProblem],
) -> int:
    value = parameters.get(name, "")
    if not value:
        return default
    # isdecimal alone admits other alphabets' digits, which int reads too.
    number = int(value) if value.isdecimal() and len(value) < 9 else 0
    if 1 <= number <= largest:
        return number
    problems.append(
        ParameterProblem(
            name,
            value[:40],
            f"«{value[:40]}» no sirve para «{name}».",
            f"Escribe un número de 1 a {largest}.",
        )
    )
    return default
