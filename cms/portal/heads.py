"""What the heads of the pages of candidacies and ballots say of them."""

from cms.catalogs.models import CandidacyState, Territory
from cms.catalogs.templatetags.public_paths import public_page
from cms.portal.frames import Head
from cms.portal.templatetags.portal import photograph_in_words, standing
from cms.published.models import PublishedCandidacy

_WHO = "Quiénes piden tu voto, qué han hecho y qué proponen, con sus propias palabras."


def of_candidacy(row: PublishedCandidacy, searched: str) -> Head:
    """The head of a candidacy's page.

    Args:
        searched: what is searched inside of its answers; such a page is no page of its own.
    """
    stands = standing(row)
    found_in = f"«{searched}» en las respuestas de " if searched else ""
    return Head(
        section="candidaturas",
        kind="profile",
        title=f"{found_in}{row.name}, {row.office.name.lower()}, {row.territory.name}",
        description=f"{stands}, {row.actor.name}",
        shared_title=row.name,
        summary=stands,
        image=public_page("photograph", row.photograph_file) if row.photo else "",
        image_alt=photograph_in_words(row),
        # Nobody is sent to the page of a candidacy that ended.
        is_indexed=not searched and row.state == CandidacyState.ACTIVE,
    )


def of_results(title: str, *, is_asked: bool) -> Head:
    """The head of the page of results.

    Args:
        is_asked: whether its address asks for something; such a page is not listed or shared.
    """
    return Head(
        section="candidaturas",
        title=title,
        description=_WHO,
        shared_title="Buscar candidaturas",
        summary=_WHO,
        is_indexed=not is_asked,
        is_shared=not is_asked,
        changes_in_place=True,
    )


def of_ballot(territory: Territory) -> Head:
    """The head of a municipality's page."""
    said = "quiénes son, qué han hecho y qué proponen."
    return Head(
        section="municipios",
        title=f"{territory.name}: tu boleta",
        description=f"Todas las candidaturas de {territory.name}: {said}",
        shared_title=territory.name,
        summary=f"Todas las candidaturas de su boleta: {said}",
    )
