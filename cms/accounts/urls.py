"""Signing in and out. django-allauth's views; no sign-up."""

from allauth.account.views import LogoutView
from django.urls import path, re_path

from cms.accounts import link_views, views

_NAME = r"[0-9a-f]{16}"
urlpatterns = [
    path("", views.SignInView.as_view(), name="account_login"),
    path("salir/", LogoutView.as_view(), name="account_logout"),
    path("sesion/", views.session, name="session"),
    path("listo/", views.signed_in, name="signed_in"),
    path("retomar/", views.resume_forms, name="resume_forms"),
    re_path(rf"^retomar/(?P<name>{_NAME})/$", views.resume_form, name="resume"),
    re_path(rf"^retomar/(?P<name>{_NAME})/descartar/$", views.let_go, name="resume_let_go"),
    path("enlace/", link_views.ask, name="account_link_ask"),
    path("enlace/entrar/", link_views.use, name="account_link_use"),
    path("enlace/<str:token>/", link_views.arrived, name="account_link_arrived"),
]
