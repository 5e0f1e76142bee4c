"""The OpenAPI document and a page that shows it, from assets that come with a package."""

from importlib.resources import files
from typing import Any

from flask import Flask, Response, send_from_directory
from werkzeug.routing import UUIDConverter

SWAGGER_ASSETS = str(files("flask_swagger_ui") / "dist")

OPENAPI_CONFIG = {
    "API_TITLE": "莲城志愿服务与身边好人",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
    "API_SPEC_OPTIONS": {
        "info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    },
}

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>莲城接口文档</title>
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""

START = (
    "SwaggerUIBundle({url: '/api/openapi.json', dom_id: '#swagger-ui', "
    "docExpansion: 'none', validatorUrl: null});\n"
)


def describe(api: Any) -> None:
    """Say that ids in paths are UUIDs, and leave default errors to the doors."""
    api.DEFAULT_ERROR_RESPONSE_NAME = None
    api.register_converter(UUIDConverter, lambda _: {"type": "string", "format": "uuid"})


def init_app(app: Flask) -> None:
    app.add_url_rule("/api/docs", "docs_page", _page)
    app.add_url_rule("/api/docs/start.js", "docs_start", _start)
    app.add_url_rule("/api/docs/assets/<path:name>", "docs_asset", _asset)


def _page() -> Response:
    return Response(PAGE, content_type="text/html; charset=utf-8")


def _start() -> Response:
    return Response(START, content_type="text/javascript; charset=utf-8")


def _asset(name: str) -> Response:
    return send_from_directory(SWAGGER_ASSETS, name, max_age=86400)
