"""The first schema."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE article (rid INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, wanted TEXT NOT NULL,
    deleted INTEGER NOT NULL, saved_at INTEGER NOT NULL, title TEXT NOT NULL, status TEXT NOT NULL,
    shown_status TEXT NOT NULL, turn_at INTEGER, turn_status TEXT, section TEXT NOT NULL,
    changed_by TEXT NOT NULL, publish_at INTEGER, publish_wall TEXT, publish_zone TEXT, publish_fold INTEGER,
    embargo_at INTEGER, content_hash TEXT NOT NULL, excerpt TEXT NOT NULL, live TEXT NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)), PRIMARY KEY (rid), UNIQUE (id)) STRICT
    """,
    """
    CREATE INDEX article_saved ON article (deleted, saved_at, rid)
    """,
    """
    CREATE TABLE ticker (rid INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, wanted TEXT NOT NULL,
    deleted INTEGER NOT NULL, saved_at INTEGER NOT NULL, title TEXT NOT NULL, intent TEXT NOT NULL,
    priority INTEGER NOT NULL, article_id TEXT NOT NULL, start_at INTEGER, start_wall TEXT, start_zone TEXT,
    start_fold INTEGER, end_at INTEGER, ttl_min INTEGER, staged TEXT, on_late TEXT,
    fields TEXT NOT NULL CHECK (json_valid(fields)), PRIMARY KEY (rid), UNIQUE (id)) STRICT
    """,
    """
    CREATE INDEX ticker_start ON ticker (start_at)
    """,
    """
    CREATE TABLE media (rid INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, wanted TEXT NOT NULL,
    deleted INTEGER NOT NULL, saved_at INTEGER NOT NULL, title TEXT NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)), PRIMARY KEY (rid), UNIQUE (id)) STRICT
    """,
    """
    CREATE TABLE newsroom (rid INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
    wanted TEXT NOT NULL, deleted INTEGER NOT NULL, saved_at INTEGER NOT NULL, title TEXT NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)), PRIMARY KEY (rid), UNIQUE (id)) STRICT
    """,
    """
    CREATE TABLE person (rid INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, wanted TEXT NOT NULL,
    deleted INTEGER NOT NULL, saved_at INTEGER NOT NULL, title TEXT NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)), PRIMARY KEY (rid), UNIQUE (id)) STRICT
    """,
    """
    CREATE TABLE list (rid INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, wanted TEXT NOT NULL,
    deleted INTEGER NOT NULL, saved_at INTEGER NOT NULL, title TEXT NOT NULL,
    fields TEXT NOT NULL CHECK (json_valid(fields)), PRIMARY KEY (rid), UNIQUE (id)) STRICT
    """,
    """
    CREATE TABLE sync_state (entity_id TEXT NOT NULL, kind TEXT NOT NULL, remote_id TEXT, base_rev TEXT,
    stash_rev TEXT, stash_gone INTEGER NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('clean','dirty','conflict','parked','gone')), dirty_since INTEGER,
    adapter_state TEXT, base_doc TEXT, stash_doc TEXT, PRIMARY KEY (entity_id)) STRICT
    """,
    """
    CREATE UNIQUE INDEX sync_remote ON sync_state (kind, remote_id)
    """,
    """
    CREATE INDEX sync_standing ON sync_state (standing)
    """,
    """
    CREATE TABLE outbox (seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, op_id TEXT NOT NULL,
    entity_id TEXT NOT NULL, kind TEXT NOT NULL,
    verb TEXT NOT NULL CHECK (verb IN ('upsert','delete','restore','transition','moderate','upload')),
    state TEXT NOT NULL CHECK (state IN ('pending','sealed','acked','conflict','parked','superseded','discarded')),
    take_back INTEGER NOT NULL, decision_id TEXT, depends_on INTEGER, actor_id TEXT NOT NULL,
    schema_v INTEGER NOT NULL, base_rev TEXT, body_hash TEXT, sealed_version INTEGER,
    created_at INTEGER NOT NULL, attempts INTEGER NOT NULL, next_try_at INTEGER, settled_at INTEGER,
    last_error TEXT, command TEXT NOT NULL CHECK (json_valid(command)), patch TEXT, snapshot TEXT, body BLOB,
    UNIQUE (op_id), FOREIGN KEY(depends_on) REFERENCES outbox (seq) ON DELETE SET NULL) STRICT
    """,
    """
    CREATE UNIQUE INDEX one_in_flight ON outbox (entity_id, take_back) WHERE state = 'sealed'
    """,
    """
    CREATE INDEX outbox_lane ON outbox (entity_id, seq)
    """,
    """
    CREATE INDEX outbox_decision ON outbox (decision_id, state)
    """,
    """
    CREATE INDEX outbox_state ON outbox (state, seq)
    """,
    """
    CREATE TABLE attempt (id INTEGER NOT NULL, op_id TEXT NOT NULL, started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL, result TEXT NOT NULL, excerpt TEXT NOT NULL, PRIMARY KEY (id)) STRICT
    """,
    """
    CREATE INDEX attempt_op ON attempt (op_id)
    """,
    """
    CREATE TABLE reaction (rid INTEGER NOT NULL, id TEXT NOT NULL, rev TEXT NOT NULL, article_id TEXT NOT NULL,
    parent_id TEXT NOT NULL, number INTEGER NOT NULL, status TEXT NOT NULL, reports INTEGER NOT NULL,
    log_n INTEGER NOT NULL, created_at INTEGER NOT NULL, edited_at INTEGER, queue_state TEXT NOT NULL,
    queue_rank INTEGER NOT NULL, until_at INTEGER, waiting INTEGER NOT NULL, author_name TEXT NOT NULL,
    author_key TEXT NOT NULL, text_hash TEXT NOT NULL, text TEXT NOT NULL, facts TEXT, PRIMARY KEY (rid),
    UNIQUE (id)) STRICT
    """,
    """
    CREATE INDEX reaction_queue ON reaction (queue_state, queue_rank, created_at, id)
    """,
    """
    CREATE INDEX reaction_author ON reaction (author_key, queue_state)
    """,
    """
    CREATE INDEX reaction_article ON reaction (article_id, number)
    """,
    """
    CREATE TABLE tally (queue_state TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (queue_state)) STRICT
    """,
    """
    CREATE TABLE decision (rid INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL,
    reaction_id TEXT NOT NULL, action TEXT NOT NULL, actor_id TEXT NOT NULL, actor_name TEXT NOT NULL,
    at INTEGER NOT NULL, text_hash TEXT NOT NULL, seen_n INTEGER NOT NULL, reason TEXT, note TEXT NOT NULL,
    until INTEGER, supersedes TEXT, prev_hash TEXT NOT NULL, hash TEXT NOT NULL, UNIQUE (id)) STRICT
    """,
    """
    CREATE INDEX decision_reaction ON decision (reaction_id, rid)
    """,
    """
    CREATE TABLE "conflict" (id TEXT NOT NULL, entity_id TEXT NOT NULL, entity_kind TEXT NOT NULL,
    kind TEXT NOT NULL, field TEXT NOT NULL, raised_at INTEGER NOT NULL, blocking INTEGER NOT NULL,
    theirs_actor TEXT NOT NULL, theirs_rev TEXT NOT NULL, code TEXT NOT NULL, op_id TEXT NOT NULL,
    state TEXT NOT NULL, resolution TEXT NOT NULL, resolved_by TEXT NOT NULL, regions TEXT NOT NULL,
    base TEXT NOT NULL, mine TEXT NOT NULL, theirs TEXT NOT NULL, PRIMARY KEY (id)) STRICT
    """,
    """
    CREATE INDEX conflict_entity ON "conflict" (entity_id)
    """,
    """
    CREATE INDEX conflict_state ON "conflict" (state, raised_at)
    """,
    """
    CREATE TABLE revision (id INTEGER NOT NULL, entity_id TEXT NOT NULL, at INTEGER NOT NULL, why TEXT NOT NULL,
    hash TEXT NOT NULL, name TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (id)) STRICT
    """,
    """
    CREATE INDEX revision_entity ON revision (entity_id, id)
    """,
    """
    CREATE TABLE blob (sha256 TEXT NOT NULL, size INTEGER NOT NULL, mime TEXT NOT NULL, state TEXT NOT NULL,
    upload_url TEXT, "offset" INTEGER NOT NULL, PRIMARY KEY (sha256)) STRICT
    """,
    """
    CREATE TABLE connection (id TEXT NOT NULL, adapter TEXT NOT NULL, url TEXT NOT NULL, account TEXT NOT NULL,
    newsroom_id TEXT NOT NULL, epoch TEXT NOT NULL, state TEXT NOT NULL, sample INTEGER NOT NULL,
    PRIMARY KEY (id)) STRICT
    """,
    """
    CREATE TABLE feed (stream TEXT NOT NULL, epoch TEXT NOT NULL, cursor TEXT, rows_done INTEGER NOT NULL,
    head_seen TEXT NOT NULL, PRIMARY KEY (stream)) STRICT
    """,
    """
    CREATE TABLE undo (id INTEGER NOT NULL, operation TEXT NOT NULL, entity_kind TEXT NOT NULL,
    entity_id TEXT NOT NULL, at INTEGER NOT NULL, actor_id TEXT NOT NULL, done INTEGER NOT NULL,
    data TEXT NOT NULL, PRIMARY KEY (id)) STRICT
    """,
    """
    CREATE TABLE audit (id INTEGER NOT NULL, at INTEGER NOT NULL, actor_id TEXT NOT NULL, what TEXT NOT NULL,
    kind TEXT NOT NULL, entity_id TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY (id)) STRICT
    """,
    """
    CREATE TABLE setting (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name)) STRICT
    """,
    """
    CREATE TABLE meta (k TEXT NOT NULL, v TEXT NOT NULL, PRIMARY KEY (k)) STRICT
    """,
    """
    CREATE VIRTUAL TABLE article_fts USING fts5(title,body,content='',tokenize='unicode61 remove_diacritics 2')
    """,
    """
    CREATE TRIGGER article_fts_insert AFTER INSERT ON article BEGIN INSERT INTO article_fts(rowid,title,body) VALUES(new.rid,coalesce(json_extract(new.fields,'$.headline'),'')||' '||coalesce(json_extract(new.fields,'$.kicker'),'')||' '||coalesce(json_extract(new.fields,'$.headline_short'),''),coalesce(json_extract(new.fields,'$.lead'),'')||' '||coalesce(json_extract(new.fields,'$.body'),'')||' '||coalesce(json_extract(new.fields,'$.tags'),'')); END
    """,
    """
    CREATE TRIGGER article_fts_update AFTER UPDATE OF fields ON article WHEN old.fields IS NOT new.fields BEGIN INSERT INTO article_fts(article_fts,rowid,title,body) VALUES('delete',old.rid,coalesce(json_extract(old.fields,'$.headline'),'')||' '||coalesce(json_extract(old.fields,'$.kicker'),'')||' '||coalesce(json_extract(old.fields,'$.headline_short'),''),coalesce(json_extract(old.fields,'$.lead'),'')||' '||coalesce(json_extract(old.fields,'$.body'),'')||' '||coalesce(json_extract(old.fields,'$.tags'),'')); INSERT INTO article_fts(rowid,title,body) VALUES(new.rid,coalesce(json_extract(new.fields,'$.headline'),'')||' '||coalesce(json_extract(new.fields,'$.kicker'),'')||' '||coalesce(json_extract(new.fields,'$.headline_short'),''),coalesce(json_extract(new.fields,'$.lead'),'')||' '||coalesce(json_extract(new.fields,'$.body'),'')||' '||coalesce(json_extract(new.fields,'$.tags'),'')); END
    """,
    """
    CREATE TRIGGER article_fts_delete AFTER DELETE ON article BEGIN INSERT INTO article_fts(article_fts,rowid,title,body) VALUES('delete',old.rid,coalesce(json_extract(old.fields,'$.headline'),'')||' '||coalesce(json_extract(old.fields,'$.kicker'),'')||' '||coalesce(json_extract(old.fields,'$.headline_short'),''),coalesce(json_extract(old.fields,'$.lead'),'')||' '||coalesce(json_extract(old.fields,'$.body'),'')||' '||coalesce(json_extract(old.fields,'$.tags'),'')); END
    """,
    """
    CREATE VIRTUAL TABLE ticker_fts USING fts5(title,body,content='',tokenize='unicode61 remove_diacritics 2')
    """,
    """
    CREATE TRIGGER ticker_fts_insert AFTER INSERT ON ticker BEGIN INSERT INTO ticker_fts(rowid,title,body) VALUES(new.rid,coalesce(json_extract(new.fields,'$.headline'),''),coalesce(json_extract(new.fields,'$.source'),'')||' '||coalesce(json_extract(new.fields,'$.note'),'')||' '||coalesce(new.staged,'')); END
    """,
    """
    CREATE TRIGGER ticker_fts_update AFTER UPDATE OF fields, staged ON ticker WHEN old.fields IS NOT new.fields OR old.staged IS NOT new.staged BEGIN INSERT INTO ticker_fts(ticker_fts,rowid,title,body) VALUES('delete',old.rid,coalesce(json_extract(old.fields,'$.headline'),''),coalesce(json_extract(old.fields,'$.source'),'')||' '||coalesce(json_extract(old.fields,'$.note'),'')||' '||coalesce(old.staged,'')); INSERT INTO ticker_fts(rowid,title,body) VALUES(new.rid,coalesce(json_extract(new.fields,'$.headline'),''),coalesce(json_extract(new.fields,'$.source'),'')||' '||coalesce(json_extract(new.fields,'$.note'),'')||' '||coalesce(new.staged,'')); END
    """,
    """
    CREATE TRIGGER ticker_fts_delete AFTER DELETE ON ticker BEGIN INSERT INTO ticker_fts(ticker_fts,rowid,title,body) VALUES('delete',old.rid,coalesce(json_extract(old.fields,'$.headline'),''),coalesce(json_extract(old.fields,'$.source'),'')||' '||coalesce(json_extract(old.fields,'$.note'),'')||' '||coalesce(old.staged,'')); END
    """,
    """
    CREATE VIRTUAL TABLE reaction_fts USING fts5(title,body,content='',tokenize='unicode61 remove_diacritics 2')
    """,
    """
    CREATE TRIGGER reaction_fts_insert AFTER INSERT ON reaction BEGIN INSERT INTO reaction_fts(rowid,title,body) VALUES(new.rid,new.author_name,new.text); END
    """,
    """
    CREATE TRIGGER reaction_fts_update AFTER UPDATE OF text, author_name ON reaction WHEN old.text IS NOT new.text OR old.author_name IS NOT new.author_name BEGIN INSERT INTO reaction_fts(reaction_fts,rowid,title,body) VALUES('delete',old.rid,old.author_name,old.text); INSERT INTO reaction_fts(rowid,title,body) VALUES(new.rid,new.author_name,new.text); END
    """,
    """
    CREATE TRIGGER reaction_fts_delete AFTER DELETE ON reaction BEGIN INSERT INTO reaction_fts(reaction_fts,rowid,title,body) VALUES('delete',old.rid,old.author_name,old.text); END
    """,
    """
    CREATE INDEX article_tail ON article (substr(id, -8))
    """,
    """
    CREATE INDEX ticker_tail ON ticker (substr(id, -8))
    """,
    """
    CREATE INDEX reaction_tail ON reaction (substr(id, -8))
    """,
    """
    CREATE INDEX reaction_until ON reaction (until_at) WHERE queue_state = 'deferred'
    """,
    """
    CREATE TRIGGER reaction_tally_insert AFTER INSERT ON reaction BEGIN INSERT INTO tally(queue_state,n) VALUES(new.queue_state,1) ON CONFLICT(queue_state) DO UPDATE SET n=n+1; END
    """,
    """
    CREATE TRIGGER reaction_tally_update AFTER UPDATE OF queue_state ON reaction WHEN old.queue_state IS NOT new.queue_state BEGIN UPDATE tally SET n=n-1 WHERE queue_state=old.queue_state; INSERT INTO tally(queue_state,n) VALUES(new.queue_state,1) ON CONFLICT(queue_state) DO UPDATE SET n=n+1; END
    """,
    """
    CREATE TRIGGER reaction_tally_delete AFTER DELETE ON reaction BEGIN UPDATE tally SET n=n-1 WHERE queue_state=old.queue_state; END
    """,
    """
    CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT raise(ABORT, 'decisions are never changed'); END
    """,
    """
    CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT raise(ABORT, 'decisions are never changed'); END
    """,
)


def upgrade() -> None:
    """Make every table, index and trigger of version 1."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
