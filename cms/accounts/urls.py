"""Signing in and out. django-allauth's views; no sign-up."""

from allauth.account.views import LogoutView
from django.urls import path, re_path

from cms.accounts import (
    account_views,
    activation_views,
    factor_views,
    link_views,
    new_email_views,
    password_views,
    views,
)

_NAME = r"[0-9a-f]{16}"
urlpatterns = [
    path("", views.SignInView.as_view(), name="account_login"),
    path("salir/", LogoutView.as_view(), name="account_logout"),
    path("sesion/", views.session, name="session"),
    path("listo/", views.signed_in, name="signed_in"),
    path("retomar/", views.resume_forms, name="resume_forms"),
    re_path(rf"^retomar/(?P<name>{_NAME})/$", views.resume_form, name="resume"),
    re_path(rf"^retomar/(?P<name>{_NAME})/descartar/$", views.let_go, name="resume_let_go"),
    path("segundo-paso/", factor_views.SecondStepView.as_view(), name="mfa_authenticate"),
    path("segundo-paso/confirmar/", factor_views.confirm, name="account_reauthenticate"),
    path("segundo-paso/activar/", factor_views.choose, name="second_factor_choose"),
    path("segundo-paso/activar/codigos/", factor_views.activate_codes, name="mfa_activate_totp"),
    path("segundo-paso/activar/llave/", factor_views.add_key, name="mfa_add_webauthn"),
    path("cuenta/", account_views.home, name="account_home"),
    path("cuenta/contrasena/", account_views.password, name="account_change_password"),
    path("cuenta/correo/", account_views.email, name="account_own_email"),
    path("cuenta/respaldo/", factor_views.recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "cuenta/respaldo/otros/",
        account_views.make_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("cuenta/pasos/<int:factor_id>/quitar/", account_views.remove_factor, name="factor_remove"),
    path(
        "cuenta/sesiones/<int:place_id>/terminar/",
        account_views.end_session,
        name="account_end_session",
    ),
    path("cuenta/sesiones/terminar/", account_views.end_others, name="account_end_others"),
    path("contrasena/", password_views.ask, name="password_link_ask"),
    path("contrasena/nueva/", password_views.use, name="password_link_use"),
    path("contrasena/<str:token>/", password_views.arrived, name="password_link_arrived"),
    path("correo/", new_email_views.use, name="new_email_use"),
    path("correo/<str:token>/", new_email_views.arrived, name="new_email_arrived"),
    path("enlace/", link_views.ask, name="account_link_ask"),
    path("enlace/entrar/", link_views.use, name="account_link_use"),
    path("enlace/<str:token>/", link_views.arrived, name="account_link_arrived"),
    path("activar/", activation_views.ask, name="account_activation"),
    path("activar/recibir/", activation_views.receive, name="account_activation_receive"),
    path("activar/contrasena/", activation_views.choose, name="account_activation_choose"),
    path("activar/<str:code>/", activation_views.arrived, name="account_activation_arrived"),
]
