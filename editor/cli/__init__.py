"""The command line: one file a noun; each verb runs the same operations as the desks.

Top ring: may import everything, and is imported by `editor.__main__` alone. `main(argv=None)` returns the exit code.
Heavy packages are imported inside the verb that needs them, so that `--help` is quick.
A new verb goes into its noun's file; a new noun is one file and one entry in this package's tuple.
"""
