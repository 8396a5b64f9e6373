"""How the lists of the admin write what their cells hold."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from cms.catalogs.listing import day, moment

register = template.Library()


@register.filter
def as_said(value: Any) -> Any:
    """Dates as Spanish writes them, without capitals, and yes or no; anything else as it is."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    return value
