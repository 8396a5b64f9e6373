"""How the history of a process, and of its offices, words what was done to many rows at once."""

from typing import Any

from django.utils.translation import gettext_lazy, ngettext_lazy
from wagtail.log_actions import LogActionRegistry, LogFormatter

CONTESTS_ADDED = "catalogs.contests_added"
CONTESTS_REMOVED = "catalogs.contests_removed"
DISTRICTS_LOADED = "catalogs.districts_loaded"
SEATS_CHANGED = "catalogs.seats_changed"
OFFICES_ADDED = "catalogs.offices_added"
OFFICE_REMOVED = "catalogs.office_removed"
ACTORS_COPIED = "catalogs.actors_copied"

# Action → its name, and what was done with as many as `cuantos` says.
_WORDS: dict[str, tuple[Any, Any]] = {
    CONTESTS_ADDED: (
        gettext_lazy("Agregar elecciones"),
        ngettext_lazy("Agregó %(cuantos)s elección", "Agregó %(cuantos)s elecciones", "cuantos"),
    ),
    CONTESTS_REMOVED: (
        gettext_lazy("Quitar elecciones"),
        ngettext_lazy("Quitó %(cuantos)s elección", "Quitó %(cuantos)s elecciones", "cuantos"),
    ),
    DISTRICTS_LOADED: (
        gettext_lazy("Cambiar municipios de distritos"),
        ngettext_lazy(
            "Cambió los municipios de %(cuantos)s distrito",
            "Cambió los municipios de %(cuantos)s distritos",
            "cuantos",
        ),
    ),
    SEATS_CHANGED: (
        gettext_lazy("Cambiar lugares"),
        ngettext_lazy(
            "Cambió los lugares de %(cuantos)s elección",
            "Cambió los lugares de %(cuantos)s elecciones",
            "cuantos",
        ),
    ),
    OFFICES_ADDED: (
        gettext_lazy("Agregar cargos"),
        ngettext_lazy("Agregó %(cuantos)s cargo", "Agregó %(cuantos)s cargos", "cuantos"),
    ),
    OFFICE_REMOVED: (
        gettext_lazy("Quitar un cargo"),
        ngettext_lazy("Quitó %(cuantos)s cargo", "Quitó %(cuantos)s cargos", "cuantos"),
    ),
    ACTORS_COPIED: (
        gettext_lazy("Copiar actores políticos"),
        ngettext_lazy(
            "Copió %(cuantos)s actor político",
            "Copió %(cuantos)s actores políticos",
            "cuantos",
        ),
    ),
}


def _formatter(name: Any, words: Any) -> type[LogFormatter]:
    class Formatter(LogFormatter):
        label = name

        def format_message(self, log_entry: Any) -> str:
            return str(words % {"cuantos": log_entry.data.get("cuantos", 0)})

    return Formatter


def register(actions: LogActionRegistry) -> None:
    """Register the wording of each entry."""
    for action, (name, words) in _WORDS.items():
        actions.register_action(action)(_formatter(name, words))
