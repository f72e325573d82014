"""Pictures: sent in pieces, proved by their checksum, and public only while something public shows them (sync D)."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from editor.base.errors import UserError
from editor.base.ids import new_id
from editor.press.lock import FileLock
from editor.press.media import MAX_MEDIA, MediaStore, NotTaken, Ticket
from editor.press.signed import sign
from editor.press.uploads import MAX_CHUNK
from tests.press.running import NOON, Desk, Running


def png(size: int = 0) -> bytes:
    """A picture of one dot, made longer by a chunk that nobody reads."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pad = chunk(b"teXt", b"x" * size) if size else b""
    return b"\x89PNG\r\n\x1a\n" + head + pad + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def announce(desk: Desk, content: bytes, **other: Any) -> httpx2.Response:
    body = {"sha256": sha(content), "size": len(content), "mime": "image/png", **other}
    return desk.http.post("/v1/media", json=body)


def patch(desk: Desk, where: str, offset: int, piece: bytes) -> httpx2.Response:
    return desk.http.patch(where, content=piece, headers={
        "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)})


def send(desk: Desk, content: bytes) -> str:
    """The whole picture; the identity of its entity."""
    answer = announce(desk, content)
    if answer.status_code == 201:
        for start in range(0, len(content), MAX_CHUNK):
            assert patch(desk, answer.json()["upload_url"], start, content[start:start + MAX_CHUNK]).status_code == 204
    made = new_id()
    told = desk.push(made, "media", "upsert", patch={"sha256": sha(content), "size": len(content), "mime": "image/png",
                                                     "alt": "Een stip"})
    assert told["status"] == "applied"
    return made


@pytest.fixture
def folder(press: Running) -> Path:
    assert press.press.media is not None
    return press.press.media.folder


def test_a_picture_sent_in_pieces_goes_on_where_it_was_after_a_kill(sqlite_url: str):
    running, content = Running(sqlite_url), png(5000)
    desk = running.desk("Samira", "journalist")
    where = announce(desk, content).json()["upload_url"]
    assert patch(desk, where, 0, content[:2000]).headers["upload-offset"] == "2000"
    running.stop()
    running.start()
    desk = Desk(running, desk.token, desk.actor_id)
    again = announce(desk, content)
    assert (again.status_code, again.json()["offset"]) == (201, 2000)
    standing = desk.http.head(where)
    assert (standing.status_code, standing.headers["upload-offset"], standing.headers["upload-length"]) == (
        200, "2000", str(len(content)))
    assert patch(desk, where, 0, content).status_code == 409
    assert patch(desk, where, 2000, content[2000:]).status_code == 204
    assert announce(desk, content).json()["mime"] == "image/png"
    assert announce(desk, content).status_code == 200
    assert desk.http.get(f"/v1/media/{sha(content)}").content == content
    desk.http.close()
    running.stop()


def test_bytes_that_are_not_those_of_the_checksum_are_never_seen(press: Running, folder: Path):
    desk, content = press.desk("Samira", "journalist"), png(100)
    where = announce(desk, content).json()["upload_url"]
    answer = patch(desk, where, 0, content[:-1] + b"!")
    assert (answer.status_code, answer.json()["code"], answer.headers["upload-offset"]) == (460, "checksum", "0")
    assert desk.http.get(f"/v1/media/{sha(content)}").status_code == 404
    assert list((folder / "incoming").iterdir()) == []
    assert patch(desk, where, 0, content).status_code == 204


@pytest.mark.parametrize("content", [
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"<html>", b"MZ\x90\x00", b"x",
    b"RIFF____WAVEfmt "])
def test_what_is_no_picture_is_not_kept_whatever_it_says(press: Running, content: bytes):
    desk = press.desk("Samira", "journalist")
    where = announce(desk, content).json()["upload_url"]
    answer = patch(desk, where, 0, content)
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type")
    assert announce(desk, content, mime="image/svg+xml").status_code == 415
    assert announce(desk, content, mime="text/html").status_code == 415


def test_a_picture_is_served_as_what_it_is_not_as_what_was_said(press: Running):
    desk, content = press.desk("Samira", "journalist"), b"GIF89a" + bytes(40)
    where = announce(desk, content, mime="image/jpeg").json()["upload_url"]
    assert patch(desk, where, 0, content).status_code == 204
    answer = desk.http.get(f"/v1/media/{sha(content)}")
    assert answer.headers["content-type"] == "image/gif"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_more_than_the_limits_is_refused_before_it_is_kept(press: Running, folder: Path):
    desk, content = press.desk("Samira", "journalist"), png(100)
    assert announce(desk, content, size=MAX_MEDIA + 1).status_code == 413
    assert announce(desk, content, size=0).status_code == 400
    where = announce(desk, content).json()["upload_url"]
    assert patch(desk, where, 0, bytes(MAX_CHUNK + 1)).status_code == 413
    assert patch(desk, where, 0, content + b"!").status_code == 413
    assert announce(desk, content).json()["offset"] == 0
    assert not list(folder.glob("??/*"))


def test_hostile_names_lead_nowhere(press: Running, folder: Path):
    desk, content = press.desk("Samira", "journalist"), png()
    for name in ("../../etc/passwd", "..", "a" * 63, "A" * 64, "\x00" * 64, f"{'a' * 63}/", "e" * 63 + "ⅷ"):
        assert announce(desk, content, sha256=name).status_code == 400, name
    for path in ("/v1/media/..%2f..%2fpress.db", "/v1/media/uploads/..%2fx", "/media/..%2fpress.db", "/media/%00.png",
                 "/media/press.db", f"/media/{'a' * 64}.png", f"/v1/media/{'a' * 64}"):
        for method in ("GET", "HEAD", "PATCH"):
            answer = desk.http.request(method, path)
            assert answer.status_code in (400, 404, 405, 415), (method, path, answer.status_code)
    told = desk.push(new_id(), "media", "upsert", patch={"sha256": "../../press.db"})
    assert (told["status"], told["code"]) == ("rejected", "type")
    assert sorted(path.name for path in folder.parent.iterdir() if "press.db" not in path.name) in ([], ["media"])


def test_an_upload_is_its_owners_and_its_address_cannot_be_made(press: Running):
    samira, tom, content = press.desk("Samira", "journalist"), press.desk("Tom", "journalist"), png(50)
    where = announce(samira, content).json()["upload_url"]
    assert patch(tom, where, 0, content).status_code == 403
    assert tom.http.head(where).status_code == 403
    assert patch(samira, where[:-6] + "AAAAAA", 0, content).status_code == 400
    cursor = samira.changes()["next"]
    assert patch(samira, f"/v1/media/uploads/{cursor}", 0, content).status_code == 400
    assert announce(press.desk("Noor", "moderator"), content).status_code == 403
    assert press.page(f"/v1/media/{sha(content)}").status_code == 401
    assert httpx2.post(press.url + "/v1/media", json={}).status_code == 401
    forged = sign(press.press.house, {"v": 1, "what": "upload", "sha256": sha(content), "size": 9, "owner": tom.actor_id})
    assert patch(samira, f"/v1/media/uploads/{forged}", 0, content).status_code == 403


def test_two_that_send_one_picture_at_once_leave_one_whole(press: Running):
    desk, content = press.desk("Samira", "journalist"), png(100_000)
    where = announce(desk, content).json()["upload_url"]

    def put(_: int) -> int:
        with httpx2.Client(base_url=press.url, headers=desk.http.headers, timeout=30) as http:
            offset = 0
            while True:
                answer = http.patch(where, content=content[offset:offset + 9_000], headers={
                    "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)})
                assert answer.status_code in (204, 409)
                offset = int(answer.headers["upload-offset"])
                if offset >= len(content):
                    return offset

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(put, range(4))) == {len(content)}
    assert desk.http.get(f"/v1/media/{sha(content)}").content == content


@pytest.mark.skipif(os.name == "nt", reason="another kind of lock there")
def test_a_piece_that_comes_while_another_is_written_is_sent_away(tmp_path: Path):
    import fcntl

    store, ticket = MediaStore(tmp_path), Ticket(sha(png(10)), len(png(10)), "samira")
    store.append(ticket, 0, png(10)[:20], NOON)
    with (tmp_path / "incoming" / ticket.name).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(NotTaken) as refused:
            store.append(ticket, 20, png(10)[20:], NOON)
        assert refused.value.code == "offset"
    assert store.append(ticket, 20, png(10)[20:], NOON) == len(png(10))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of open files")
def test_an_upload_is_ended_where_open_files_cannot_be_moved_or_removed(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def as_windows_does(act: Any) -> Any:
        def run(path: Any, *others: Any, **options: Any) -> Any:
            for link in Path("/proc/self/fd").iterdir():
                if link.is_symlink() and os.path.realpath(link) == os.path.realpath(path):
                    raise PermissionError(13, "in use", str(path))
            return act(path, *others, **options)
        return run

    for name in ("rename", "replace", "unlink"):
        monkeypatch.setattr(os, name, as_windows_does(getattr(os, name)))
    store, content = MediaStore(tmp_path), png(100)
    wrong = Ticket(sha(content), len(content), "tom")
    with pytest.raises(NotTaken, match="checksum"):
        store.append(wrong, 0, content[:-1] + b"!", NOON)
    assert store.append(wrong, 0, content, NOON) == len(content)
    assert store.path(sha(content)).read_bytes() == content
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_locked_file_can_be_read_beside_the_lock(tmp_path: Path):
    path = tmp_path / "press.db.lock"
    path.write_bytes(b"who has it")
    lock = FileLock(path)
    assert path.read_bytes() == b"who has it"
    with pytest.raises(UserError):
        FileLock(path)
    lock.release()
    FileLock(path).release()


def test_a_picture_is_public_only_while_something_public_shows_it(either_with_media: Running):
    press = either_with_media
    desk, content, lead = press.desk("Samira", "editor"), png(10), png(20)
    picture, top = send(desk, content), send(desk, lead)
    where, where_top = f"/media/{sha(content)}.png", f"/media/{sha(lead)}.png"
    draft = desk.write(headline="Brug", body=f"Kijk: ![De brug](media:{picture})",
                       lead_image={"media_id": top, "alt": "Top", "caption": "Bijschrift", "credit": "ANP"})
    assert press.page(where).status_code == 404  # nothing public shows it yet
    preview = desk.http.get(f"/v1/entities/{draft['id']}/preview_link").json()["path"]
    shown = press.page(preview).text
    assert f'src="{preview}/{sha(content)}.png"' in shown
    assert press.page(f"{preview}/{sha(content)}.png").content == content
    assert press.page(f"{preview}/{sha(png(99))}.png").status_code == 404
    assert press.page(f"{preview[:-4]}0000/{sha(content)}.png").status_code == 404
    desk.step(draft["id"], "approve")
    desk.step(draft["id"], "publish")
    for path, wanted in ((where, content), (where_top, lead)):
        answer = press.page(path)
        assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, wanted, "image/png")
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert press.page(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    page = press.page(press.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(press.url, "")).text
    assert f'<img alt="De brug" src="{where}"' in page
    assert f'src="{where_top}" alt="Top"' in page
    assert press.page(where.replace(".png", ".jpg")).status_code == 404
    # An update without the picture takes it off; withdrawing takes the rest.
    now = desk.entity(draft["id"])
    desk.write(draft["id"], base=now["rev"], body="Zonder foto.")
    assert press.page(where).status_code == 200  # autosave of a live article shows nothing
    desk.step(draft["id"], "approve")
    desk.step(draft["id"], "publish", kind="update")
    assert press.page(where).status_code == 404
    assert press.page(where_top).status_code == 200
    desk.step(draft["id"], "withdraw", note="Fout", content_hash=None)
    assert press.page(where_top).status_code == 404


@pytest.fixture(params=["sqlite", "postgresql"])
def either_with_media(request: pytest.FixtureRequest, tmp_path: Path):
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_database")
    running = Running(url, media=tmp_path / "pictures")
    yield running
    running.stop()


def test_half_sent_pictures_are_forgotten_after_a_week(press: Running):
    desk, content = press.desk("Samira", "journalist"), png(100)
    where = announce(desk, content).json()["upload_url"]
    patch(desk, where, 0, content[:50])
    store = press.press.media
    assert store is not None
    assert store.sweep(NOON) == 0
    assert store.sweep(NOON + timedelta(days=7)) == 1
    assert announce(desk, content).json()["offset"] == 0


def test_hello_tells_the_limits_and_a_press_without_a_folder_takes_none(press: Running, postgres_database: str):
    desk = press.desk("Samira", "journalist")
    hello = desk.http.get("/v1/sync/hello").json()
    assert {"media", "snapshot", "digests", "presence", "revisions"} <= set(hello["capabilities"])
    assert (hello["limits"]["media"], hello["limits"]["chunk"]) == (MAX_MEDIA, MAX_CHUNK)
    bare = Running(postgres_database)
    try:
        other = bare.desk("Samira", "journalist")
        assert "media" not in other.http.get("/v1/sync/hello").json()["capabilities"]
        assert announce(other, png()).json()["code"] == "not_yet"
    finally:
        bare.stop()


def test_the_store_keeps_to_checksums(tmp_path: Path):
    store = MediaStore(tmp_path)
    for name in ("../x", "", "A" * 64):
        with pytest.raises(ValueError, match="no checksum"):
            store.path(name)
    store.put(sha(png()), png())
    (tmp_path / "00").mkdir()
    (tmp_path / "00" / "notes.txt").write_text("x")
    assert store.everything() == [sha(png())]
    assert store.mime(sha(png())) == "image/png"


def test_the_picture_on_the_page_stays_the_approved_one_whatever_is_written_afterwards(either_with_media: Running):
    press = either_with_media
    editor, writer = press.desk("Samira", "editor"), press.desk("Tom", "journalist")
    content, secret = png(10), png(30)
    picture, hidden = send(editor, content), send(writer, secret)
    where = f"/media/{sha(content)}.png"
    editor.published(body=f"![Brug](media:{picture})")
    path = press.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(press.url, "")
    assert f'src="{where}"' in press.page(path).text
    for other in (sha(secret), None):
        told = writer.push(picture, "media", "upsert", base=editor.entity(picture)["rev"], patch={"sha256": other})
        assert (told["status"], told["code"]) == ("rejected", "read_only")
    told = writer.push(picture, "media", "upsert", base=editor.entity(picture)["rev"], patch={
        "sha256": sha(content), "credit": "ANP"})
    assert told["status"] == "applied"
    told = writer.push(picture, "media", "delete", base=editor.entity(picture)["rev"])
    assert (told["status"], told["code"]) == ("conflict", "status")
    assert f'src="{where}"' in press.page(path).text
    assert (press.page(where).content, press.page(f"/media/{sha(secret)}.png").status_code) == (content, 404)
    assert writer.push(hidden, "media", "delete", base=editor.entity(hidden)["rev"])["status"] == "applied"


def test_a_picture_that_gets_its_bytes_after_the_release_is_not_on_that_page(press: Running):
    editor, writer, picture = press.desk("Samira", "editor"), press.desk("Tom", "journalist"), new_id()
    writer.push(picture, "media", "upsert", patch={"alt": "Nog niets"})
    made = editor.published(body=f"![Brug](media:{picture})")
    assert announce(writer, png(10)).status_code == 201
    send(writer, png(10))
    told = writer.push(picture, "media", "upsert", base=editor.entity(picture)["rev"], patch={"sha256": sha(png(10))})
    assert told["status"] == "applied"
    assert press.page(f"/media/{sha(png(10))}.png").status_code == 404
    editor.step(made, "approve")
    editor.step(made, "publish", kind="update")
    assert press.page(f"/media/{sha(png(10))}.png").status_code == 200


def test_a_picture_can_go_once_no_reader_sees_it_or_will(either_with_media: Running):
    desk = either_with_media.desk("Samira", "editor")
    picture = send(desk, png(10))
    article = desk.write(headline="Brug", lead="L", body=f"![Brug](media:{picture})")["id"]
    desk.step(article, "approve")
    assert desk.step(article, "schedule", at="18:00")["status"] == "applied"
    rev = desk.entity(picture)["rev"]
    assert desk.push(picture, "media", "delete", base=rev)["code"] == "status"
    assert desk.step(article, "unschedule", content_hash=None)["status"] == "applied"
    assert desk.push(picture, "media", "delete", base=rev)["status"] == "applied"
