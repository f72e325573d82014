"""Import and export: each file is one format, reading bytes into values or writing values as bytes.

May be imported by `sync` and everything above; a format imports `text`, `domain`, `base` and `exchange.base`,
never another format, and opens no files: the caller reads and writes them.
A new format is one new file, one entry in this package's tuple and a golden file; dialogs are built from the tuple.
"""

from __future__ import annotations

from editor.exchange.base import Format


def formats() -> tuple[Format, ...]:
    """Every format, in the order in which dialogs list them. Loads them: some are heavy, so ask when a dialog opens."""
    from editor.exchange import page_text

    return (page_text.FORMAT,)
