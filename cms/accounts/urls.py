"""Signing in and out. django-allauth's views; no sign-up."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("", views.LoginView.as_view(), name="account_login"),
    path("salir/", views.LogoutView.as_view(), name="account_logout"),
]
