"""A setting that is wrong is reported in one sentence, without a stack that would hide it."""

import contextlib
import sys
from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured


@contextlib.contextmanager
def in_a_sentence() -> Iterator[None]:
    """End the process with the sentence of a setting that is wrong."""
    try:
        yield
    except ImproperlyConfigured as problem:
        sys.exit(f"conoceles: {problem}")
