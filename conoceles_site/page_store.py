"""Where public answers are kept: in the cache «pages» of Django's settings (ADR 0042).

In the memory of each process, limited by bytes; or in Redis, which all of them share.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches

from cms.catalogs.remembered import Remembered
from conoceles_site import encodings
from conoceles_site.settings.environment import ROOT

ALIAS = "pages"
# In the environment of a request that was answered from the store.
FROM_THE_STORE = "conoceles.from_the_store"
# What an entry takes besides its bodies and names: objects, and the links of the cache.
ENTRY_BYTES = 1200
# Redis forgets what nobody replaced for this long; memory, what was not used for longest.
KEPT_SECONDS = 24 * 60 * 60
# A body that fits into one packet with its headers gains nothing.
SMALLEST_COMPRESSED = 600
# The bodies that clients without compression asked for last, by what is kept of them.
_plain_bodies: Remembered[bytes, bytes] = Remembered(
    8 * 1024 * 1024, lambda body, plain: len(body) + len(plain)
)
_CODE = ("api", "cms", "conoceles_site", "search", "templates")
_SUFFIXES = frozenset({".html", ".json", ".py", ".sql", ".txt", ".xml", ".css", ".js", ".svg"})


@dataclass(frozen=True)
class Entry:
    """An answer as it leaves, and until when it may.

    Attributes:
        headers: without those that depend on the request (length, encoding, entity tag).
        versions: what it depends on, as it was when the answer was made.
        until: seconds since 1970 at which a date changes what it shows; infinite if none will.
        tag: the entity tag; empty where the status has none.
        route: of the address, for the log.
        bodies: by encoding. There is always one, and others once somebody asked for them.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, int], ...]
    until: float
    tag: str
    route: str
    bodies: dict[str, bytes] = field(repr=False)

    @property
    def size_in_memory(self) -> int:
        texts = sum(len(name) + len(value) + 120 for name, value in self.headers)
        names = sum(len(name) + 150 for name, _version in self.versions)
        return ENTRY_BYTES + texts + names + sum(len(body) + 100 for body in self.bodies.values())

    def body_in(self, encoding: str) -> bytes | None:
        """The body in an encoding, if nothing has to be compressed for it."""
        if encoding in self.bodies:
            return self.bodies[encoding]
        if encoding == encodings.IDENTITY:
            known, body = next(iter(self.bodies.items()))
            return _plain(body, known)
        return None

    def with_body(self, encoding: str, body: bytes) -> "Entry":
        """The same answer, in another encoding too."""
        return replace(self, bodies={**self.bodies, encoding: body})


def _plain(body: bytes, encoding: str) -> bytes:
    found = _plain_bodies.get(body)
    if found is None:
        found = encodings.decompress(body, encoding)
        _plain_bodies.keep(body, found)
    return found


def is_worth_compressing(body: bytes) -> bool:
    """Whether it becomes smaller by more than compressing costs."""
    return len(body) >= SMALLEST_COMPRESSED


def get(address: str) -> Entry | None:
    """What is kept for an address; it may be out of date."""
    found = caches[ALIAS].get(_key(address))
    return found if isinstance(found, Entry) else None


def keep(address: str, entry: Entry) -> None:
    """Keep an answer in place of what the address had."""
    caches[ALIAS].set(_key(address), entry, KEPT_SECONDS)


def _key(address: str) -> str:
    return f"{release()}:{sha256(address.encode()).hexdigest()[:40]}"


@cache  # One value while a process lives.
def release() -> str:
    """A digest of the code, its libraries and the templates: another release's is not answered.

    What a training copy kept is not answered by the same installation when it goes live.
    """
    read = f"{settings.TIME_ZONE}{settings.CONOCELES_TRAINING}"
    digest = sha256(read.encode() + (ROOT / "requirements.txt").read_bytes())
    for folder in _CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in _SUFFIXES and path.is_file():
                digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:12]
