"""Colours, metrics, fonts and icons, read from `resources/themes`: the one place that knows a colour.

Every folder of `ui` may import it; it imports none of them.
A new theme is a file in `resources/themes`; a new role is a name here and a line in every theme.
"""
