"""The political actors of a process, copied from another process."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from cms.catalogs.log_actions import ACTORS_COPIED
from cms.catalogs.models import PoliticalActor, Process

_COPIED = ("key", "acronym", "name", "kind", "members", "ballot_order", "color")


@transaction.atomic
def copy_actors(*, source: Process, target: Process, keys: Collection[str], by: Any) -> int:
    """Copy actors with their members, order and colours. Returns: how many are new.

    An actor of the target with the same key stays as it is.

    Args:
        keys: of the actors of the source that are copied.

    Raises: PermissionDenied.
    """
    if not by.has_perm("catalogs.add_politicalactor"):
        raise PermissionDenied
    locked = Process.objects.select_for_update(no_key=True).get(pk=target.pk)
    there = set(locked.actors.values_list("key", flat=True))
    new = [
        PoliticalActor(process=locked, **{name: getattr(actor, name) for name in _COPIED})
        for actor in source.actors.filter(key__in=keys)
        if actor.key not in there
    ]
    PoliticalActor.objects.bulk_create(new, ignore_conflicts=True)
    if new:
        names = [actor.name for actor in new]
        told = {"cuantos": len(new), "de": source.slug, "actores": names}
        log(locked, ACTORS_COPIED, user=by, data=told)
    return len(new)
