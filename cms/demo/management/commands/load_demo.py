"""`manage.py load_demo`: the fictitious process of Coahuila 2024. Safe to repeat."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from cms.accounts.models import User
from cms.catalogs.addresses import internal_url
from cms.catalogs.models import Process
from cms.catalogs.public_paths import API, HOME, MUNICIPALITY, SEARCH
from cms.demo import accounts, roster
from cms.demo.loading import Loaded, is_silent, load_process, seats_to_walk
from cms.demo.news import publish_news
from cms.demo.walks import leave_every_state

WALKED_ACTOR = "pan"


class Command(BaseCommand):
    """Loads what is missing, and prints what to try."""

    help = "Carga el proceso ficticio de Coahuila 2024: personas, textos y retratos inventados."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Solo dice qué cargaría.")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ALLOWED:
            raise CommandError(
                "La demostración no se carga en producción: inventa candidaturas y cuentas en la"
                " base de datos de verdad. Ensaya en otra máquina con «make run»."
            )
        as_json = options["format"] == "json"
        if options["dry_run"]:
            counts = {"candidacies": len(roster.places()), "loaded": False}
            self.stdout.write(json.dumps(counts) if as_json else f"Cargaría {counts}")
            return
        loaded, states, news = self._load(quiet=as_json)
        process = Process.objects.get(slug=roster.PROCESS_SLUG)
        people = accounts.ensure_accounts(process)
        if as_json:
            self.stdout.write(json.dumps(self._report(loaded, states, news, people)))
        else:
            self._say_what_to_try(people)

    def _load(self, *, quiet: bool) -> tuple[Loaded | None, dict[str, int], int]:
        def say(text: str) -> None:
            if not quiet:
                self.stdout.write(text)

        with transaction.atomic():
            loaded = load_process(walked_actor=WALKED_ACTOR, say=say)
            if loaded is None:
                return None, {}, publish_news()
            states = self._walk(loaded, accounts.ensure_accounts(loaded.process))
            say("  " + ", ".join(f"{state}: {count}" for state, count in states.items()))
            return loaded, states, publish_news()

    def _walk(self, loaded: Loaded, people: list[accounts.DemoAccount]) -> dict[str, int]:
        names = {account.part: account.username for account in people}
        return leave_every_state(
            seats=seats_to_walk(loaded.seats, actor=WALKED_ACTOR),
            liaison=User.objects.get(username=names["enlace.pan"]),
            validator=User.objects.get(username=names["revision"]),
            silent=[seat for seat in loaded.seats if is_silent(seat)],
        )

    @staticmethod
    def _report(
        loaded: Loaded | None,
        states: dict[str, int],
        news: int,
        people: list[accounts.DemoAccount],
    ) -> dict[str, Any]:
        return {
            "loaded": loaded is not None,
            "candidacies": len(loaded.seats) if loaded else len(roster.places()),
            "with_answers": loaded.informed if loaded else None,
            "written": loaded.written if loaded else None,
            "states": states,
            "news": news,
            "users": [{"username": account.username, "role": account.role} for account in people],
        }

    def _say_what_to_try(self, people: list[accounts.DemoAccount]) -> None:
        self.stdout.write("\n  Direcciones")
        for address, words in (
            (HOME.path(), "portada; escribe un municipio, por ejemplo San Pedro"),
            (f"{SEARCH.path()}?q=agua+potable", "qué dicen sobre el agua potable"),
            (MUNICIPALITY.path("torreon"), "una boleta entera, con planillas"),
            ("/acceso/", "captura (enlaces) y administración (Instituto)"),
            ("/admin/", "revisión, noticias y catálogos"),
            (API.path(), "los mismos datos para programas"),
        ):
            self.stdout.write(f"    {internal_url(address):<48} {words}")
        self.stdout.write("\n  Cuentas de la demostración (solo en esta máquina)")
        for account in people:
            self.stdout.write(f"    {account.username:<16} {account.password:<20} {account.role}")
        if settings.CONOCELES_SECOND_FACTOR:
            self._say_second_factor(people)
        names = {account.part: account.username for account in people}
        for part, name in names.items():
            if part != name:
                self.stdout.write(
                    f"    La cuenta {part} ya era de alguien y quedó como estaba; usa {name}."
                )
        self.stdout.write(
            f"\n  Prueba: entra como {names['enlace.pan']}, corrige una observación y reenvía;"
            f" entra como {names['revision']} y apruébala; búscala en el portal."
        )

    def _say_second_factor(self, people: list[accounts.DemoAccount]) -> None:
        staff = next(account.username for account in people if account.is_staff)
        self.stdout.write(
            "\n  El personal del Instituto entra con segundo paso. El código del momento:"
            f"\n    .venv/bin/python manage.py demo_code {staff}"
            "\n  Para probar sin él: CONOCELES_SECOND_FACTOR=off make run"
        )
