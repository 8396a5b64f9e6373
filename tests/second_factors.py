"""Sessions of tests: `client.force_login` gives one that has passed the second factor.

Nearly every test of staff is about what they do once they are inside. A test about the second
factor itself signs in with `with_password_alone`.
"""

import time
from typing import Any

from django.test import Client

# As `cms.accounts.second_factor` has them, which cannot be imported before Django is ready.
PROOFS, PROVED_BY = "account_authentication_methods", "account_authentication_methods_user"
_force_login = Client.force_login


def install() -> None:
    """Let `force_login` of every client write down what the second factor writes down."""
    Client.force_login = _passed  # type: ignore[method-assign,assignment]


def _passed(self: Client, user: Any, backend: str | None = None) -> None:
    _force_login(self, user, backend)
    pass_second_factor(self, user)


def pass_second_factor(client: Client, user: Any, *, ago: float = 0) -> None:
    """Write down in a client's session that its account proved a factor `ago` seconds before."""
    session = client.session
    proof = {"method": "mfa", "type": "totp", "at": time.time() - ago}
    session[PROOFS] = [proof]
    session[PROVED_BY] = str(user.pk)
    session.save()


def with_password_alone(client: Client, user: Any) -> None:
    """Sign in as far as a right password leads: the second factor has not been asked yet."""
    backend = "django.contrib.auth.backends.ModelBackend"
    _force_login(client, user, backend)
    session = client.session
    session[PROOFS] = [{"method": "password", "at": time.time()}]
    session[PROVED_BY] = str(user.pk)
    session.save()


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_codes(user: Any) -> None:
    """Give an account codes of an application with the secret `SECRET`; any code is unused."""
    from allauth.mfa.models import Authenticator

    from cms.accounts import factors

    row = Authenticator.objects.filter(user=user, type="totp").first()
    if row is None:
        factors.set_up_codes(user=user, secret=SECRET)
    else:
        row.data["last"] = 0
        row.save()


def code() -> str:
    """The code of now, of the accounts of `give_codes`."""
    from cms.accounts.factors import code_of_now

    return code_of_now(SECRET)


def enter(client: Client, data: dict[str, Any]) -> Any:
    """Send the sign-in form and, for staff, a code. Returns the answer that leads on."""
    from cms.accounts.models import User

    user = User.objects.filter(username__iexact=data["login"]).first()
    if user is None or not user.is_institute_staff:
        return client.post("/acceso/", data)
    give_codes(user)
    answer = client.post("/acceso/", data)
    if answer.status_code == 302 and answer["Location"] == "/acceso/segundo-paso/":
        return client.post("/acceso/segundo-paso/", {"code": code()})
    return answer
