"""Every address of the editor's pages, choosers, reports and workflows, by every role. ADR 0020."""

import pytest

from tests.security.scene import Scene
from tests.security.walk_checks import check, scene  # noqa: F401


@pytest.mark.django_db
def test_each_role_sees_changes_and_learns_about_pages_what_it_may(scene: Scene) -> None:  # noqa: F811
    check(scene, "pages")
