"""Django's registration of this room."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "search"

    def ready(self) -> None:
        from cms.published import changes
        from search import (
            checks,  # noqa: F401 (registers)
            public_words,
        )
        from search.engines.elasticsearch import tasks
        from search.engines.postgres import functions

        changes.register("search", tasks.enqueue)
        changes.register("search_words", public_words.rows_changed)

        post_migrate.connect(
            functions.after_migrating,
            sender=apps.get_app_config("published"),
            dispatch_uid="search_functions",
        )
