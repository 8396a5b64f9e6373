"""The starting list of synonyms holds what an institute can load without another look."""

import json
from collections import Counter

from cms.catalogs.files import DATA
from cms.catalogs.spanish import fold

GROUPS = json.loads((DATA / "synonyms.json").read_text(encoding="utf-8"))


def test_there_are_at_least_120_groups_of_two_terms_or_more() -> None:
    assert len(GROUPS) >= 120
    assert [group for group in GROUPS if set(group) != {"terms", "reason"}] == []
    assert [group for group in GROUPS if len(group["terms"]) < 2] == []


def test_a_term_stands_in_one_group_only() -> None:
    written = Counter(fold(term) for group in GROUPS for term in group["terms"])

    assert [term for term, times in written.items() if times > 1] == []


def test_every_group_has_a_reason_of_its_own() -> None:
    reasons = Counter(group["reason"].strip() for group in GROUPS)

    assert [reason for reason, times in reasons.items() if times > 1 or not reason] == []
