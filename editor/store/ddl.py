"""What SQLAlchemy cannot say of the tables: full-text indexes and triggers, as SQL.

The full-text tables keep no text of their own (`content=''`); triggers keep them in step, so that no row can be
written in one transaction and found in another. Of an autosave of 100 kB this is the larger part: 4 of 4.5 ms.
"""

from __future__ import annotations

_TOKENS = "tokenize='unicode61 remove_diacritics 2'"

_TITLE = ("coalesce(json_extract({r}.fields,'$.headline'),'')||' '||coalesce(json_extract({r}.fields,'$.kicker'),'')"
          "||' '||coalesce(json_extract({r}.fields,'$.headline_short'),'')")
_BODY = ("coalesce(json_extract({r}.fields,'$.lead'),'')||' '||coalesce(json_extract({r}.fields,'$.body'),'')"
         "||' '||coalesce(json_extract({r}.fields,'$.tags'),'')")
_LINE = "coalesce(json_extract({r}.fields,'$.headline'),'')"
_LINE_MORE = ("coalesce(json_extract({r}.fields,'$.source'),'')||' '||coalesce(json_extract({r}.fields,'$.note'),'')"
              "||' '||coalesce({r}.staged,'')")


def _search(name: str, title: str, body: str, watched: str, changed: str) -> tuple[str, ...]:
    """The full-text table of `name` and its three triggers."""
    old_title, old_body = title.format(r="old"), body.format(r="old")
    new_title, new_body = title.format(r="new"), body.format(r="new")
    drop = f"INSERT INTO {name}_fts({name}_fts,rowid,title,body) VALUES('delete',old.rid,{old_title},{old_body});"
    take = f"INSERT INTO {name}_fts(rowid,title,body) VALUES(new.rid,{new_title},{new_body});"
    return (
        f"CREATE VIRTUAL TABLE {name}_fts USING fts5(title,body,content='',{_TOKENS})",
        f"CREATE TRIGGER {name}_fts_insert AFTER INSERT ON {name} BEGIN {take} END",
        f"CREATE TRIGGER {name}_fts_update AFTER UPDATE OF {watched} ON {name} WHEN {changed} BEGIN {drop} {take} END",
        f"CREATE TRIGGER {name}_fts_delete AFTER DELETE ON {name} BEGIN {drop} END",
    )


_COUNT_UP = ("INSERT INTO tally(queue_state,n) VALUES(new.queue_state,1) "
             "ON CONFLICT(queue_state) DO UPDATE SET n=n+1;")
_COUNT_DOWN = "UPDATE tally SET n=n-1 WHERE queue_state=old.queue_state;"
_MOVED = f"WHEN old.queue_state IS NOT new.queue_state BEGIN {_COUNT_DOWN} {_COUNT_UP}"
_NEVER = "BEGIN SELECT raise(ABORT, 'decisions are never changed'); END"


def extras() -> tuple[str, ...]:
    """Every statement, in the order in which a new database gets them."""
    return (
        *_search("article", _TITLE, _BODY, "fields", "old.fields IS NOT new.fields"),
        *_search("ticker", _LINE, _LINE_MORE, "fields, staged",
                 "old.fields IS NOT new.fields OR old.staged IS NOT new.staged"),
        *_search("reaction", "{r}.author_name", "{r}.text", "text, author_name",
                 "old.text IS NOT new.text OR old.author_name IS NOT new.author_name"),
        "CREATE INDEX article_tail ON article (substr(id, -8))",
        "CREATE INDEX ticker_tail ON ticker (substr(id, -8))",
        "CREATE INDEX reaction_tail ON reaction (substr(id, -8))",
        "CREATE INDEX reaction_until ON reaction (until_at) WHERE queue_state = 'deferred'",
        f"CREATE TRIGGER reaction_tally_insert AFTER INSERT ON reaction BEGIN {_COUNT_UP} END",
        f"CREATE TRIGGER reaction_tally_update AFTER UPDATE OF queue_state ON reaction {_MOVED} END",
        f"CREATE TRIGGER reaction_tally_delete AFTER DELETE ON reaction BEGIN {_COUNT_DOWN} END",
        f"CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision {_NEVER}",
        f"CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision {_NEVER}",
    )
