"""What caches may do with what everybody may read. Why each kind gets its own is in ADR 0043."""

from typing import Final

# Seconds that a shared cache answers by itself; seconds after them in which it still does, while
# it asks for the page anew.
_FRESH_SECONDS = 5
_BACKGROUND_SECONDS = 15
# How old a copy in a shared cache can be.
SHARED_SECONDS: Final = _FRESH_SECONDS + _BACKGROUND_SECONDS

# Pages and the API. Browsers ask each time, and the entity tag answers 304: `must-revalidate` keeps
# them from showing their own copy while they ask, which is meant for shared caches alone.
PUBLIC: Final = (
    "public, max-age=0, must-revalidate, "
    f"s-maxage={_FRESH_SECONDS}, stale-while-revalidate={_BACKGROUND_SECONDS}"
)
# While a date will change what may be seen within SHARED_SECONDS: every cache asks each time.
UNTIL_AN_EDGE: Final = "public, no-cache"
# What never changes under its address, since that carries a hash of the content.
IMMUTABLE: Final = "public, max-age=31536000, immutable"
# The same without its hash, or with an old one.
BRIEFLY: Final = f"public, max-age={_FRESH_SECONDS}"
# Images of the library: whoever saw one keeps it for an hour, and a shared cache for a minute.
IMAGE: Final = "public, max-age=3600, s-maxage=60"
# Pages of capture, of the admin and of signing in, and every answer to somebody who is signed in.
PRIVATE: Final = "private, no-store"
# The file of a photograph, whose address ends with its publication: whoever saw it never asks
# again; a shared cache, which would show a withdrawn one to others, does after seconds.
PHOTOGRAPH: Final = f"{IMMUTABLE}, s-maxage=10"
# Until its files are made, a photograph has the address of the one that was approved.
APPROVED_PHOTOGRAPH: Final = "public, max-age=300, must-revalidate, s-maxage=10"
