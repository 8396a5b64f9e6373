"""The entities of Mexico as forms offer them, and the rules about the entity of a process."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from cms.catalogs.models import Process


def choices() -> list[tuple[str, str]]:
    """The 32 entities by name, in Spanish order, after «none» (one query)."""
    from cms.catalogs.models import Territory, TerritoryKind

    entities = Territory.objects.filter(kind=TerritoryKind.ENTITY).order_by("sort_key")
    none = _("De varias entidades, o todavía no se sabe")
    return [("", none), *entities.values_list("entity_code", "name")]


def name_of(code: str) -> str:
    """The name of an entity; empty if there is none with this code."""
    from cms.catalogs.models import Territory, TerritoryKind

    entity = Territory.objects.filter(kind=TerritoryKind.ENTITY, entity_code=code).first()
    return entity.name if entity is not None else ""


def check_entity(process: "Process") -> None:
    """Raise ValidationError if a process cannot be of its entity.

    A process that has contests in one entity is not moved to another: candidacies stand in its
    contests, so its contests tell of them too.
    """
    from cms.catalogs.models import Contest, Process

    code = process.entity_code
    if code and not name_of(code):
        raise ValidationError({"entity_code": _("No es la clave de una entidad.")})
    if Process.objects.filter(pk=process.pk, entity_code=code).exists() or process.pk is None:
        return
    elsewhere = Contest.objects.filter(process_office__process=process)
    other = elsewhere.exclude(territory__entity_code=code).order_by("territory__sort_key")
    there = other.select_related("territory").first()
    if there is not None:
        said = _(
            "Este proceso ya tiene elecciones en %(entity)s, o candidaturas registradas ahí. Para"
            " cambiar la entidad, quita primero esas elecciones."
        )
        entity = name_of(there.territory.entity_code)
        raise ValidationError({"entity_code": said % {"entity": entity}})


def add_processes_one_by_one() -> None:
    """Wait, until the end of the transaction, for whoever else is adding a process.

    So a form that is sent twice finds the process that its first sending made.
    """
    with connection.cursor() as cursor:
        cursor.execute("lock table catalogs_process in share row exclusive mode")
