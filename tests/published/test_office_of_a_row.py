"""An office that was added after the versions were read is found for the row that stands for it."""

from typing import Any

from cms.catalogs.models import Office, ProcessOffice
from cms.published import catalogues, selectors, versions
from cms.published.models import PublishedCandidacy


def test_the_office_of_a_row_may_be_newer_than_what_is_remembered(
    process: Any, make_candidacy: Any
) -> None:
    page = make_candidacy()
    versions.refresh()
    catalogues.dates_of(process.pk)
    known = set(ProcessOffice.objects.filter(process=process).values_list("office", flat=True))
    office = Office.objects.exclude(pk__in=known)[0]
    some = ProcessOffice.objects.filter(process=process)[0]
    new = ProcessOffice.objects.create(
        process=process, office=office, visible_from=some.visible_from
    )
    PublishedCandidacy.objects.filter(pk=page.pk).update(process_office=new)

    row = selectors.candidacy(page.pk)

    assert row is not None
    assert row.process_office == new
