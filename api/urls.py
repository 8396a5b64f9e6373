"""Addresses of the API, under /api/v1/."""

from django.urls import path, re_path

from api import problems, schema, views

app_name = "api"
urlpatterns = [
    path("", views.Index.as_view(), name="indice"),
    path("candidaturas/", views.Candidacies.as_view(), name="candidaturas"),
    path("candidaturas/<int:candidacy_id>/", views.Candidacy.as_view(), name="candidatura"),
    path("candidaturas/<int:candidacy_id>/similares/", views.Similar.as_view(), name="similares"),
    path("sugerencias/", views.Suggestions.as_view(), name="sugerencias"),
    path("municipios/", views.Municipalities.as_view(), name="municipios"),
    path("actores/", views.Actors.as_view(), name="actores"),
    path("procesos/", views.Processes.as_view(), name="procesos"),
    path("noticias/", views.News.as_view(), name="noticias"),
    path("noticias/<slug:slug>/", views.OneNews.as_view(), name="noticia"),
    path("paginas/", views.Pages.as_view(), name="paginas"),
    path("paginas/<slug:slug>/", views.OnePage.as_view(), name="pagina"),
    path("esquema/", schema.Schema.as_view(), name="esquema"),
    re_path(r"^.*$", problems.unknown_address),
]
