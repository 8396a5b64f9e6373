"""After a change of identity nothing says what the person was called before (ADR 0058)."""

from collections.abc import Iterable, Mapping
from typing import Any

from wagtail.models import Page, PageLogEntry, Revision

from cms.candidacies.ending_models import CorrectedField, RegistrationCorrection, StatusChange
from cms.candidacies.models import CandidacyPage
from cms.catalogs.spanish import identity

_CHANGED = ("name", "folded_name", "nickname", "sex", "title", "draft_title", "slug", "url_path")
_OF_IDENTITY = (CorrectedField.NAME, CorrectedField.NICKNAME, CorrectedField.SEX)


def former_words(page: CandidacyPage, after: Mapping[str, Any]) -> frozenset[str]:
    """The folded words that only the former name has: of the register and of its corrections."""
    earlier = RegistrationCorrection.objects.filter(
        candidacy=page, field__in=(CorrectedField.NAME, CorrectedField.NICKNAME)
    )
    before = [page.name, page.nickname, page.person.name]
    before += [text for pair in earlier.values_list("before", "after") for text in pair]
    now = words_of([str(after.get("name", page.name)), str(after.get("nickname", page.nickname))])
    return words_of(before) - now


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The folded words of texts, of two letters or more."""
    return frozenset(word for text in texts for word in identity(text).split() if len(word) > 1)


def forget_former(page: CandidacyPage, words: frozenset[str]) -> None:
    """Take the former name out of what was kept: revisions, history, and earlier corrections.

    Args:
        page: already written with what the person is called now.
        words: from `former_words`, as the page was before.
    """
    _forget_in_revisions(page)
    _forget_below(page)
    PageLogEntry.objects.filter(page=page.pk).update(label=str(page))
    Page.objects.filter(pk=page.pk).update(seo_title="", search_description="")
    of_page = RegistrationCorrection.objects.filter(candidacy=page)
    of_page.filter(field__in=_OF_IDENTITY).update(before="", after="", reason="")
    for row in [*of_page.exclude(reason=""), *StatusChange.objects.filter(candidacy=page)]:
        if words & words_of([row.reason]):
            row.reason = ""
            row.save(update_fields=["reason"])


def _forget_in_revisions(page: CandidacyPage) -> None:
    now = page.revisions.get(pk=page.latest_revision_id).content
    past = list(page.revisions.exclude(pk=page.latest_revision_id))
    for revision in past:
        revision.content |= {name: now[name] for name in _CHANGED}
        revision.object_str = str(page)
    Revision.objects.bulk_update(past, ["content", "object_str"])


def _forget_below(page: CandidacyPage) -> None:
    """The revisions of its questionnaires hold the address that theirs began with."""
    for below in page.get_descendants().specific(defer=True):
        past = list(below.revisions.all())
        for revision in past:
            revision.content["url_path"] = below.url_path
        Revision.objects.bulk_update(past, ["content"])
