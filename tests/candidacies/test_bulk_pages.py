"""Pages written in bulk are equal to those that Wagtail's own `add_child` writes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page

from cms.candidacies.bulk_pages import PageWriter
from cms.candidacies.models import CandidacyPage, Person, TerritoryPage
from cms.candidacies.sealed import writing_as_service
from cms.candidacies.services import ensure_process
from cms.catalogs.models import Office, PoliticalActor, Territory

pytestmark = pytest.mark.django_db
AT = datetime(2024, 4, 2, 9, 30, tzinfo=UTC)
NAMES = st.sampled_from(["Ana Ñu", "ANA ÑU", "Luz", "José Ángel de la O", "¿?", "a" * 190])
# Fields that differ between any two pages; `TIMES` differ when the pages are written.
OWN = {
    "id",
    "page_ptr_id",
    "translation_key",
    "person_id",
    "latest_revision_id",
    "live_revision_id",
}
TIMES = {"first_published_at", "last_published_at", "latest_revision_created_at"}


class _Undo(Exception):
    """Raised to undo what a transaction wrote."""


def candidacy(territory: Territory, name: str, **shared: Any) -> CandidacyPage:
    """An unsaved candidacy."""
    return CandidacyPage(
        title=name,
        name=name,
        folded_name=name.casefold(),
        seat_kind="propietaria",
        territory=territory,
        office=Office.objects.get(code="regiduria"),
        person=Person.objects.create(name=name),
        registered_at=AT,
        **shared,
    )


def grow(process_page: Any, seats: list[tuple[int, str]], *, bulk: bool) -> list[dict[str, Any]]:
    """Add candidacies to two territories; return what is stored, and undo it."""
    process = process_page.process
    actor = PoliticalActor.objects.get(process=process)
    found: list[dict[str, Any]] = []
    try:
        with transaction.atomic():
            places = list(
                Territory.objects.filter(cvegeo__in=["05001", "05002"]).order_by("cvegeo")
            )
            branches = [
                TerritoryPage(title=place.name, slug=place.slug, process=process, territory=place)
                for place in places
            ]
            writer = PageWriter(at=AT)
            writer.add(branches, [process_page.pk] * 2)
            pages = [
                candidacy(places[place], name, process=process, actor=actor)
                for place, name in seats
            ]
            parents = [branches[place].pk for place, _ in seats]
            if bulk:
                # In two calls: the second continues where the first ended.
                half = len(pages) // 2
                writer.add(pages[:half], parents[:half])
                PageWriter(at=AT).add(pages[half:], parents[half:])
            else:
                one_by_one(pages, parents)
            assert not any(Page.find_problems())
            found = stored(process_page)
            raise _Undo
    except _Undo:
        return found


def one_by_one(pages: list[CandidacyPage], parents: list[int]) -> None:
    """Add pages with Wagtail's own code, with the slugs that bulk writing gives."""
    with writing_as_service():
        for page, parent_id in zip(pages, parents, strict=True):
            parent = TerritoryPage.objects.get(pk=parent_id)
            page.slug = free_slug(parent, page.title)
            parent.add_child(instance=page)
            page.save_revision(clean=False).publish(skip_permission_checks=True)


def free_slug(parent: Page, title: str) -> str:
    """The title as a slug, with a number when a sibling has the same."""
    from django.utils.text import slugify

    stem = slugify(title)[:120] or "pagina"
    taken = set(parent.get_children().values_list("slug", flat=True))
    number, slug = 1, stem
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def stored(process_page: Any) -> list[dict[str, Any]]:
    """Every page below a process, field by field, with the fields of its revision."""
    found = []
    for page in process_page.get_descendants().order_by("path").specific():
        fields = {
            field.attname: getattr(page, field.attname) for field in page._meta.concrete_fields
        }
        again = page.latest_revision.as_object()
        differs = {
            name
            for name, value in fields.items()
            if getattr(again, name) != value and name not in OWN | TIMES
        }
        found.append(
            {name: value for name, value in fields.items() if name not in OWN | TIMES}
            | {"differs": differs, "published": page.live_revision_id == page.latest_revision_id}
        )
    return found


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seats=st.lists(st.tuples(st.integers(0, 1), NAMES), max_size=7))
def test_bulk_and_one_by_one_leave_the_same_tree(db, seats) -> None:
    process_page = ensure_process(slug="pel-2024")
    PoliticalActor.objects.get_or_create(process=process_page.process, key="pd", name="PD")

    in_bulk = grow(process_page, seats, bulk=True)
    naive = grow(process_page, seats, bulk=False)

    assert len(in_bulk) == len(seats) + 2
    assert in_bulk == naive


def test_a_page_is_added_after_a_sibling_was_removed(make_candidacy) -> None:
    first, second = make_candidacy(name="Una"), make_candidacy(name="Dos")
    with writing_as_service():
        CandidacyPage.objects.get(pk=first.pk).delete()

    third = make_candidacy(name="Tres")

    assert third.path > second.path
    assert third.get_parent().numchild == 2
    assert not any(Page.find_problems())
