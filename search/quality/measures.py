"""Measures of a list of found candidacies, from 0 (useless) to 1 (none could be better)."""

from collections.abc import Mapping, Sequence
from math import log2

# From this grade on, a reader is glad of a result; a lesser one is only a mention.
GOOD = 2


def ndcg(found: Sequence[str], grades: Mapping[str, int], *, first: int = 10) -> float:
    """Normalised discounted cumulative gain of the first results.

    Args:
        found: identifiers in the order of the results. grades: identifier → 1, 2 or 3; what is not
            in it is worth nothing.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:first])
    return _gain([grades.get(one, 0) for one in found[:first]]) / best if best else 1.0


def _gain(grades: Sequence[int]) -> float:
    worth = (float(2**grade - 1) / log2(place) for place, grade in enumerate(grades, start=2))
    return sum(worth, 0.0)


def recall(found: Sequence[str], grades: Mapping[str, int], *, first: int = 50) -> float:
    """Which part of the good candidacies is among the first results, as far as there is room."""
    good = _good(grades)
    return len(good & set(found[:first])) / min(len(good), first)


def reciprocal_rank(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """1 when the first result is good, 1/2 when the second is the first good one…"""
    good = _good(grades)
    return next((1 / place for place, one in enumerate(found, start=1) if one in good), 0.0)


def _good(grades: Mapping[str, int]) -> set[str]:
    """The identifiers of the good ones; where nobody is good, of those who mention it."""
    return {one for one, grade in grades.items() if grade >= GOOD} or set(grades)
