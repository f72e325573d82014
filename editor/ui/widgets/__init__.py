"""Small widgets, table models and delegates that more than one desk uses.

Every folder of `ui` may import them; they import `theme` and the layers below, never a desk's folder or `shell`.
A widget comes here when a second desk needs it, not before.
"""
