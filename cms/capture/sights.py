"""What the public sees now of the questionnaires that an account captures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.models import Page

from cms.candidacies.models import CandidacyPage
from cms.capture import turns
from cms.catalogs.addresses import public_link
from cms.published.selectors import visible_candidacies
from cms.questionnaires.models import Questionnaire


@dataclass(frozen=True)
class Sight:
    """Answers that the public sees: since when, and the address of the page."""

    since: datetime
    address: str


@dataclass(frozen=True)
class Seen:
    """A questionnaire beside what the public sees of it, for `capture/sight.html`."""

    candidacy: CandidacyPage
    sight: Sight | None
    meanwhile: str


def seen(dossier: Questionnaire, candidacy: CandidacyPage) -> Seen:
    """What the public sees of one dossier (two queries)."""
    sight = sights_of({dossier.pk: candidacy}, [dossier]).get(dossier.pk)
    return Seen(candidacy, sight, turns.meanwhile(dossier.state) if sight is not None else "")


def sights_of(
    dossiers: Mapping[int, CandidacyPage], found: Iterable[Questionnaire]
) -> dict[int, Sight]:
    """What the public sees of dossiers, by their key; those of which it sees nothing are left out.

    Two queries.

    Args:
        dossiers: key of each dossier → its candidacy. found: the dossiers.
    """
    pages = {one.page_id: one.pk for one in found if one.page_id is not None}
    live = Page.objects.filter(pk__in=pages, live=True).values_list("pk", "last_published_at")
    since = {pages[page]: published_at for page, published_at in live}
    candidacies = {candidacy.pk for candidacy in dossiers.values()}
    rows: Any = visible_candidacies()
    shown: dict[int, datetime] = dict(
        rows.filter(
            candidacy_id__in=candidacies, answers_public=True, published_at__isnull=False
        ).values_list("candidacy_id", "published_at")
    )
    sights = {}
    for key, published_at in since.items():
        candidacy = dossiers[key]
        if candidacy.pk in shown and not candidacy.process.is_rehearsal:
            sights[key] = Sight(
                since=published_at or shown[candidacy.pk],
                address=public_link(candidacy.public_path()),
            )
    return sights
