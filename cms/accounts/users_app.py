"""Wagtail's registration of users, with our forms of accounts."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "cms.accounts.viewsets.AccountViewSet"
