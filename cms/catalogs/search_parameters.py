"""The names of the parameters of the public search, which no facet of a questionnaire may take."""

import re

# The facets that every process has, in the order in which they are shown.
FIXED_FACETS = ("municipio", "cargo", "actor", "sexo", "edad")
OTHER_PARAMETERS = ("q", "proceso", "orden", "pagina", "por_pagina")
RESERVED_PARAMETERS = frozenset({*FIXED_FACETS, *OTHER_PARAMETERS})
LONGEST_FACET_NAME = 40
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def may_name_facet(name: str) -> bool:
    """Whether a questionnaire may give a facet this name: a plain word, not taken yet."""
    return (
        len(name) <= LONGEST_FACET_NAME
        and _NAME.fullmatch(name) is not None
        and name not in RESERVED_PARAMETERS
    )
