"""django-allauth's second factors as we keep them: no secret is readable in the database."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.keys import seal, unseal

PURPOSE = "second factor"
# As long as an authenticator shows without cutting it.
LONGEST_NAME = 60


class SealedFactors(DefaultMFAAdapter):
    """Seals secrets with CONOCELES_ENCRYPTION_KEY, and names what people see."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("No funcionó. Inténtalo otra vez."),
    }

    def encrypt(self, text: str) -> str:
        return seal(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(PURPOSE, encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Conóceles"}

    def _get_user_identifier(self, user: Any) -> str:
        """The name of the account: an e-mail is a personal datum that authenticators would keep."""
        return str(user.get_username())

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        name = self._get_user_identifier(user)
        return {**super().get_public_key_credential_user_entity(user), "display_name": name}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return _("Mi llave de acceso")
