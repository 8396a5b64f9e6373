"""`manage.py demo_code ACCOUNT`: the code of the second factor of a demo account, as of now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.demo import accounts


class Command(BaseCommand):
    """Says what an application of codes would show."""

    help = "Dice el código del segundo paso de una cuenta de la demostración."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="CUENTA", help="Como «revision».")

    def handle(self, *args: Any, **options: Any) -> None:
        code = accounts.code_of(options["username"]) if settings.DEMO_ALLOWED else None
        if code is None:
            raise CommandError(
                f"«{options['username']}» no es una cuenta de la demostración de esta máquina."
            )
        self.stdout.write(code)
