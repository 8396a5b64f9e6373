"""What the first page of the admin says of the search server's index, and its button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin.ui.components import Component

from cms.accounts.permissions import require_administration
from cms.published.models import PublishedCandidacy
from search.engines import fallback
from search.engines.elasticsearch.failures import failures, try_again

MOST_NAMED = 10


class SearchPanel(Component):
    """Why the search server does not answer, and the changes that did not get into the index.

    Nothing is shown when all is well.
    """

    name = "buscador"
    order = 20
    template_name = "wagtailadmin/home/search.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        candidacy_ids = failures().candidacy_ids
        named = PublishedCandidacy.objects.filter(pk__in=candidacy_ids[:MOST_NAMED])
        return {
            "request": parent_context["request"],
            # A component is rendered without the request's own context.
            "csrf_token": get_token(parent_context["request"]),
            "trouble": fallback.trouble(),
            "count": len(candidacy_ids),
            "names": list(named.order_by("sort_key").values_list("name", flat=True)),
            "others": max(len(candidacy_ids) - MOST_NAMED, 0),
        }


@require_POST
def try_again_view(request: HttpRequest) -> HttpResponse:
    """Try again all that failed. Raises: NotAnAdministrator."""
    require_administration(request.user)
    count = try_again()
    told = ngettext(
        "%d cambio se va a intentar otra vez.", "%d cambios se van a intentar otra vez.", count
    )
    messages.success(request, told % count)
    return redirect("wagtailadmin_home")
