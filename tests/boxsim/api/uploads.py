"""Uploads in one request, and the question beforehand whether one would be accepted."""

from __future__ import annotations

from typing import Final

from tests.boxsim import multipart
from tests.boxsim.api.context import Context
from tests.boxsim.contents import Times, digest
from tests.boxsim.model import Item
from tests.boxsim.wire import Json, Refused, Response, answer, bad, parsed_time

LARGEST: Final = 50 * 1024 * 1024
"""Bytes that may come in one request; what is larger has to come in parts."""


def check(context: Context) -> Response:
    """Preflight for a new file."""
    body = context.json
    folder = context.folder(body.get("parent"))
    context.sim.contents.check_new(context.user_id, folder, body.get("name"), _size(body))
    return _destination(context, f"{context.upload_base()}/files/content")


def check_version(context: Context) -> Response:
    """Preflight for a new version."""
    file = context.item("file")
    context.check_match(file)
    context.sim.contents.check_version(context.user_id, file, context.json.get("name"), _size(context.json))
    return _destination(context, f"{context.upload_base()}/files/{file.id}/content")


def _size(body: Json) -> int:
    size = body.get("size")
    return size if isinstance(size, int) and size >= 0 else 0


def _destination(context: Context, url: str) -> Response:
    return answer({"upload_url": url, "upload_token": context.state.new_secret()})


def upload(context: Context) -> Response:
    form = _form(context)
    folder = context.folder(form.attributes.get("parent"))
    name = form.attributes.get("name")
    made = context.sim.contents.upload(context.user_id, folder, name, form.content, times(form.attributes))
    return uploaded(context, made)


def upload_version(context: Context) -> Response:
    file = context.item("file")
    context.check_match(file)
    form = _form(context)
    name = form.attributes.get("name")
    context.sim.contents.replace(context.user_id, file, form.content, name, times(form.attributes))
    return uploaded(context, file)


def uploaded(context: Context, file: Item) -> Response:
    """201 with the file in a list."""
    return answer({"total_count": 1, "entries": [context.shapes.item(file, context.fields)]}, 201)


def times(attributes: Json) -> Times:
    """The times that whoever uploads gives. Raises Refused."""
    return parsed_time(attributes.get("content_created_at")), parsed_time(attributes.get("content_modified_at"))


def _form(context: Context) -> multipart.Form:
    form = multipart.parsed(context.request.headers.get("content-type", ""), context.body)
    if len(form.content) > LARGEST:
        raise Refused(413, "request_entity_too_large", "Files over 50 MB have to be uploaded in parts")
    claimed = context.request.headers.get("content-md5")
    if claimed is not None and claimed.lower() != digest(form.content):
        raise bad("The specified content-md5 did not match what we received", "bad_digest")
    return form
