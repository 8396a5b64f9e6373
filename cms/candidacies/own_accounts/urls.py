"""Addresses of the accounts of a process, below the admin's."""

from django.urls import path

from cms.candidacies.own_accounts import list_views, views

app_name = "own_accounts"
urlpatterns = [
    path("", views.CurrentView.as_view(), name="current"),
    path("<int:process_id>/", list_views.CandidaciesView.as_view(), name="index"),
    path("<int:process_id>/enlaces/", list_views.LiaisonsView.as_view(), name="liaisons"),
    path("<int:process_id>/enlaces/nuevos/", views.NewLiaisonsView.as_view(), name="new_liaisons"),
    path("<int:process_id>/generar/", views.GenerateView.as_view(), name="generate"),
    path("<int:process_id>/accion/", views.ActionView.as_view(), name="action"),
    path("<int:process_id>/entrega/", views.DeliveryView.as_view(), name="delivery"),
    path("<int:process_id>/trabajo/<int:run_id>/", views.RunView.as_view(), name="run"),
    path(
        "<int:process_id>/trabajo/<int:run_id>/avance/",
        views.RunProgressView.as_view(),
        name="run_progress",
    ),
    path(
        "<int:process_id>/trabajo/<int:run_id>/hojas.pdf",
        views.SheetsView.as_view(),
        name="sheets",
    ),
    path("<int:process_id>/cuenta/<int:user_id>/", views.AccountView.as_view(), name="account"),
    path(
        "<int:process_id>/acuse/<int:receipt_id>.pdf", views.ReceiptView.as_view(), name="receipt"
    ),
]
