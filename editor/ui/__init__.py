"""The window: Qt lives here and nowhere else.

Imported by the top ring only; imports `runtime` and below, never `store`, `backends` or `press`.
A folder a desk (`articles`, `ticker`, `reactions`, `sync`, `settings`), strangers to each other; the frame is `shell`,
what they share is in `widgets` and `theme`. Only `wording.py` translates.
A new action is one row in `actions.py`; a new desk is a folder with its panel, put in the window by `shell`.
"""
