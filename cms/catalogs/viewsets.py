"""Views of the admin's catalogues: two people at one row, and a list whose terms are searched."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib import messages
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.db.models import CharField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Lower
from django.forms.models import modelform_factory
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views.generic import CreateView, EditView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from cms.catalogs.forms import CatalogForm, TermsField
from cms.catalogs.listing import CountedIndexView
from cms.catalogs.text_fields import CleanLineField


class CatalogEditView(EditView):
    """Saves a row while nobody else can: the form compares it with what it was opened with."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            try:
                rows = self.get_queryset().select_for_update(of=("self",))
                self.object = self.get_object(rows)
            except Http404:
                messages.error(request, _("Se borró mientras lo editabas; no se guardó nada."))
                return redirect(self.index_url_name)
            saved: HttpResponseBase = super().post(request, *args, **kwargs)
            return saved


def steps_of(process: Any) -> str:
    """The address of the steps in which a process is set up."""
    return reverse("setup:steps", args=[process.pk])


STEPS_COLUMN = TitleColumn(
    "steps", label=_("Preparar"), accessor=lambda _process: _("Ver los pasos"), get_url=steps_of
)


class ProcessEditView(CatalogEditView):
    """The form of a process, with the way to everything else that sets it up."""

    @property
    def header_buttons(self) -> list[Any]:
        address = steps_of(self.object)
        return [HeaderButton(gettext("Ver los pasos"), url=address, icon_name="tasks")]


class CatalogCreateView(CreateView):
    """Begins with the process that the address names, where rows are of a process."""

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_initial()
        return {**initial, **self.initial_of_process(number(self.request.GET.get("process")))}

    def initial_of_process(self, pk: int) -> dict[str, Any]:
        """What a form begins with for the process of an id; 0 when there is none."""
        return {"process": pk} if pk else {}


def number(text: str | None) -> int:
    """A number that was sent; 0, which no row has, when it is none."""
    is_one = text is not None and text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if text is not None and is_one else 0


class CatalogViewSet(ModelViewSet):
    """A catalogue whose form does not write over what somebody else changed meanwhile."""

    copy_view_enabled = False
    index_view_class = CountedIndexView
    add_view_class = CatalogCreateView
    edit_view_class = CatalogEditView
    base_form: ClassVar[Any] = CatalogForm
    help_texts: ClassVar[dict[str, Any]] = {}

    def get_form_class(self, for_update: bool = False) -> Any:
        return modelform_factory(
            self.model,
            form=self.base_form,
            fields=self.get_form_fields(),
            formfield_callback=self.formfield_for_dbfield,
            help_texts=self.help_texts,
        )

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, ArrayField):
            kwargs["form_class"] = TermsField
        elif type(db_field) is CharField and not db_field.choices:
            kwargs["form_class"] = CleanLineField
        return super().formfield_for_dbfield(db_field, **kwargs)


class InUseFilterSet(WagtailFilterSet):
    """Rows in use, and rows that are kept; Wagtail's own filter says «True»."""

    active = django_filters.ChoiceFilter(
        label=_("En uso"), choices=[("1", _("Sí")), ("0", _("No"))], widget=forms.RadioSelect
    )


class WordsIndexView(CountedIndexView):
    """A list of words, as a dictionary orders them; those kept as an array are searched too."""

    def get_base_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_base_queryset()
        fields = {field.name for field in self.model._meta.get_fields()}
        array = F("terms" if "terms" in fields else "names")
        written = Func(array, Value(", "), function="array_to_string", output_field=TextField())
        first = F("familiar") if "familiar" in fields else written
        position = Func(Lower(first), function="unaccent", output_field=TextField())
        listed: QuerySet[Any] = rows.annotate(written=written, position=position)
        return listed
