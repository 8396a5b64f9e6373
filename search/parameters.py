"""The search's parameters: the same for the page and the API."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict

from cms.catalogs.models import Process, Sex
from cms.catalogs.public_paths import API
from cms.catalogs.selectors import process_by_slug
from cms.catalogs.spanish import clean_text, fold
from search.query import (
    AGE_BANDS,
    DEFAULT_PAGE_SIZE,
    DEGREES,
    LARGEST_PAGE_SIZE,
    LONGEST_QUERY,
    SearchQuery,
)
from search.vocabulary import vocabulary

ORDERS = {"relevancia": "coincidencia", "boleta": "orden de la boleta", "nombre": "nombre"}
LAST_PAGE = 10_000
# Of one parameter; no facet has as many.
MOST_VALUES = 300
# No value of a facet is as long, nor is a text worth reading that is cut to LONGEST_QUERY.
LONGEST_VALUE = 120
LONGEST_TEXT = 10 * LONGEST_QUERY
# Of one parameter; who is told so many understands.
MOST_TOLD = 20


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
        super().__init__("; ".join(one.problem for one in problems))


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
    if process is not None or not problems:
        filters = _filters(parameters, process, problems)
    order = _order(parameters, problems)
    page = _number(parameters, "pagina", 1, LAST_PAGE, problems)
    size = _number(parameters, "por_pagina", DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE, problems)
    if problems:
        raise InvalidParameters(problems)
    if process is None:
        raise NoProcess(page)
    return SearchQuery(
        process=process,
        # A little more than is searched, so that the search can say that it was cut.
        text=clean_text(parameters.get("q", "")[:LONGEST_TEXT])[: 2 * LONGEST_QUERY],
        filters=filters,
        order=order,
        page=page,
        page_size=size,
    )


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
    slug = parameters.get("proceso", "")
    if not slug or (current is not None and slug == current.slug):
        return current
    found = process_by_slug(slug) if len(slug) <= LONGEST_VALUE else None
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
    parameters: QueryDict, process: Process | None, problems: list[ParameterProblem]
) -> dict[str, tuple[str, ...]]:
    terms = _Terms(process)
    resolvers: dict[str, tuple[Resolver, str]] = {
        "municipio": (
            lambda value: terms.value("municipio", value),
            "Usa la clave CVEGEO o el nombre corto de un municipio con candidaturas.",
        ),
        "cargo": (
            lambda value: terms.value("cargo", value),
            "Consulta los valores en la faceta «cargo».",
        ),
        "actor": (
            lambda value: terms.value("actor", value),
            f"Consulta los valores en {API.path()}actores/.",
        ),
        "sexo": (_one_of(set(Sex.values)), "Usa mujer, hombre o no_binario."),
        "edad": (_one_of(set(AGE_BANDS)), f"Usa {', '.join(AGE_BANDS)}."),
        "grado": (_one_of(set(DEGREES)), f"Usa {', '.join(DEGREES)}."),
    }
    filters: dict[str, tuple[str, ...]] = {}
    for name, (resolve, remedy) in resolvers.items():
        values = [value for value in parameters.getlist(name) if value.strip()]
        if len(values) > MOST_VALUES:
            problems.append(_too_many(name, len(values)))
            continue
        found, unknown = _resolved(values, resolve)
        problems += [
            ParameterProblem(name, value, f"«{value}» no es un valor de «{name}».", remedy)
            for value in unknown
        ]
        if values:
            filters[name] = found
    return filters


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


class _Terms:
    """The terms of a process; asked again, once, before one is refused, since it may be new.

    While there is no process, nothing tells a wrong term from a right one.
    """

    def __init__(self, process: Process | None) -> None:
        self._process = process
        self._fresh = False

    def value(self, facet: str, spelling: str) -> str | None:
        """What the parameter takes, of any spelling; None when there is no such term."""
        if self._process is None:
            return spelling
        term = vocabulary(self._process).term(facet, spelling)
        if term is None and not self._fresh:
            self._fresh = True
            term = vocabulary(self._process, fresh=True).term(facet, spelling)
        return None if term is None else term.value


def _one_of(values: set[str]) -> Resolver:
    # A «+» arrives as a blank in an address: «60+».
    by_fold = {fold(value).replace("+", ""): value for value in values}
    return lambda value: by_fold.get(fold(value).replace("+", "").strip().replace(" ", "_"))


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
            f"«{value[:40]}» no sirve para «{name}»: el máximo es {largest}."
            if number > largest
            else f"«{value[:40]}» no es un número de 1 a {largest}.",
            f"Escribe un número de 1 a {largest}.",
        )
    )
    return default
