"""The measures of the search's quality, on lists whose value is known."""

from math import log2

import pytest

from search.quality.measures import ndcg, recall, reciprocal_rank

GRADES = {"a": 3, "b": 2, "c": 1}


def test_the_best_order_is_worth_one_and_no_result_nothing() -> None:
    assert ndcg(["a", "b", "c"], GRADES) == 1
    assert ndcg([], GRADES) == 0
    assert ndcg(["x", "y"], GRADES) == 0


def test_a_worse_order_is_worth_less() -> None:
    best = 7 + 3 / log2(3) + 1 / log2(4)

    assert ndcg(["c", "b", "a"], GRADES) == pytest.approx((1 + 3 / log2(3) + 7 / log2(4)) / best)


def test_results_after_the_first_ten_do_not_count() -> None:
    others = [f"x{place}" for place in range(10)]

    assert ndcg([*others, "a"], GRADES) == 0


def test_recall_counts_good_candidacies_and_no_mentions() -> None:
    assert recall(["a", "c"], GRADES) == 0.5
    assert recall(["a", "b"], GRADES) == 1
    assert recall(["c"], {"c": 1}) == 1


def test_the_rank_is_that_of_the_first_good_one() -> None:
    assert reciprocal_rank(["x", "c", "b"], GRADES) == 1 / 3
    assert reciprocal_rank(["x"], GRADES) == 0
