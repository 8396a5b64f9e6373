"""Every role asks for every address outside the editor's pages. ADR 0020."""

import pytest

from tests.security import table
from tests.security.scene import Scene
from tests.security.walk import addresses, routes
from tests.security.walk_checks import check, scene  # noqa: F401

pytestmark = pytest.mark.django_db


def test_each_role_sees_and_changes_only_what_it_may_at_every_address(scene: Scene) -> None:  # noqa: F811
    check(scene, "rest")


def test_every_route_of_the_configuration_has_an_entry_and_every_entry_a_route(
    scene: Scene,  # noqa: F811
) -> None:
    names = {address.name for address in addresses(scene)}
    walked = {route for route in routes() if any(name.startswith(route) for name in names)}
    assert walked == set(routes())
    assert names == set(table.read())
