"""What the person sees of synchronising: its state, the outbox, conflicts and how they are settled.

Imported by `shell` only; imports `widgets`, `theme` and the layers below, no desk's folder.
"""
