"""The search of this room's lists: by the name of the file, without its accents."""

from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from wagtail.admin.forms.search import SearchForm


def _folded(text: Any) -> Func:
    return Func(Lower(text), function="unaccent", output_field=TextField())


class SearchedByName:
    """A list that is searched by one column, whatever its capitals and accents."""

    is_searchable = True
    named_by = "name"
    request: Any
    is_searching: bool
    search_query: str

    def get_search_form(self) -> SearchForm:
        return SearchForm(self.request.GET or None, placeholder=_("Buscar por archivo"))

    def search_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.is_searching:
            return queryset
        named = queryset.annotate(folded=_folded(F(self.named_by)))
        found: QuerySet[Any] = named.filter(folded__contains=_folded(Value(self.search_query)))
        return found
