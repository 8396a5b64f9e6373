"""Corrections of what was registered: each with its reason, and a history that only grows.

After a change of identity the former name is kept nowhere (ADR 0058): not in the page, its
revisions, addresses, history or search entries, nor in what was corrected before.
Source: LGPDPPSO 19, 24 (minimisation), 43 (rectification); LGIPE 241.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.candidacies import ending
from cms.candidacies.bulk_pages import LONGEST_SLUG
from cms.candidacies.ending import CannotChange, Moved
from cms.candidacies.ending_models import (
    CorrectedField,
    CorrectionKind,
    RegistrationCorrection,
    name_of,
)
from cms.candidacies.former_names import forget_former, former_words
from cms.candidacies.models import CandidacyPage, Person
from cms.candidacies.services import folded
from cms.catalogs.models import Sex

# What a change of identity may change: the rest of the register says nothing of who one is.
OF_IDENTITY = frozenset({"name", "nickname", "sex"})
# A changed sex is told to nobody: it would say more of the person than of the register.
_TOLD = [field for field in CorrectedField.values if field != CorrectedField.SEX]
_COLUMNS = ["title", "name", "folded_name", "nickname", "list_number", "sex", "age", "actor"]
_ADDRESS = ["slug", "url_path"]


@dataclass(frozen=True, slots=True)
class Correction:
    """Why the register is corrected.

    Attributes:
        agreement: the document that says so: an agreement, a letter, a birth certificate.
    """

    kind: str
    reason: str
    agreement: str = ""


def public_corrections(candidacy_ids: Collection[int]) -> dict[int, list[dict[str, str]]]:
    """What everybody may know of the corrections of candidacies: field and day (one query)."""
    rows = (
        RegistrationCorrection.objects.filter(candidacy__in=candidacy_ids, field__in=_TOLD)
        .exclude(kind=CorrectionKind.IDENTITY)
        .order_by("-at", "-pk")
    )
    found: dict[int, list[dict[str, str]]] = {}
    for pk, field, at in rows.values_list("candidacy_id", "field", "at"):
        said = {
            "campo": _PUBLIC_NAMES[field],
            "etiqueta": str(CorrectedField(field).label),
            "fecha": timezone.localtime(at).date().isoformat(),
        }
        if said not in found.setdefault(pk, []):
            found[pk].append(said)
    return found


_PUBLIC_NAMES: Mapping[str, str] = {
    "name": "nombre",
    "nickname": "sobrenombre",
    "list_number": "numero_lista",
    "age": "edad",
    "actor": "actor_politico",
}


def changed(candidacy: CandidacyPage, wanted: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields to which `wanted` gives another value: field → before and after."""
    return {
        field: (getattr(candidacy, field), value)
        for field, value in wanted.items()
        if getattr(candidacy, field) != value
    }


@transaction.atomic
def correct_registration(
    *,
    candidacy: CandidacyPage,
    wanted: Mapping[str, Any],
    correction: Correction,
    seen: int,
    by: User,
) -> list[CandidacyPage]:
    """Correct the register of a candidacy that the caller has locked.

    Args:
        wanted: the members of `CorrectedField` that were in the form, with their values.
        seen: the revision of the page over which the form was filled in.

    Returns: the candidacies that changed: after a change of identity, all of the person's.
    Raises: NotYours; CannotChange; nothing was written.
    """
    ending.require_register(by)
    if candidacy.latest_revision_id != seen:
        raise Moved(
            _("Alguien cambió este registro mientras escribías. Compara y guarda de nuevo.")
        )
    differing = changed(candidacy, wanted)
    _require_reasonable(candidacy, differing, correction)
    if correction.kind == CorrectionKind.IDENTITY:
        return _change_identity(candidacy, differing, correction, by)
    _assign(candidacy, differing, by)
    _note(candidacy, differing, correction, by)
    return [candidacy]


def _require_reasonable(
    candidacy: CandidacyPage, differing: Mapping[str, Any], correction: Correction
) -> None:
    if correction.kind not in CorrectionKind.values:
        raise CannotChange(_("Elige por qué se corrige."), field="kind")
    if not differing:
        raise CannotChange(_("Todo quedó igual: cambia al menos un dato."))
    if "name" in differing and not folded(differing["name"][1]):
        raise CannotChange(_("Escribe el nombre completo, con letras."), field="name")
    if "sex" in differing and differing["sex"][1] not in {"", *Sex.values}:
        raise CannotChange(_("Elige una de las opciones."), field="sex")
    if correction.kind != CorrectionKind.IDENTITY and not correction.reason.strip():
        raise CannotChange(_("Escribe qué estaba mal."), field="reason")
    if correction.kind == CorrectionKind.AGREEMENT and not correction.agreement.strip():
        raise CannotChange(_("Escribe el número del acuerdo."), field="agreement")
    if correction.kind == CorrectionKind.IDENTITY and not differing.keys() <= OF_IDENTITY:
        raise CannotChange(
            _(
                "Con un cambio de identidad solo cambian el nombre, el sobrenombre y el sexo o"
                " género. Corrige lo demás aparte."
            ),
            field="kind",
        )
    actor = differing.get("actor")
    if actor is not None and (actor[1] is None or actor[1].process_id != candidacy.process_id):
        raise CannotChange(_("Elige un actor político de este proceso."), field="actor")


def _assign(candidacy: CandidacyPage, differing: Mapping[str, Any], by: User) -> None:
    for field, (_before, after) in differing.items():
        setattr(candidacy, field, after)
    columns = list(_COLUMNS)
    if "name" in differing:
        candidacy.title, candidacy.folded_name = candidacy.name, folded(candidacy.name)
        before = candidacy.url_path
        _readdress(candidacy)
        columns += _ADDRESS
        _readdress_below(candidacy, before)
        Person.objects.filter(pk=candidacy.person_id).update(name=candidacy.name)
    ending.write([candidacy], by=by, columns=columns)


def _readdress(candidacy: CandidacyPage) -> None:
    """Give the page an address of its name now. No redirect leads from the one that it had."""
    stem = slugify(candidacy.name)[:LONGEST_SLUG].strip("-") or "candidatura"
    siblings = set(
        candidacy.get_siblings(inclusive=False)
        .filter(slug__startswith=stem)
        .values_list("slug", flat=True)
    )
    slug, number = stem, 1
    while slug in siblings:
        number += 1
        slug = f"{stem}-{number}"
    above = candidacy.url_path.rstrip("/").rpartition("/")[0]
    candidacy.slug, candidacy.url_path = slug, f"{above}/{slug}/"


def _readdress_below(candidacy: CandidacyPage, before: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "update wagtailcore_page set url_path = %s || substr(url_path, %s)"
            " where path like %s and depth > %s",
            [candidacy.url_path, len(before) + 1, f"{candidacy.path}%", candidacy.depth],
        )


def _note(
    candidacy: CandidacyPage, differing: Mapping[str, Any], correction: Correction, by: User
) -> None:
    is_identity = correction.kind == CorrectionKind.IDENTITY
    RegistrationCorrection.objects.bulk_create(
        RegistrationCorrection(
            candidacy=candidacy,
            field=field,
            kind=correction.kind,
            before="" if is_identity else _in_words(field, before),
            after="" if is_identity else _in_words(field, after),
            # A reason may quote the name; of an identity nothing is quoted.
            reason="" if is_identity else correction.reason.strip(),
            agreement=correction.agreement.strip(),
            by=by,
            by_name=name_of(by),
            at=timezone.now(),
        )
        for field, (before, after) in differing.items()
    )


def _in_words(field: str, value: Any) -> str:
    if value in {"", None}:
        return ""
    return str(Sex(value).label if field == CorrectedField.SEX else value)[:250]


def _change_identity(
    candidacy: CandidacyPage, differing: Mapping[str, Any], correction: Correction, by: User
) -> list[CandidacyPage]:
    """The person has another name: every candidacy of theirs, and all that named it."""
    others = CandidacyPage.objects.filter(person=candidacy.person_id).exclude(pk=candidacy.pk)
    same = ending.locked(list(others.values_list("pk", flat=True)))
    after = {field: values[1] for field, values in differing.items()}
    changes: list[CandidacyPage] = []
    for page in (candidacy, *same):
        of_page = changed(page, after)
        if of_page:
            former = former_words(page, after)
            _assign(page, of_page, by)
            _note(page, of_page, correction, by)
            forget_former(page, former)
            changes.append(page)
    return changes
