"""Texts as values: Markdown, counting, differences, three-way merging, paste.

May be imported by everything from the plug-in families upward and by `press`; imports `domain` and `base`. No I/O.
Functions take and return strings in code points; whoever holds a Qt document converts.
A new way to look at or turn a text is one file here; a file format is not (see `exchange`).
"""
