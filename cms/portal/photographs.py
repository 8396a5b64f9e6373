"""Which file an address of a photograph stands for, while it may be read."""

from dataclasses import dataclass

from cms.catalogs.pictures import sizes
from cms.published import selectors

# Of the approved photograph, which pages show until its files are made.
_APPROVED = ("", "-s")


@dataclass(frozen=True)
class PhotographFile:
    """A file of a published photograph.

    Attributes:
        stored: its name in the storage.
        content_type: of its bytes.
        is_of_one_publication: whether its address ends for good when the publication does.
    """

    stored: str
    content_type: str
    is_of_one_publication: bool


def file_at(name: str) -> PhotographFile | None:
    """The file at /fotos/<name>, if it may be read now (one query)."""
    identifier, kind = sizes.name_of(name), name.rpartition(".")[2]
    row = selectors.photographed(identifier)
    if row is None:
        return None
    ending = name.removeprefix(identifier)
    if row.photo_name == identifier:
        if ending not in sizes.endings(row.photo_width):
            return None
        return PhotographFile(sizes.stored(name), sizes.FORMATS[kind], is_of_one_publication=True)
    if ending not in {f"{part}{sizes.WHOLE}" for part in _APPROVED}:
        return None
    return PhotographFile(name, sizes.FORMATS[kind], is_of_one_publication=False)
