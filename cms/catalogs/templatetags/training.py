"""The mark of a training copy, for every template, also those without a request."""

from typing import Any

from django import template

from cms.catalogs import training

register = template.Library()


@register.simple_tag
def training_copy() -> bool:
    """Whether this is a training copy: `{% training_copy as is_training %}`."""
    return training.is_training()


@register.inclusion_tag("components/training_bar.html")
def training_bar() -> dict[str, Any]:
    """The bar at the top of every page of a training copy; elsewhere nothing."""
    return {"is_training": training.is_training(), "mark": training.MARK, "more": training.NO_MAIL}


@register.inclusion_tag("components/training_mail.html")
def training_mail() -> dict[str, bool]:
    """Where a page promises mail: that a training copy sends none, and where it is read."""
    return {"is_training": training.is_training()}
