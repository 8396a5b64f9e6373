"""The addresses of a server process that serves only the internal half."""

from conoceles_site import media, urls

handler404, handler403, handler500 = urls.handler404, urls.handler403, urls.handler500
urlpatterns = [*urls._internal(), *media.urlpatterns]
