"""What this room adds to the admin: how the history words changes of the register."""

from typing import Any

from wagtail import hooks

from cms.publication import log_actions


@hooks.register("register_log_actions")
def register_in_history(actions: Any) -> None:
    log_actions.register(actions)
