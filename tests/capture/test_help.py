"""The institute's contact stands on every page that promises help."""

from typing import Any

import pytest
from django.test import Client

from cms.catalogs.models import PortalSettings
from cms.privacy import selectors, services

PAGES = ("/acceso/", "/captura/", "/captura/{id}/", "/accesibilidad/", "/privacidad/", "/nada/")


@pytest.mark.parametrize("path", PAGES)
def test_the_contact_stands_where_help_is_promised(
    client: Client, make_candidacy: Any, liaison: Any, path: str
) -> None:
    portal = PortalSettings.load()
    portal.contact_email = "ayuda@instituto.example"
    portal.contact_telephone = "844 123 4567"
    portal.contact_answer_days = 3
    portal.save()
    candidacy = make_candidacy()
    if path.startswith("/captura/"):
        notice = selectors.notice_in_force()
        assert notice is not None
        services.accept_notice(user=liaison, notice_hash=selectors.notice_hash(notice))
        client.force_login(liaison)

    text = client.get(path.format(id=candidacy.pk), follow=True).content.decode()

    assert "mailto:ayuda@instituto.example" in text
    assert "tel:+528441234567" in text
    assert "3 días hábiles" in text
