"""What press tells whoever watches it: one word to anybody, numbers to who manages it, nothing about a person."""

from __future__ import annotations

import re

from editor.press.schema import SCHEMA_VERSION
from tests.press.running import Running


def test_a_press_that_lives_and_can_serve_says_so_to_anybody(either: Running):
    assert (either.page("/healthz").status_code, either.page("/healthz").text) == (200, "ok\n")
    assert (either.page("/readyz").status_code, either.page("/readyz").text) == (200, "ready\n")


def test_a_press_whose_database_has_moved_on_is_not_ready_and_still_alive(either: Running):
    with either.press.database.write() as session:
        word = "PRAGMA user_version={}" if either.press.database.is_sqlite else "UPDATE schema_version SET version = {}"
        session.connection().exec_driver_sql(word.format(SCHEMA_VERSION + 1))
    answer = either.page("/readyz")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "other_version", "5")
    assert either.page("/healthz").status_code == 200


def test_a_press_without_its_database_is_not_ready_and_still_alive(postgres_cluster, postgres_database: str):
    running = Running(postgres_database)
    try:
        name = postgres_database.partition("?")[0].rpartition("/")[2]
        postgres_cluster.run("dropdb", "-h", str(postgres_cluster.folder), "-U", "redactie", "--force", name)
        answer = running.page("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert running.page("/healthz").status_code == 200
    finally:
        postgres_cluster.run("createdb", "-h", str(postgres_cluster.folder), "-U", "redactie", name)
        running.stop()


def test_numbers_are_for_who_manages_and_hold_nothing_about_a_person(either: Running):
    admin, editor = either.desk("Beheer Baas", "admin"), either.desk("Samira", "editor", "moderator")
    article = editor.published(headline="Geheime kop")
    editor.entity(article)
    path = either.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(either.url, "")
    reader = either.reader()
    reader.react(path, name="Jan Jansen", email="jan@example.org", text="Mijn tekst")
    reader.close()
    either.page("/artikel/wie-zoekt-jan@example.org-00000000")
    assert either.page("/metrics").status_code == 401
    refused = editor.http.get("/metrics")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    answer = admin.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    told = answer.text
    for line in told.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) .*|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+', line), line
    assert re.search(r'redactie_press_requests_total\{process="\d+",method="POST",route="/v1/sync/push",status="200"\} 3',
                     told)
    assert "redactie_press_reactions_waiting 1" in told
    for private in ("Jan", "jan@", "Samira", "Baas", "Geheime", "127.0.0.1", article, editor.actor_id, editor.token,
                    str(editor.http.headers["x-replica-id"])):
        assert private not in told, private
