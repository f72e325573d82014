"""The desk for articles: library, writing surface, metadata, versions and publication.

Imported by `shell` only; imports `widgets`, `theme` and the layers below, no other desk's folder.
Only this folder's edits module may change an open document from outside, as one undo step.
"""
