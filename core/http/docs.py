"""The OpenAPI document and a page that shows it, from assets that come with a package."""

from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from threading import Lock
from typing import Any

import flask_smorest
from flask import Flask, Response, json, send_from_directory
from werkzeug.routing import UUIDConverter

from core.http.blueprint import Blueprint

SWAGGER_ASSETS = str(files("flask_swagger_ui") / "dist")

OPENAPI_CONFIG = {
    "API_TITLE": "莲城志愿服务与身边好人",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
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


class Documentation:
    """The OpenAPI document, made when somebody asks for it: what flask-smorest keeps for it is a
    twentieth of a web worker's memory and a seventh of its start."""

    def __init__(self, blueprints: Sequence[Blueprint], prefix: str) -> None:
        self._blueprints, self._prefix = blueprints, prefix
        self._lock = Lock()
        self._written: bytes | None = None

    def written(self) -> bytes:
        """As JSON."""
        with self._lock:
            if self._written is None:
                self._written = json.dumps(self.made(), ensure_ascii=False).encode()
            return self._written

    def made(self) -> dict[str, Any]:
        """From the declarations, in an app that serves nothing."""
        app = Flask("openapi", static_folder=None)
        app.config |= OPENAPI_CONFIG
        api: Any = flask_smorest.Api(app)
        api.DEFAULT_ERROR_RESPONSE_NAME = None  # the doors name every error
        api.register_converter(UUIDConverter, lambda _: {"type": "string", "format": "uuid"})
        for blueprint in self._blueprints:
            api.register_blueprint(blueprint, url_prefix=self._prefix)
        document: dict[str, Any] = api.spec.to_dict()
        return document


def init_app(app: Flask, blueprints: Sequence[Blueprint], prefix: str) -> None:
    documentation = Documentation(blueprints, prefix)
    app.extensions["liancheng.documentation"] = documentation
    app.add_url_rule("/api/openapi.json", "docs_openapi", partial(_openapi, documentation))
    app.add_url_rule("/api/docs", "docs_page", _page)
    app.add_url_rule("/api/docs/start.js", "docs_start", _start)
    app.add_url_rule("/api/docs/assets/<path:name>", "docs_asset", _asset)


def _openapi(documentation: Documentation) -> Response:
    return Response(documentation.written(), content_type="application/json")


def _page() -> Response:
    return Response(PAGE, content_type="text/html; charset=utf-8")


def _start() -> Response:
    return Response(START, content_type="text/javascript; charset=utf-8")


def _asset(name: str) -> Response:
    return send_from_directory(SWAGGER_ASSETS, name, max_age=86400)
