"""Pages written in bulk, with their revisions. Paths are computed under a lock of the parents.

Page by page, each page takes some 90 ms; in bulk, about one. The result is what `add_child`,
`save_revision` and `publish` of Wagtail would have written, without their signals and log entries.
Ids are reserved first, so that every row is written once and a page can name its revision.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, TypeVar
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import F, Model, Q
from django.utils.text import slugify
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields
from modelsearch.backends import get_search_backends_with_name
from wagtail.models import Locale, Page, Revision

from cms.accounts.models import User

ROWS_PER_STATEMENT = 250
LONGEST_SLUG = 120
DRAFT_COLUMNS = ["latest_revision", "latest_revision_created_at", "draft_title"]
LIVE_COLUMNS = ["live", "live_revision", "first_published_at", "last_published_at"]

T = TypeVar("T")


def chunks(items: Sequence[T], size: int = ROWS_PER_STATEMENT) -> Iterator[Sequence[T]]:
    """A sequence in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """The next `count` ids of a table, so that rows may refer to each other before they exist."""
    meta = model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, %s)) from generate_series(1, %s)",
            [meta.db_table, meta.pk.column if meta.pk else "id", count],
        )
        return [row[0] for row in cursor.fetchall()]


def _insert(model: type[Model], rows: Sequence[Model]) -> None:
    """Insert the rows of one table of a multi-table model: what `bulk_create` refuses to do."""
    manager: Any = model._base_manager
    for piece in chunks(rows):
        manager._insert(piece, fields=model._meta.local_concrete_fields, using=connection.alias)


def _content(page: Page) -> dict[str, Any]:
    """What `page.serializable_data()` gives. Our pages have no child relations: none is queried."""
    content: dict[str, Any] = get_serializable_data_for_fields(page)
    content.update({rel.get_accessor_name(): [] for rel in get_all_child_relations(page)})
    return content


def _index_for_staff(pages: Sequence[Page]) -> None:
    """Put pages into the search of the CMS, which signals do when pages are saved one by one."""
    for _name, backend in get_search_backends_with_name(with_auto_update=True):
        for piece in chunks(pages):
            backend.add_bulk(type(pages[0]), piece)


@dataclass(slots=True)
class _Parent:
    """A locked parent: where its next child goes, and the slugs of its children."""

    path: str
    depth: int
    url_path: str
    last_step: int
    slugs: set[str]

    def next_path(self) -> str:
        self.last_step += 1
        return str(Page._get_path(self.path, self.depth + 1, self.last_step))

    def free_slug(self, wanted: str) -> str:
        stem = slugify(wanted)[:LONGEST_SLUG].strip("-") or "pagina"
        slug, number = stem, 1
        while slug in self.slugs:
            number += 1
            slug = f"{stem}-{number}"
        self.slugs.add(slug)
        return slug


def _read_parents(ids: Iterable[int]) -> dict[int, _Parent]:
    """Lock parents in the order of the tree, and read where their children end."""
    locked = Page.objects.select_for_update().filter(pk__in=list(ids)).order_by("path")
    rows = list(locked.values_list("pk", "path", "depth", "url_path", "numchild"))
    parents = {row[0]: _Parent(row[1], row[2], row[3], 0, set()) for row in rows}
    by_path = {parents[row[0]].path: parents[row[0]] for row in rows if row[4]}
    for piece in chunks(list(by_path), 100):
        branches = (Q(path__startswith=path, depth=by_path[path].depth + 1) for path in piece)
        children = Page.objects.filter(reduce(or_, branches)).order_by()
        for path, slug in children.values_list("path", "slug").iterator():
            parent = by_path[path[: -Page.steplen]]
            parent.slugs.add(slug)
            parent.last_step = max(parent.last_step, Page._str2int(path[-Page.steplen :]))
    return parents


class PageWriter:
    """Writes pages of any sealed type below their parents, each with its revision.

    Use it inside one transaction; it remembers the parents that it locked.
    """

    def __init__(self, *, at: datetime, user: User | None = None) -> None:
        # Revisions store milliseconds. A finer time on the page would differ from its revision's.
        self.at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        self.user = user
        self._parents: dict[int, _Parent] = {}
        self._locale = Locale.get_default()

    def add(
        self,
        pages: Sequence[Page],
        parent_ids: Sequence[int],
        *,
        live: bool = True,
        searchable: bool = True,
    ) -> None:
        """Insert unsaved pages of one type, each as the last child of its parent.

        A page needs its `title` and its own fields; `slug` is derived from the title when empty.
        `searchable`: staff find it by its title in the CMS.
        """
        if not pages:
            return
        unknown = set(parent_ids) - self._parents.keys()
        self._parents.update(_read_parents(unknown))
        self._place(pages, parent_ids)
        self._number(pages)
        for page in pages:
            self._mark(page, live=live)
        model = type(pages[0])
        _insert(Page, pages)
        _insert(model, pages)
        self._write_revisions(pages)
        self._count_children(parent_ids)
        for page in pages:
            page._state.adding, page._state.db = False, connection.alias
        if searchable:
            _index_for_staff(pages)

    def revise(self, pages: Sequence[Page], columns: Sequence[str], *, live: bool = True) -> None:
        """Save changed pages of one type with a new revision each.

        Args:
            pages: already saved pages, with their new values.
            columns: the fields that changed in any of them.
            live: whether the new revision is published. If not, a page that is live keeps its row
                as it was published, and only its latest revision has the new values.
        """
        if not pages:
            return
        for page, revision_id in zip(pages, reserve_ids(Revision, len(pages)), strict=True):
            page.latest_revision_id = revision_id
            self._mark(page, live=live)
        self._write_revisions(pages)
        manager = type(pages[0])._base_manager
        bookkeeping = [*DRAFT_COLUMNS, "has_unpublished_changes"]
        ahead = [page for page in pages if page.live and not live]
        in_step = [page for page in pages if live or not page.live]
        for piece in chunks(ahead):
            manager.bulk_update(piece, bookkeeping)
        for piece in chunks(in_step):
            manager.bulk_update(piece, [*bookkeeping, *LIVE_COLUMNS, *columns])
        if "title" in columns:
            _index_for_staff(in_step)

    def _place(self, pages: Sequence[Page], parent_ids: Sequence[int]) -> None:
        kind = ContentType.objects.get_for_model(type(pages[0]))
        for page, parent_id in zip(pages, parent_ids, strict=True):
            parent = self._parents[parent_id]
            page.content_type = kind
            page.depth = parent.depth + 1
            page.path = parent.next_path()
            page.slug = parent.free_slug(page.slug or page.title)
            page.url_path = f"{parent.url_path}{page.slug}/"
            page.numchild = 0
            page.locale = self._locale
            page.translation_key = uuid4()

    def _number(self, pages: Sequence[Page]) -> None:
        page_ids = reserve_ids(Page, len(pages))
        revision_ids = reserve_ids(Revision, len(pages))
        for page, page_id, revision_id in zip(pages, page_ids, revision_ids, strict=True):
            page.pk = page.id = page.page_ptr_id = page_id
            page.latest_revision_id = revision_id

    def _mark(self, page: Page, *, live: bool) -> None:
        page.draft_title = page.title
        page.latest_revision_created_at = self.at
        page.has_unpublished_changes = not live
        if live:
            page.live = True
            page.live_revision_id = page.latest_revision_id
            page.first_published_at = page.first_published_at or self.at
            page.last_published_at = self.at
        elif page._state.adding:
            page.live = False

    def _write_revisions(self, pages: Sequence[Page]) -> None:
        kind = ContentType.objects.get_for_model(type(pages[0]))
        base = pages[0].get_base_content_type()
        revisions = (
            Revision(
                pk=page.latest_revision_id,
                content_type=kind,
                base_content_type=base,
                object_id=str(page.pk),
                created_at=self.at,
                user=self.user,
                object_str=str(page),
                content=_content(page),
            )
            for page in pages
        )
        Revision.objects.bulk_create(revisions, batch_size=ROWS_PER_STATEMENT)

    def _count_children(self, parent_ids: Sequence[int]) -> None:
        by_number: dict[int, list[int]] = {}
        for parent_id, number in Counter(parent_ids).items():
            by_number.setdefault(number, []).append(parent_id)
        for number, ids in by_number.items():
            Page.objects.filter(pk__in=ids).update(numchild=F("numchild") + number)

    def forget(self, parent_id: int) -> None:
        """Read a parent's children anew the next time, because other code changed them."""
        self._parents.pop(parent_id, None)
