"""The accounts of a process: made in bulk, delivered by mail or on paper, received. ADR 0055."""
