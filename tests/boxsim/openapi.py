"""What Box says of its answers: a part of its OpenAPI description, and how well an answer fits it.

`openapi-subset.json` holds the endpoints that the simulator has and the schemas that they need, without prose. It is
made anew from Box's description (https://github.com/box/box-openapi, Apache-2.0: `OPENAPI-LICENSE.txt`) by

    python -m tests.boxsim.openapi openapi.json
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.boxsim import routes

SUBSET: Final = Path(__file__).parent / "openapi-subset.json"
_URI: Final = "urn:box"
_PROSE: Final = frozenset(
    {"description", "title", "example", "examples", "summary", "tags", "operationId", "security", "externalDocs"}
)
_PARAMETER: Final = re.compile(r"\{[^}]*\}")


def subset(description: dict[str, Any]) -> dict[str, Any]:
    """The endpoints that `routes` has, and all schemas that their answers need."""
    paths: dict[str, Any] = {}
    wanted = {route.name for route in routes.all_routes()}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if f"{method.upper()} {_PARAMETER.sub(':id', path)}" in wanted:
                paths.setdefault(path, {})[method] = {"responses": _bare(operation["responses"])}
    schemas: dict[str, Any] = {}
    waiting = set(_references(paths))
    while waiting:
        name = waiting.pop()
        schemas[name] = _bare(description["components"]["schemas"][name])
        waiting |= set(_references(schemas[name])) - schemas.keys()
    information = {key: description["info"][key] for key in ("title", "version", "license", "x-box-commit-hash")}
    return {
        "openapi": description["openapi"],
        "info": information,
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _bare(node: Any, in_properties: bool = False) -> Any:
    """The same without prose: keys of `properties` are names, not prose."""
    if isinstance(node, list):
        return [_bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _bare(value, key == "properties" and not in_properties)
        for key, value in node.items()
        if in_properties or not (key in _PROSE or key.startswith("x-box"))
    }


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value.rpartition("/")[2]
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


@cache
def _description() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SUBSET.read_text(encoding="utf-8"))
    return loaded


@cache
def _operations() -> dict[str, tuple[str, str]]:
    """Paths and methods by the names of routes."""
    return {
        f"{method.upper()} {_PARAMETER.sub(':id', path)}": (path, method)
        for path, methods in _description()["paths"].items()
        for method in methods
    }


@cache
def _schema(name: str, status: int) -> tuple[dict[str, Any] | None, OAS30Validator | None]:
    """The schema of a route's answers with a status, and what validates by it; nothing for answers without JSON."""
    path, method = _operations()[name]
    responses = _description()["paths"][path][method]["responses"]
    content = responses.get(str(status), responses["default"]).get("content", {})
    if "application/json" not in content:
        return None, None
    chosen = str(status) if str(status) in responses else "default"
    escaped = path.replace("~", "~0").replace("/", "~1")
    pointer = f"{_URI}#/paths/{escaped}/{method}/responses/{chosen}/content/application~1json/schema"
    registry: Registry[Any] = Registry().with_resource(_URI, DRAFT4.create_resource(_description()))
    validator = OAS30Validator({"$ref": pointer}, registry=registry, format_checker=oas30_format_checker)
    return content["application/json"]["schema"], validator


def is_described(name: str) -> bool:
    """Whether Box describes a route."""
    return name in _operations()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where an answer is not what Box describes. `path`: keys without the numbers of list entries, `entries.name`."""

    path: str
    keyword: str
    message: str


def mismatches(name: str, status: int, document: Any) -> Iterator[Mismatch]:
    """Where an answer is not what Box describes."""
    _, validator = _schema(name, status)
    for error in validator.iter_errors(document) if validator is not None else ():
        path = ".".join(str(key) for key in error.absolute_path if not isinstance(key, int))
        yield Mismatch(path, str(error.validator), error.message)


def undescribed(name: str, status: int, document: Any) -> Iterator[str]:
    """Paths of what an answer has and Box doesn't describe, such as `entries.lock`."""
    schema, _ = _schema(name, status)
    if schema is not None:
        yield from _undescribed([schema], document, "")


def _undescribed(schemas: list[dict[str, Any]], node: Any, path: str) -> Iterator[str]:
    every = list(_all_of(schemas))
    if isinstance(node, list):
        items = [each["items"] for each in every if "items" in each]
        for each in node:
            yield from _undescribed(items, each, path)
    elif isinstance(node, dict):
        described = [each["properties"] for each in every if "properties" in each]
        for key, value in node.items():
            here = f"{path}.{key}".lstrip(".")
            below = [properties[key] for properties in described if key in properties]
            if described and not below:
                yield here
            elif below:
                yield from _undescribed(below, value, here)


def _all_of(schemas: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Schemas with those that they refer to and are combined of."""
    for schema in schemas:
        if "$ref" in schema:
            yield from _all_of([_description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]])
            continue
        yield schema
        for key in ("allOf", "oneOf", "anyOf"):
            yield from _all_of(schema.get(key, []))


def _written(document: dict[str, Any]) -> str:
    """JSON with a line for each path and each schema."""
    rest = {key: value for key, value in document.items() if key not in {"paths", "components"}}
    return "".join(
        (
            json.dumps(rest, ensure_ascii=False)[:-1] + ",\n",
            f'"paths": {_lines(document["paths"])},\n',
            f'"components": {{"schemas": {_lines(document["components"]["schemas"])}}}}}\n',
        )
    )


def _lines(members: dict[str, Any]) -> str:
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(each)}" for key, each in members.items()) + "}"


if __name__ == "__main__":
    made = subset(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    SUBSET.write_text(_written(made), encoding="utf-8")
