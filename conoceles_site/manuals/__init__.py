"""Manuals by role: Markdown of `docs/manuales`, read in the product and as PDF (ADR 0060)."""
