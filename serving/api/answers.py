"""Answers of the API: orjson, and the schemas and problems that the OpenAPI page shows."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response

from serving.errors import MEDIA_TYPE, TITLES
from serving.schemas import REF

Responses = dict[int | str, dict[str, Any]]


def json(content: object, status: int = 200) -> Response:
    """Return JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


def ref(name: str) -> dict[str, Any]:
    """Return a reference to a schema by name."""
    return {"$ref": REF.format(model=name)}


def one_or_list(name: str) -> dict[str, Any]:
    """Return the schema of one record or a list of them."""
    return {"anyOf": [ref(name), {"type": "array", "items": ref(name), "minItems": 1}]}


def told(
    schema: Mapping[str, Any], *, example: object = None, problems: Sequence[int] = ()
) -> Responses:
    """Return what a route answers, with an example, and the problems it may have."""
    content = {"schema": schema} | ({} if example is None else {"example": example})
    codes = (*problems, 401, 500)
    return {
        200: {"description": "成功", "content": {"application/json": content}},
        **{code: _problem(code) for code in codes},
    }


def asked(name: str, *, example: object) -> dict[str, Any]:
    """Return what a route takes: one record or a list, with an example."""
    content = {"schema": one_or_list(name), "example": example}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def _problem(code: int) -> dict[str, Any]:
    return {"description": TITLES[code], "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
