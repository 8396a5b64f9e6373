"""Spreadsheets (XLSX, XLS, ODS) as rows of text. They are read in another process, with limits.

No module here imports Django, since all of them also run in that process.
"""
