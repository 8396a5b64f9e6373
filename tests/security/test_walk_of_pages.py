"""Every role asks for every address of pages, choosers, reports and workflows. ADR 0020."""

import pytest

from tests.security.scene import Scene
from tests.security.walk_checks import check, scene  # noqa: F401


@pytest.mark.django_db
def test_each_role_sees_and_changes_only_what_it_may_of_pages(scene: Scene) -> None:  # noqa: F811
    check(scene, "pages")
