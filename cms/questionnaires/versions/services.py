"""What people of the institute do with a new version of a questionnaire. ADR 0048."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.accounts.models import User
from cms.catalogs.models import Process
from cms.notifications.services import notify
from cms.questionnaires import kinds
from cms.questionnaires.kinds import Kind
from cms.questionnaires.models import (
    DefinitionChange,
    DefinitionDraft,
    ProcessQuestionnaire,
    QuestionnaireDefinition,
    reserved_section_keys,
)
from cms.questionnaires.selectors import InUse
from cms.questionnaires.services import snapshot_of
from cms.questionnaires.versions import editing, permissions, selectors
from cms.questionnaires.versions.difference import differences
from cms.questionnaires.versions.editing import Content, EditRefused
from cms.questionnaires.versions.keys import of_another_type
from cms.questionnaires.versions.notifications import CHANGED

# Source: Lineamientos (Anexo 24.2 RE), art. 11. Every day counts while an electoral
# process goes on (LGIPE 97), so these are calendar days.
DAYS_TO_INFORM = 3


class DraftGone(LookupError):
    """The draft was put in force or discarded meanwhile."""

    explanation = "Ese borrador ya no existe: otra persona lo puso en vigor o lo descartó."


class PartChanged(Exception):
    """Somebody changed this very part since the form was opened; nothing was written.

    `content` is how the draft is now.
    """

    explanation = (
        "Otra persona cambió esto mientras lo editabas. Abajo está lo que escribiste; si guardas"
        " otra vez, queda lo tuyo."
    )

    def __init__(self, content: Content) -> None:
        self.content = content
        super().__init__(self.explanation)


class DraftMovedOn(Exception):
    """The draft, or the version in force, changed since the page was opened; nothing was done."""

    explanation = (
        "Otra persona cambió este borrador mientras lo mirabas, y no se hizo nada. Así está ahora:"
        " revísalo y decide otra vez."
    )


class NotReady(Exception):
    """The draft cannot be put in force yet; `problems` says why."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


class AlreadyInformed(Exception):
    """Somebody had noted it before; what was noted stays."""

    explanation = "Ya estaba anotado que se informó al INE; no se cambió."


class InvalidNotice(ValueError):
    """The date or the folio cannot be; `field` says which, `explanation` why."""

    def __init__(self, field: str, explanation: str) -> None:
        self.field, self.explanation = field, explanation
        super().__init__(explanation)


@transaction.atomic
def begin_draft(
    *, process: Process, kind: Kind, user: User, base: QuestionnaireDefinition | None = None
) -> DefinitionDraft:
    """Begin a new version from the one in force, or open the draft that there is.

    Args:
        base: the version to begin from, where the process asks nothing of this kind yet.

    Raises: NotYours; EditRefused if there is nothing to begin from.
    """
    permissions.require(user, permissions.EDITS)
    in_use = selectors.in_force(process, kind)
    begun_from = in_use.stored if in_use else base
    if begun_from is None or begun_from.kind != kind.key:
        raise EditRefused("Elige la versión de la que se parte.")
    content = deepcopy(begun_from.content)
    if in_use is not None:
        content["counting_rule"] = in_use.rule
    draft, _is_new = DefinitionDraft.objects.get_or_create(
        process=process,
        kind=kind.key,
        defaults={"begun_from": begun_from, "content": content, "changed_by": user},
    )
    return draft


def _locked(draft_id: int, user: User) -> DefinitionDraft:
    permissions.require(user, permissions.EDITS)
    draft = DefinitionDraft.objects.select_for_update(of=("self",)).filter(pk=draft_id).first()
    if draft is None:
        raise DraftGone(DraftGone.explanation)
    return draft


def _keep(draft: DefinitionDraft, content: Content, user: User) -> DefinitionDraft:
    if content != draft.content:
        draft.content, draft.edition = content, draft.edition + 1
        draft.changed_at, draft.changed_by = timezone.now(), user
        draft.save(update_fields=["content", "edition", "changed_at", "changed_by"])
    return draft


@transaction.atomic
def write_names(
    *, draft_id: int, said: Mapping[str, str], opened: str, user: User
) -> DefinitionDraft:
    """Change the title and the counting rule of a draft.

    Args:
        opened: `selectors.names_mark` of what the form was opened with.

    Raises: NotYours, DraftGone, PartChanged.
    """
    draft = _locked(draft_id, user)
    if selectors.names_mark(draft.content) != opened:
        raise PartChanged(draft.content)
    return _keep(draft, {**draft.content, **said}, user)


@transaction.atomic
def write_question(
    *,
    draft_id: int,
    key: str,
    said: Mapping[str, Any],
    section: str,
    opened: str,
    user: User,
) -> str:
    """Add a question, or change it; gives its key.

    A renamed question keeps its key. With another type it is another question and gets a new key,
    because its answers would otherwise pass for answers to the one before.

    Args:
        key: which question; empty adds one at the end of the section.
        said: what it says, as definitions write it, without its key.
        section: where it is asked.
        opened: `selectors.question_mark` of what the form was opened with.

    Raises: NotYours, DraftGone, PartChanged, EditRefused.
    """
    draft = _locked(draft_id, user)
    content, used = draft.content, selectors.types_used(draft.kind)
    if key and selectors.question_mark(content, key) != opened:
        raise PartChanged(content)
    if not key:
        key = editing.free_key(content, said, used)
    elif of_another_type({**said, "key": key}, used):
        if names := editing.dependents(content, {key}):
            raise EditRefused(
                f"No se cambia de tipo todavía: según su respuesta se pregunta «{names[0]}»."
                " Cambia primero cuándo se pregunta."
            )
        other = editing.free_key(content, said, used)
        content, key = editing.with_other_key(content, key, other), other
    _keep(draft, editing.put_question(content, key, said, section=section), user)
    return key


@transaction.atomic
def write_section(
    *, draft_id: int, key: str, said: Mapping[str, str], opened: str, user: User
) -> str:
    """Add a section, or change what it says; gives its key. Args and errors: `write_question`."""
    draft = _locked(draft_id, user)
    if key and selectors.section_mark(draft.content, key) != opened:
        raise PartChanged(draft.content)
    key = key or editing.free_part_key(draft.content, said["title"], reserved_section_keys())
    _keep(draft, editing.put_section(draft.content, key, said), user)
    return key


@transaction.atomic
def write_chapter(
    *, draft_id: int, key: str, said: Mapping[str, str], opened: str, user: User
) -> str:
    """Add a chapter, or change what it says; gives its key. Args and errors: `write_question`."""
    draft = _locked(draft_id, user)
    if key and selectors.chapter_mark(draft.content, key) != opened:
        raise PartChanged(draft.content)
    key = key or editing.free_part_key(draft.content, said["title"], set())
    _keep(draft, editing.put_chapter(draft.content, key, said), user)
    return key


def move_part(
    *, draft_id: int, what: str, key: str, way: str, edition: int, user: User
) -> DefinitionDraft:
    """Move a section, a question or a chapter one place.

    Args:
        what: "apartado", "pregunta" or "capitulo". way: editing.UP or editing.DOWN.
        edition: the draft's, as the page showed it.

    Raises: NotYours, DraftGone, DraftMovedOn.
    """
    return _rearranged(
        draft_id, edition, user, lambda content: editing.move(content, what, key, way)
    )


def remove_part(*, draft_id: int, what: str, key: str, edition: int, user: User) -> DefinitionDraft:
    """Take a section, a question or a chapter out. Args and errors: `move_part`, EditRefused."""
    return _rearranged(draft_id, edition, user, lambda content: editing.remove(content, what, key))


@transaction.atomic
def _rearranged(
    draft_id: int, edition: int, user: User, change: Callable[[Content], Content]
) -> DefinitionDraft:
    draft = _locked(draft_id, user)
    if draft.edition != edition:
        raise DraftMovedOn(DraftMovedOn.explanation)
    return _keep(draft, change(draft.content), user)


@transaction.atomic
def discard_draft(*, draft_id: int, edition: int, user: User) -> None:
    """Throw a draft away; nothing of it was ever asked.

    Raises: NotYours, DraftGone, DraftMovedOn.
    """
    draft = _locked(draft_id, user)
    if draft.edition != edition:
        raise DraftMovedOn(DraftMovedOn.explanation)
    draft.delete()


@transaction.atomic
def put_in_force(
    *, draft_id: int, edition: int, in_force: int | None, user: User
) -> DefinitionChange | None:
    """Make a version of a draft, and have its process ask it from now on.

    What was answered keeps the version under which it was answered.

    Args:
        edition: the draft's, as the page showed it.
        in_force: id of the version in force with which the page compared it.

    Raises:
        NotYours, DraftGone, DraftMovedOn.
        NotReady: the draft has problems, or changes nothing.
    """
    permissions.require(user, permissions.PUTS_IN_FORCE)
    draft = _locked(draft_id, user)
    _lock_choices(draft.process)
    prospect = selectors.prospect_of(draft)
    now = prospect.in_force.stored.pk if prospect.in_force else None
    if draft.edition != edition or now != in_force:
        raise DraftMovedOn(DraftMovedOn.explanation)
    if prospect.problems:
        raise NotReady(prospect.problems)
    if prospect.in_force and not prospect.changes:
        raise NotReady(["El borrador dice lo mismo que la versión en vigor: no hay qué cambiar."])
    version = _store(draft)
    change = choose_version(
        process=draft.process,
        kind=kinds.kind(draft.kind),
        version=version,
        counting_rule="",
        user=user,
    )
    draft.delete()
    return change


def _lock_choices(process: Process) -> None:
    """Nobody else chooses a version for the process meanwhile; candidacies may still be added."""
    Process.objects.select_for_update(no_key=True).get(pk=process.pk)


def _store(draft: DefinitionDraft) -> QuestionnaireDefinition:
    """The draft as a version, under a name of its own."""
    version = QuestionnaireDefinition(
        content={**draft.content, "kind": draft.kind, "version": free_version(draft)}
    )
    version.full_clean(exclude=["kind", "version", "title"])
    version.save()
    return version


def free_version(draft: DefinitionDraft) -> str:
    """The name of the next version: the kind, the year of the election, and a number."""
    day = draft.process.election_date or timezone.localdate()
    wanted = f"{draft.kind}-{day.year}"
    taken = set(
        QuestionnaireDefinition.objects.filter(version__startswith=wanted).values_list(
            "version", flat=True
        )
    )
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


@transaction.atomic
def choose_version(
    *,
    process: Process,
    kind: Kind,
    version: QuestionnaireDefinition,
    counting_rule: str,
    user: User,
) -> DefinitionChange | None:
    """Have a process ask a version, and note what that changes, to inform INE of it.

    The first version of a process changes nothing, so nothing is noted; neither is a choice that
    asks the same.

    Args:
        counting_rule: the process's own; empty: the version's.

    Raises: NotYours.
    """
    permissions.require(user, permissions.PUTS_IN_FORCE)
    _lock_choices(process)
    before = selectors.in_force(process, kind)
    chosen = ProcessQuestionnaire.objects.filter(process=process, kind=kind.key).first()
    chosen = chosen or ProcessQuestionnaire(process=process, kind=kind.key)
    chosen.definition, chosen.counting_rule = version, counting_rule
    chosen.save()
    after = selectors.in_force(process, kind)
    return _noted(process, kind, before, after, user)


def _noted(
    process: Process, kind: Kind, before: InUse | None, after: InUse | None, user: User
) -> DefinitionChange | None:
    was, now = selectors.as_counted(before), selectors.as_counted(after)
    if process.is_rehearsal or before is None or after is None or was is None or now is None:
        return None
    found = differences(was, now)
    if not found:
        return None
    made_at = timezone.now()
    noted = DefinitionChange.objects.create(
        process=process,
        kind=kind.key,
        before=before.stored,
        after=after.stored,
        words=[change.words for change in found],
        made_at=made_at,
        actor_snapshot=snapshot_of(user),
        due_on=timezone.localtime(made_at).date() + timedelta(days=DAYS_TO_INFORM),
    )
    if any(change.is_seen_in_capture for change in found):
        notify(kind=CHANGED.key, about=noted.pk)
    return noted


@transaction.atomic
def mark_informed(*, change_id: int, informed_on: date, folio: str, user: User) -> DefinitionChange:
    """Note that INE was informed of a change, on which day and with which folio.

    Raises: NotYours, AlreadyInformed, InvalidNotice; DefinitionChange.DoesNotExist.
    """
    permissions.require(user, permissions.INFORMS)
    change = DefinitionChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    if change.informed_on is not None:
        raise AlreadyInformed(AlreadyInformed.explanation)
    if informed_on > timezone.localdate():
        raise InvalidNotice("informed_on", "La fecha no puede ser de un día que no ha llegado.")
    if informed_on < timezone.localtime(change.made_at).date():
        raise InvalidNotice("informed_on", "La fecha no puede ser anterior al cambio.")
    if not folio.strip():
        raise InvalidNotice("folio", "Escribe el folio del acuse de SIVOPLE.")
    change.informed_on, change.folio = informed_on, folio.strip()
    change.informed_snapshot = snapshot_of(user)
    change.save(update_fields=["informed_on", "folio", "informed_snapshot"])
    return change
