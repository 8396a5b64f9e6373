"""What caches may do with pages that everybody may read."""

# Caches may keep a page, but must ask each time whether it changed; the ETag answers 304.
PUBLIC = "public, max-age=0, must-revalidate"
