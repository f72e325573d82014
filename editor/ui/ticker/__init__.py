"""The desk for the ticker: the day's lines, their times and the preview of the page.

Imported by `shell` only; imports `widgets`, `theme` and the layers below, no other desk's folder.
"""
