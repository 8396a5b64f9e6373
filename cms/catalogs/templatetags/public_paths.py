"""Links to public pages, from the templates of either half. Every template has this tag."""

from django import template

from cms.catalogs.addresses import public_link
from cms.catalogs.public_paths import PUBLIC_PATHS

register = template.Library()


@register.simple_tag
def public_page(name: str, *values: object) -> str:
    """Where a public page is, as `{% public_page "municipality" territory.slug %}`.

    Returns: empty where nobody knows the public address; `links_public` says so beforehand.
    """
    return public_link(PUBLIC_PATHS[name].path(*values))
