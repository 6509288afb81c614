"""How the pages are served: Content-Security-Policy, known hosts only, and words of our own for errors."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.quiet import quiet_log
from ui.warm import WARM

_STREAMLIT_PAGE = Path(st.__file__).parent / "static" / "index.html"
_IDLE_WARM_DELAY_S = 5.0  # with nobody there yet; a visit or a question starts it earlier


def middleware() -> list[Middleware]:
    """Return what stands before Streamlit."""
    return [Middleware(Strict, policy=content_security_policy())]


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Keep what is typed out of the log, and load the model in the background even if nobody comes."""
    quiet_log()
    WARM.start(delay_s=_IDLE_WARM_DELAY_S)
    yield


def on_script_error(_: Exception) -> bool:
    """Say in our words that a page failed; Streamlit's own box links to search engines."""
    st.error("Something went wrong on our side. Reload the page; the server’s log says what it was.")
    return True


def content_security_policy() -> str:
    """Return the policy: everything from here, nothing from elsewhere, Streamlit's one inline script by hash."""
    html = _STREAMLIT_PAGE.read_text(encoding="utf-8")
    inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", html, re.DOTALL | re.IGNORECASE)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in inline)
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' blob: {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss:",
            "form-action 'self'",
            "base-uri 'self'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        ]
    )


class Strict:
    """Refuses hosts and origins that are not ours, and adds the security headers to every response.

    Streamlit checks `server.allowedHosts` for WebSockets only, and meets a foreign Origin by asking an outside
    service for this machine's address; both are settled here first.
    """

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one HTTP request or WebSocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        if _is_ours(scope):
            await self._app(scope, receive, send_with_headers)
        elif scope["type"] == "http":
            await PlainTextResponse("This server does not answer to that name.\n", 400)(
                scope, receive, send_with_headers
            )
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # the client sees 403


def _is_ours(scope: Scope) -> bool:
    from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

    headers: dict[bytes, list[str]] = {b"host": [], b"origin": []}
    for name, value in scope["headers"]:
        headers.setdefault(name, []).append(value.decode("latin-1"))
    hosts, origins = headers[b"host"], headers[b"origin"]
    if len(hosts) != 1 or not is_host_allowed(hosts[0]):
        return False
    return all(origin.partition("://")[2] == hosts[0] for origin in origins)
