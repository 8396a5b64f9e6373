"""Takes the pictures of the manuals from a demonstration that it starts itself (ADR 0060).

`make manual-pictures` takes all of them, `make manual-pictures PICTURES="acuse avance"` some.
"""
