"""What caches may do with what everybody reads."""

# Kept, and asked again each time: the ETag answers 304.
PUBLIC = "public, max-age=0, must-revalidate"
