"""Links to public pages, for the templates of both halves. Every template has this tag."""

from django import template

from cms.catalogs.addresses import public_link
from cms.catalogs.public_paths import PUBLIC_PATHS

register = template.Library()


@register.simple_tag
def public_page(name: str, *values: object) -> str:
    """The address of a public page: `{% public_page "municipality" territory.slug %}`.

    Returns: nothing if the public address is unknown; then `links_public` is false.
    """
    return public_link(PUBLIC_PATHS[name].path(*values))
