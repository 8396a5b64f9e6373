"""Addresses of the manuals, under /ayuda/."""

from django.urls import path

from conoceles_site.manuals import views

app_name = "manuals"
urlpatterns = [
    path("", views.first, name="first"),
    path("imagenes/<slug:name>.webp", views.picture, name="picture"),
    path("<slug:slug>/", views.manual, name="manual"),
    path("<slug:slug>/manual.pdf", views.document, name="document"),
]
