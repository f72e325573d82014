"""Language checks: each file is one check, with its `CHECK` beside its logic.

May be imported by `sync` and everything above; a check imports `text`, `domain`, `base` and `language.base`,
never another check, and does no I/O: word lists come in as arguments.
A new check is one new file with `CHECK` and `run(blocks, settings)`, one entry in this package's tuple and a test table.
"""
