"""Pictures that people upload: checked before they are decoded, and decoded in another process.

See ADR 0016. No module here imports Django, since all of them also run in that process.
"""
