"""Pictures that somebody uploads: looked at before they are decoded, and decoded apart (ADR 0016).

Nothing here imports Django: all of it also runs in a process that only reads pictures.
"""
