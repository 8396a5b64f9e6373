"""Everything that writes people and candidacies. Pages are written here and by imports only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from cms.accounts import audit
from cms.accounts import services as accounts
from cms.accounts.models import User
from cms.candidacies import contests
from cms.candidacies.bulk_pages import ROWS_PER_STATEMENT, PageWriter
from cms.candidacies.models import (
    CandidacyPage,
    CandidateAccount,
    Person,
    ProcessPage,
    TerritoryPage,
)
from cms.catalogs import services as catalogs
from cms.catalogs.models import Office, PoliticalActor, Process, Territory
from cms.catalogs.spanish import identity

LONGEST_FOLDED_NAME = 220


@dataclass(slots=True)
class NewCandidacy:
    """An unsaved page with its person. Personal data are on the person, never on the page."""

    page: CandidacyPage
    person: Person


def folded(name: str) -> str:
    """A name as it is compared and stored in `folded_name`."""
    return identity(name)[:LONGEST_FOLDED_NAME].rstrip()


def refresh_folded_names(sender: Any = None, **kwargs: Any) -> None:
    """Receiver of post_migrate: bring the stored names up to the rule that is in force now."""
    rows = CandidacyPage.objects.only("pk", "name", "folded_name").order_by()
    stale = []
    for page in rows.iterator():
        key = folded(page.name)
        if key != page.folded_name:
            page.folded_name = key
            stale.append(page)
    CandidacyPage._base_manager.bulk_update(stale, ["folded_name"], batch_size=ROWS_PER_STATEMENT)


def _home_page() -> Page:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        raise LookupError("El sitio no tiene portada: ejecuta «manage.py migrate».")
    return site.root_page


@transaction.atomic
def ensure_process(
    *,
    slug: str,
    name: str | None = None,
    election_date: date | None = None,
    entity_code: str = "",
) -> ProcessPage:
    """The process of a slug with its branch of the page tree, made when it does not exist.

    Sensible values are derived from the slug; an existing process is never changed, nor is the
    site's current process.
    """
    process = catalogs.ensure_process(
        slug=slug, name=name, election_date=election_date, entity_code=entity_code
    )
    page: ProcessPage | None = ProcessPage.objects.filter(process=process).first()
    if page is None:
        page = ProcessPage(title=process.name, slug=process.slug, process=process)
        PageWriter(at=timezone.now()).add([page], [_home_page().pk])
    return page


def ensure_territory_pages(
    *, process_page: ProcessPage, territories: Sequence[Territory], writer: PageWriter
) -> dict[int, int]:
    """The page of each territory within a process, made where it is missing.

    Returns: territory id → page id.
    """
    process = process_page.process
    known = dict(TerritoryPage.objects.filter(process=process).values_list("territory_id", "pk"))
    missing = [
        TerritoryPage(
            title=territory.name, slug=territory.slug, process=process, territory=territory
        )
        for territory in territories
        if territory.pk not in known
    ]
    writer.add(missing, [process_page.pk] * len(missing))
    known.update({page.territory_id: page.pk for page in missing})
    return known


def add_candidacies(
    *, new: Sequence[NewCandidacy], territory_pages: dict[int, int], writer: PageWriter
) -> list[CandidacyPage]:
    """Write persons and their live candidacy pages in bulk; a new person for each candidacy.

    Persons are never merged: only staff can say that two candidacies are of the same person.
    """
    Person.objects.bulk_create([candidacy.person for candidacy in new])
    for candidacy in new:
        page = candidacy.page
        page.person = candidacy.person
        page.title = page.name
        page.folded_name = folded(page.name)
        page.registered_at = page.registered_at or writer.at
    pages = [candidacy.page for candidacy in new]
    contests.ensure_of_pages(pages)
    writer.add(pages, [territory_pages[page.territory_id] for page in pages])
    return pages


@transaction.atomic
def register_candidacy(
    *,
    process: Process,
    territory: Territory,
    office: Office,
    actor: PoliticalActor,
    name: str,
    seat_kind: str,
    sex: str = "",
    age: int | None = None,
    list_number: int | None = None,
    principle: str = "",
    email: str = "",
    birth_date: date | None = None,
    nickname: str = "",
    responsible_actor: PoliticalActor | None = None,
    external_id: str = "",
) -> CandidacyPage:
    """Register a candidacy in the same way as an import does.

    If the process did not have its office, the office becomes visible now. The caller writes the
    public row (`publication.services.write_published`).
    """
    process_page = ensure_process(slug=process.slug)
    catalogs.ensure_process_office(process=process, office=office)
    writer = PageWriter(at=timezone.now())
    territory_pages = ensure_territory_pages(
        process_page=process_page, territories=[territory], writer=writer
    )
    page = CandidacyPage(
        process=process,
        territory=territory,
        office=office,
        actor=actor,
        responsible_actor=responsible_actor,
        external_id=external_id,
        name=name,
        nickname=nickname,
        principle=principle,
        seat_kind=seat_kind,
        list_number=list_number,
        sex=sex,
        age=age,
    )
    person = Person(name=name, email=email, birth_date=birth_date)
    add_candidacies(
        new=[NewCandidacy(page, person)], territory_pages=territory_pages, writer=writer
    )
    return page


@transaction.atomic
def give_own_account(*, candidacy: CandidacyPage, username: str, by: User | None) -> User:
    """Make the account of a candidacy; nobody can sign in with it before it is activated.

    Raises: django.db.IntegrityError, if the candidacy has one in force or the name is taken.
    """
    user = accounts.create_candidate(username=username)
    CandidateAccount.objects.create(user=user, candidacy=candidacy)
    audit.record(audit.Event.MADE, account=user, by=by, candidacy=candidacy.pk)
    return user


@transaction.atomic
def revoke_own_accounts(
    *, candidacies: Collection[CandidacyPage], by: User | None, because: str
) -> int:
    """Close the accounts of candidacies at once; says how many were in force.

    As many queries for many candidacies as for one.
    """
    in_force = CandidateAccount.objects.filter(candidacy__in=candidacies, revoked_at=None)
    own = list(in_force.select_for_update(of=("self",)).select_related("user").order_by("pk"))
    if own:
        CandidateAccount.objects.filter(pk__in=[one.pk for one in own]).update(
            revoked_at=timezone.now()
        )
        accounts.close_accounts(users=[one.user for one in own], by=by, because=because)
    return len(own)
