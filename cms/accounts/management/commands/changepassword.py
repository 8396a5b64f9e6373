"""`manage.py changepassword ACCOUNT`: in place of Django's, which leaves no trace."""

from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.accounts import services, throttle

MOST_TRIES = 3


class Command(BaseCommand):
    """Asks twice for another password of an account."""

    requires_migrations_checks = True
    help = "Cambia la contraseña de una cuenta. Queda en la auditoría, y sus sesiones terminan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="CUENTA", help="Su usuario, como «raiz».")

    def handle(self, *args: Any, **options: Any) -> str:
        name = options["username"]
        user = throttle.account_named(name)
        if user is None:
            raise CommandError(f"No hay una cuenta «{name}».")
        for _try in range(MOST_TRIES):
            password = getpass("Contraseña nueva: ")
            if password != getpass("La misma otra vez: "):
                self.stderr.write("Las dos contraseñas no son iguales.")
                continue
            try:
                services.change_password_from_server(user=user, password=password)
            except ValidationError as refused:
                self.stderr.write("\n".join(refused.messages))
                continue
            return f"«{user.username}» tiene otra contraseña."
        raise CommandError("La contraseña no cambió.")
