"""Redactie: an editorial workstation for articles, a ticker and readers' reactions.

Three desks work on one local database, and a sync engine carries it to a publishing backend and back.
The layers, from the floor up: `base`, `domain`, `text`, `language` | `triage` | `exchange`, `sync`, `desk`, `runtime`,
then `ui` | `store` | `backends` | `press`, and on top `app`, `cli`, `demo` and `bench`. Imports point down only;
`CONTRIBUTING.md` has the picture and says where a new thing goes.
"""

__version__ = "0.1.0"
