"""«Más como esta»: who wrote most like a candidacy, where an installation has a search server."""

from datetime import datetime, timedelta

from cms.published import scope, selectors, versions
from cms.published.models import PublishedCandidacy
from search.engines.elasticsearch import client
from search.engines.fallback import FallbackEngine

MOST_SIMILAR = 4
# Who writes about the same changes with whatever anybody publishes, which is no reason to make each
# page anew.
AS_LONG = timedelta(minutes=10)


def similar(row: PublishedCandidacy, *, at: datetime | None = None) -> list[PublishedCandidacy]:
    """The candidacies of the same process whose answers are most like those of a public row.

    What the index holds of an earlier version of a row does not count, and whatever is not public
    is left out.

    Args:
        row: from `cms.published.selectors.candidacy`.

    Returns: rows without their answers, for lists; none without a search server, or while it fails.
    """
    if not client.is_configured() or not row.answers:
        return []
    likest = FallbackEngine().similar(row, number=MOST_SIMILAR)
    scope.depends_on(*map(versions.candidacy, likest))
    scope.keep_no_longer_than(AS_LONG)
    if not likest:
        return []
    rows = selectors.for_lists(
        selectors.visible_candidacies(at=at).filter(candidacy_id__in=list(likest))
    )
    found = {one.candidacy_id: selectors.showable(one) for one in rows}
    return [
        found[candidacy_id]
        for candidacy_id, version in likest.items()
        if candidacy_id in found and found[candidacy_id].version == version
    ]
