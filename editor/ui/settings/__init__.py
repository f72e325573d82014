"""The settings window, built from the table in `base/settings.py`.

Imported by `shell` only; imports `widgets`, `theme` and the layers below, no desk's folder.
A new preference needs nothing here.
"""
