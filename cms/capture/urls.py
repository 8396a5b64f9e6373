"""Addresses of capture, under /captura/."""

from django.urls import URLPattern

app_name = "capture"
urlpatterns: list[URLPattern] = []
