"""What caches may do with pages that everybody may read (ADR 0043)."""

# Of a page that a date will change within this time, no cache may keep anything.
SHARED_SECONDS = 20
# Browsers ask each time whether a page changed; the entity tag answers 304. A shared cache may
# answer for 5 s by itself, and for 15 s more while it asks.
PUBLIC = "public, max-age=0, s-maxage=5, stale-while-revalidate=15"
UNTIL_AN_EDGE = "public, no-cache"
PRIVATE = "private, no-store"
