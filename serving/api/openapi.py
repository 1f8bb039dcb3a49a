"""The OpenAPI page: the routes' own words, and the schemas of the wire."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serving import schemas

DESCRIPTION = """进出口商品质量安全风险预警与布控。

- 逐项评估申报商品，返回布控指令；同一商品项重复提交得到同一指令。
- 每条指令写明理由，可追溯至背后的风险信息与查验结果；理由仅供监管内部使用。
- 向进口商说明时只用 public_reasons：固定用语，不含数字、企业和线索，不透露布控规则。
- 错误一律以 application/problem+json（RFC 9457）返回，指明字段、值与改正办法。
"""


def openapi(app: FastAPI) -> dict[str, Any]:
    """Return the document of the API's routes, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title="预警 yujing", version=app.version, description=DESCRIPTION, routes=app.routes
    )
    parts = made.setdefault("components", {})
    parts["schemas"] = schemas.components()
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    paths = made["paths"].items()
    for operation in [o for path, all_ in paths if path.startswith("/v1") for o in all_.values()]:
        operation["security"] = [{"bearer": []}, {}]
    return made
