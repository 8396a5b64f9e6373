"""Addresses of the list of candidacies, below the admin's."""

from django.urls import path

from cms.moderation import dossier, people, register, reopening, standing_views

app_name = "register"
urlpatterns = [
    path("", register.CandidacyListView.as_view(), name="index"),
    path("resultados/", register.CandidacyListView.as_view(results_only=True), name="results"),
    path("<int:candidacy_id>/", dossier.CandidacyView.as_view(), name="candidacy"),
    path("<int:candidacy_id>/reabrir/", reopening.ReopenView.as_view(), name="reopen"),
    path("<int:candidacy_id>/baja/", standing_views.EndView.as_view(), name="end"),
    path("<int:candidacy_id>/planilla/", standing_views.SlateView.as_view(), name="slate"),
    path("<int:candidacy_id>/reponer/", standing_views.ReinstateView.as_view(), name="reinstate"),
    path("<int:candidacy_id>/sustituir/", standing_views.ReplaceView.as_view(), name="replace"),
    path("<int:candidacy_id>/corregir/", standing_views.CorrectView.as_view(), name="correct"),
    path("<int:candidacy_id>/persona/", people.PersonView.as_view(), name="person"),
]
