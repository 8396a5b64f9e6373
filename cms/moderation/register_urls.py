"""Addresses of the list of candidacies, below the admin's."""

from django.urls import path

from cms.moderation import dossier, register, reopening

app_name = "register"
urlpatterns = [
    path("", register.CandidacyListView.as_view(), name="index"),
    path("resultados/", register.CandidacyListView.as_view(results_only=True), name="results"),
    path("<int:candidacy_id>/", dossier.CandidacyView.as_view(), name="candidacy"),
    path("<int:candidacy_id>/reabrir/", reopening.ReopenView.as_view(), name="reopen"),
]
