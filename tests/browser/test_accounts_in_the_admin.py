"""The audit of accounts, and taking a lost second factor away, in Chromium."""

import pytest

pytestmark = pytest.mark.browser


def test_administrators_read_the_audit_and_take_a_lost_factor_away(administrator):
    page = administrator.page
    administrator.go("/admin/segundo-paso/")
    administrator.audit()
    page.get_by_label("Cuenta").fill("nadie.así")
    page.get_by_role("main").get_by_role("button", name="Quitar el segundo paso").click()
    page.wait_for_load_state()
    words = page.inner_text("main")
    assert "No hay una cuenta con ese usuario" in words
    assert "Elige por qué se quita." in words
    assert page.title().startswith("Error:")
    administrator.audit()

    administrator.go("/admin/auditoria/")
    assert "Se creó la cuenta" in page.inner_text("main")
    administrator.audit()
    page.get_by_role("link", name="Mi cuenta").first.click()
    page.wait_for_url("**/acceso/cuenta/")
