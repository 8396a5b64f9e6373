"""The topics of municipal politics, as people write them: the words of the groups of synonyms."""

import json
from functools import cache

from cms.catalogs.files import DATA
from cms.catalogs.spanish import fold


@cache  # A single value.
def topics() -> tuple[str, ...]:
    """Every term of `data/synonyms.json`, the shortest first: «agua», then «agua potable»."""
    groups = json.loads((DATA / "synonyms.json").read_text(encoding="utf-8"))
    terms = {term for group in groups for term in group["terms"]}
    return tuple(sorted(terms, key=lambda term: (len(term), fold(term))))
