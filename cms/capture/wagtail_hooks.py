"""What this room adds to the admin: how a draft of a version will be captured and read."""

from django.urls import URLResolver, include, path
from wagtail import hooks

from cms.capture import preview

_ADDRESSES = [
    path("<int:draft_id>/", preview.form, name="form"),
    path("<int:draft_id>/apartado/<slug:key>/", preview.section, name="section"),
    path("<int:draft_id>/lectura/", preview.reading, name="reading"),
]


@hooks.register("register_admin_urls")
def preview_urls() -> list[URLResolver]:
    return [path("cuestionarios/vista/", include((_ADDRESSES, "version_preview")))]
