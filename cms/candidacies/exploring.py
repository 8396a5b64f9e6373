"""Which pages an account may know of in the admin. Any other page answers 404, in every view.

Wagtail itself shows the title of any page, published or not, to every account of the admin that
knows or guesses its number. Nobody knows of the pages that only services write: staff read
candidacies in a list of their own (`cms.moderation.register`).
Source: LGPDPPSO 19, 24-VIII and 36 (minimisation, by default, confidentiality). ADR 0020.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from cms.candidacies.sealed import is_sealed


def sealed_types() -> list[int]:
    """The content types of the pages that only services write."""
    models = [model for model in apps.get_models() if is_sealed(model)]
    return [kind.pk for kind in ContentType.objects.get_for_models(*models).values()]


class PagesOfTheRole(PagePermissionPolicy):
    """Wagtail's policy, without the pages of processes, territories, candidacies, questionnaires.

    The tree that staff browse is the editorial content. What is in the others is not edited there,
    and nobody but administrators may know the names before the Council makes them public.
    """

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Page]:
        """Pages for lists and reports."""
        return _editorial(super().instances_user_has_any_permission_for(user, actions))

    def explorable_instances(self, user: Any) -> QuerySet[Page]:
        """Pages for the explorer, choosers and history."""
        return _editorial(super().explorable_instances(user))


def _editorial(pages: QuerySet[Page]) -> QuerySet[Page]:
    return pages.exclude(content_type__in=sealed_types())


def explorable(user: Any) -> QuerySet[Page]:
    """The pages that an account may know of."""
    pages: QuerySet[Page] = policy_registry.get_by_type(Page).explorable_instances(user)
    return pages


def may_explore(user: Any, page_ids: Iterable[int]) -> bool:
    """Whether an account may know of all of these pages; of any page at all, if none is named."""
    wanted = set(page_ids)
    known = explorable(user).filter(pk__in=wanted) if wanted else explorable(user)
    return known.count() == len(wanted) if wanted else known.exists()
