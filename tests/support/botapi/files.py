"""The Bot API's methods for photos, documents and albums."""

from __future__ import annotations

from dataclasses import replace

from tests.support.botapi.http import Params
from tests.support.botapi.methods import WEB, Method, Request, formatted, say
from tests.support.botapi.world import ApiError, Json

CAPTION_UNITS = 1024


def send_photo(request: Request) -> object:
    """Bot API sendPhoto, by address, file id or upload."""
    name = _file_of(request, "photo")
    found = formatted(request.params, "caption", CAPTION_UNITS)
    return say(request, found, _photo(name), caption=True)


def send_document(request: Request) -> object:
    """Bot API sendDocument, by address, file id or upload."""
    name = _file_of(request, "document")
    found = formatted(request.params, "caption", CAPTION_UNITS)
    return say(request, found, _document(name), caption=True)


def send_media_group(request: Request) -> object:
    """Bot API sendMediaGroup: two to ten photos or documents, one message each."""
    media = request.params.nested("media")
    if not isinstance(media, list) or not 2 <= len(media) <= 10:
        raise ApiError(400, "Bad Request: there must be from 2 to 10 media")
    parts = []
    for item in media:
        fields = dict(request.params.fields) | {
            "caption": item.get("caption", ""),
            "parse_mode": item.get("parse_mode", ""),
        }
        params = replace(request.params, fields=fields | {"media": item.get("media", "")})
        found = formatted(params, "caption", CAPTION_UNITS)
        name = _file_of(replace(request, params=params), "media")
        content = _photo(name) if item.get("type") == "photo" else _document(name)
        parts.append((params, found, content))
    group: Json = {"media_group_id": str(len(request.ledger.rows()) + 1)}
    return [
        say(replace(request, params=params), found, content | group, caption=True)
        for params, found, content in parts
    ]


def _file_of(request: Request, name: str) -> str:
    params = request.params
    value = params.text(name)
    upload = params.uploads.get(value.removeprefix("attach://")) or params.uploads.get(name)
    if upload is not None and upload.content:
        request.world.files[upload.name] = upload.content
        return upload.name
    if not value or value.startswith("attach://"):
        raise ApiError(400, f"Bad Request: there is no {name} in the request")
    if "://" in value and not WEB.match(value):
        raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")
    return value if WEB.match(value) and name != "document" else value.rsplit("/", 1)[-1]


def messages_of(method: str, params: Params) -> int:
    """As how many messages Telegram counts a call: each item of an album is one."""
    media = params.nested("media") if method == "sendMediaGroup" else None
    return len(media) if isinstance(media, list) and media else 1


def _photo(name: str) -> Json:
    size: Json = {"file_id": name, "file_unique_id": "p1", "width": 320, "height": 200}
    return {"photo": [size]}


def _document(name: str) -> Json:
    return {"document": {"file_id": "document1", "file_unique_id": "d1", "file_name": name}}


FILE_SENDS: dict[str, Method] = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
}
