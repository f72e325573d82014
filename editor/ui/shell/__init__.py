"""The frame around the desks: window, rail, command palette and status bar.

May import the desks' folders, `widgets` and `theme`; no desk may import it.
What a desk shows is the desk's business: the window knows panels only by their common face.
"""
