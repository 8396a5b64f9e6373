"""Addresses of capture, under /captura/. `addresses.Addresses` makes those of a questionnaire."""

from django.urls import include, path, register_converter

from cms.capture import copy_views, document_views, views
from cms.capture.advice import views as advice
from cms.questionnaires.kinds import Kind, UnknownKind, kind_at


class KindConverter:
    """The path of a kind of questionnaire in an address."""

    regex = "[-a-zA-Z0-9_]+"

    def to_python(self, value: str) -> Kind:
        """The kind. Raises ValueError, so that other addresses are tried."""
        try:
            return kind_at(value)
        except UnknownKind:
            raise ValueError(value) from None

    def to_url(self, kind: Kind) -> str:
        """Its part of the address."""
        return kind.path


register_converter(KindConverter, "kind")

app_name = "capture"
_of_a_questionnaire = [
    path("", views.start, name="start"),
    path("revisar/", views.review, name="review"),
    path("copiar/", copy_views.copy, name="copy"),
    path("acuse/", views.receipt, name="receipt"),
    path("acuse/<int:number>.pdf", document_views.pdf, name="document"),
    path("acuse/<int:number>/sellado/", document_views.sealed, name="sealed"),
    path("fotografia/<uuid:photograph_id>.jpg", views.photograph, name="photograph"),
    path(
        "fotografia/<uuid:photograph_id>-s.jpg",
        views.photograph,
        {"size": "-s"},
        name="small_photograph",
    ),
    path("<slug:key>/", views.section, name="section"),
    path("<slug:key>/guardar/", views.autosave, name="autosave"),
]
urlpatterns = [
    path("", views.candidacies, name="candidacies"),
    path("aviso/", views.notice, name="notice"),
    path("asesorias/", advice.conversations, name="advice_list"),
    path("asesorias/nueva/", advice.ask, name="advice_ask"),
    path("asesorias/<int:request_id>/", advice.conversation, name="advice_conversation"),
    path("<int:candidacy_id>/<kind:kind>/", include(_of_a_questionnaire)),
    path("<int:candidacy_id>/", include(_of_a_questionnaire)),
]
