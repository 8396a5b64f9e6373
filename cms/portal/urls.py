"""Public addresses of the portal. Editorial pages are Wagtail's own."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from cms.portal import views


class PhotographName(StringConverter):
    """`<uuid>.jpg` or `<uuid>-s.jpg`."""

    regex = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-s)?\.jpg"


register_converter(PhotographName, "photograph")

urlpatterns = [
    path("buscar/", views.search_page, name="search"),
    path("municipios/", views.municipality_list, name="municipalities"),
    path("municipios/<slug:slug>/", views.municipality, name="municipality"),
    path("candidaturas/<int:candidacy_id>/", views.candidacy),
    path("candidaturas/<int:candidacy_id>/<slug:slug>/", views.candidacy, name="candidacy"),
    path("fotos/<photograph:name>", views.photograph, name="photograph"),
    path("actores.css", views.actor_colours, name="actor_colours"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("favicon.ico", views.favicon),
    path("robots.txt", views.robots, name="robots"),
]
