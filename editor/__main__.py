"""`python -m editor`: the same program as the `redactie` command."""

import sys

from editor.cli import main

if __name__ == "__main__":
    sys.exit(main())
