"""Pictures over the sync API: greeted by checksum, sent in pieces that survive a lost connection (sync D, tus shape)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from editor.base.wire import BadWire, parse
from editor.domain import field_codecs as codec
from editor.domain.people import Actor, Right
from editor.press.answering import Answered, Answering
from editor.press.house import House
from editor.press.media import MAX_MEDIA, TYPES, MediaStore, NotTaken, Ticket, is_sha256
from editor.press.signed import open_signed, sign

MAX_CHUNK = 2 * 1024 * 1024  # bytes in one PATCH
PATCH_TYPE = "application/offset+octet-stream"
# A picture is shown and nothing else is done with it, whatever it holds.
HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
_REFUSED = {
    "offset": (409, "upload_offset", "The upload stands elsewhere: ask with HEAD"),
    "checksum": (460, "checksum", "The bytes are not those of the checksum; begin anew"),
    "type": (415, "media_type", "That is no picture that can be shown"),
    "size": (413, "too_large", "More bytes than were announced"),
}


class Uploads:
    """The endpoints of pictures over one store."""

    def __init__(self, answering: Answering, store: MediaStore) -> None:
        self._answering, self._press, self._store = answering, answering.press, store

    def routes(self) -> list[Route]:
        """Their addresses."""
        plain, receiving = self._answering.plain, self._answering.receiving
        return [
            Route("/v1/media", receiving(self.announce), methods=["POST"]),
            Route("/v1/media/uploads/{token}", plain(self.standing), methods=["HEAD"]),
            Route("/v1/media/uploads/{token}", receiving(self.more, types=(PATCH_TYPE,), most=MAX_CHUNK),
                  methods=["PATCH"]),
            Route("/v1/media/{sha256}", plain(self.picture), methods=["GET"]),
        ]

    def announce(self, request: Request, actor: Actor, body: bytes) -> Response:
        """Somebody has a picture: it is here already (200), or this is where it can be sent (201)."""
        if not actor.may(Right.WRITE):
            raise Answered(403, "forbidden", "Pictures need the right to write")
        sha256, size, mime = _announced(body)
        if mime not in TYPES:
            raise Answered(415, "media_type", f"One of {', '.join(sorted(TYPES))}")
        if size > MAX_MEDIA:
            raise Answered(413, "too_large", f"At most {MAX_MEDIA} bytes")
        known = self._store.mime(sha256)
        if known is not None:
            return self._answering.answer({"sha256": sha256, "mime": known})
        ticket = Ticket(sha256, size, actor.id)
        where = f"/v1/media/uploads/{_token(self._press.house, ticket)}"
        return self._answering.answer({"sha256": sha256, "upload_url": where, "offset": self._store.offset(ticket)},
                                      status=201, headers={"Location": where})

    def standing(self, request: Request) -> Response:
        """How much of an upload is here."""
        with self._press.database.read() as session:
            ticket = self._ticket(request, self._answering.actor(session, request))
        return Response(status_code=200, headers={
            "Cache-Control": "no-store", "Upload-Offset": str(self._store.offset(ticket)),
            "Upload-Length": str(ticket.size)})

    def more(self, request: Request, actor: Actor, body: bytes) -> Response:
        """The next piece of an upload."""
        ticket, offset = self._ticket(request, actor), request.headers.get("upload-offset", "")
        if not (offset.isascii() and offset.isdecimal()) or len(offset) > 12:
            raise BadWire("Upload-Offset is missing")
        try:
            now_at = self._store.append(ticket, int(offset), body, self._press.clock.now())
        except NotTaken as refused:
            status, code, message = _REFUSED[refused.code]
            raise Answered(status, code, message, headers={"Upload-Offset": str(self._store.offset(ticket))}) from refused
        return Response(status_code=204, headers={"Upload-Offset": str(now_at)})

    def picture(self, request: Request) -> Response:
        """A picture, for the desks: also what is not public."""
        with self._press.database.read() as session:
            self._answering.actor(session, request)
        sha256 = request.path_params["sha256"]
        mime = self._store.mime(sha256) if is_sha256(sha256) else None
        if mime is None:
            raise Answered(404, "unknown_media")
        return FileResponse(self._store.path(sha256), media_type=mime,
                            headers={**HEADERS, "Cache-Control": "private, max-age=31536000, immutable"})

    def _ticket(self, request: Request, actor: Actor) -> Ticket:
        place = open_signed(self._press.house, request.path_params["token"], {"v": 1, "what": "upload"})
        ticket = Ticket(place["sha256"], place["size"], place["owner"])
        if ticket.owner != actor.id:
            raise Answered(403, "forbidden", "Somebody else's upload")
        return ticket


def _token(house: House, ticket: Ticket) -> str:
    return sign(house, {"v": 1, "what": "upload", "sha256": ticket.sha256, "size": ticket.size, "owner": ticket.owner})


def _announced(body: bytes) -> tuple[str, int, str]:
    message = parse(body)
    if not isinstance(message, dict) or not is_sha256(message.get("sha256")):
        raise BadWire("a picture without its sha256")
    size = codec.whole(message.get("size"))
    if size < 1:
        raise BadWire("a picture without bytes")
    return message["sha256"], size, codec.text(message.get("mime"))
