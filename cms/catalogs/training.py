"""The training copy: an installation whose data are fictitious, and that says so everywhere.

CONOCELES_TRAINING=1 makes one (ADR 0060). Every room may ask here, so the words are the same.
"""

from typing import Final

from django.conf import settings

MARK: Final = "Copia de capacitación: datos ficticios"
# What is said with the mark where there is room.
NO_MAIL: Final = "Ningún correo sale de aquí."
# Headers of HTTP and names of files are in ASCII.
PLAIN_MARK: Final = "Copia de capacitacion: datos ficticios"
FILE_PREFIX: Final = "datos-ficticios-"


def is_training() -> bool:
    """Whether this installation is a training copy."""
    return bool(settings.CONOCELES_TRAINING)


def named(filename: str) -> str:
    """The name of a file that somebody downloads: in a training copy it says that it is of one."""
    if not is_training() or filename.startswith(FILE_PREFIX):
        return filename
    return f"{FILE_PREFIX}{filename}"
