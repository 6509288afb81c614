"""How the server meets clients that are no browser, and not friendly: raw HTTP and WebSockets."""

import http.client
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import Serve, Server
from whosaid.settings import ROOT

MIB = 2**20
ENDS_WITHIN_S = 5.0
TIMEOUT_S = 10.0
SOCKET_PATH = "/_stcore/stream"


class Reply:
    """A response; `headers` has lower-case names."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = b"" if self.status == 101 else response.read()


def send(server: Server, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Reply:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=TIMEOUT_S)
    try:
        connection.request(method, path, body=body or None, headers=headers or {})
        return Reply(connection.getresponse())
    finally:
        connection.close()


def send_raw(server: Server, *lines: str) -> Reply:
    """Send a request head to the letter: `http.client` would mend it."""
    with socket.create_connection(("localhost", server.port), timeout=TIMEOUT_S) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        response = http.client.HTTPResponse(connection)
        response.begin()
        return Reply(response)


def send_handshake(server: Server, *headers: str) -> Reply:
    return send_raw(
        server,
        f"GET {SOCKET_PATH} HTTP/1.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        *headers,
    )


@contextmanager
def session(server: Server) -> Iterator[ClientConnection]:
    """A browser session without a browser: the page's script has been asked for."""
    with connect(f"ws://{server.host}{SOCKET_PATH}", open_timeout=TIMEOUT_S, max_size=None) as connection:
        request = BackMsg()
        request.rerun_script.query_string = ""
        connection.send(request.SerializeToString())
        yield connection


def read_page(connection: ClientConnection) -> list[ForwardMsg]:
    """All that the server says until the page's script has ended."""
    messages: list[ForwardMsg] = []
    while not messages or messages[-1].WhichOneof("type") != "script_finished":
        data = connection.recv(timeout=TIMEOUT_S)
        assert isinstance(data, bytes)
        messages.append(ForwardMsg.FromString(data))
    return messages


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/?q=Can+I+drink%3F&s=liptan-ldn:00000000", 200),
        ("POST", "/", 405),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/host-config", 200),
        ("GET", "/no/such/page", 200),
        ("GET", "/static/no-such-file.js", 200),
        ("GET", "/media/no-such-file", 404),
        ("GET", "//no-such-host", 400),
        ("GET", "/..%2f..%2fetc/passwd", 400),
        ("PUT", "/_stcore/upload_file/session/file", 403),
    ],
)
def test_every_response_carries_the_security_headers(server: Server, method: str, path: str, status: int) -> None:
    reply = send(server, method, path)
    assert reply.status == status
    assert_strict(reply)


def test_the_scripts_that_the_page_names_carry_the_security_headers_too(server: Server) -> None:
    page = send(server, "GET", "/").body.decode()
    script = page.partition('src="')[2].partition('"')[0].removeprefix(".")
    reply = send(server, "GET", script)
    assert reply.status == 200
    assert "javascript" in reply.headers["content-type"]  # not the page, which stands in for what is not there
    assert_strict(reply)


def assert_strict(reply: Reply) -> None:
    rules = [rule.strip().partition(" ") for rule in reply.headers["content-security-policy"].split(";")]
    policy = {name: sources.split() for name, _, sources in rules}
    assert policy["default-src"] == ["'self'"]
    assert policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == policy["base-uri"] == ["'self'"]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert sum(source.startswith("'sha256-") for source in policy["script-src"]) == 1
    for name, sources in policy.items():
        assert not [s for s in sources if "*" in s or "//" in s or s in {"http:", "https:"}], name
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/no/such/page"])
def test_a_host_that_is_not_ours_is_refused(server: Server, path: str) -> None:
    reply = send(server, "GET", path, {"Host": "evil.example"})
    assert reply.status == 400
    assert b"evil.example" not in reply.body
    assert_strict(reply)


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        ["Host: "],
        ["Host: localhost.evil.example"],
        ["Host: evil.localhost"],
        ["Host: localhost@evil.example"],
        ["Host: localhost", "Host: evil.example"],
    ],
    ids=" and ".join,
)
def test_a_host_that_only_looks_like_ours_is_refused(server: Server, hosts: list[str]) -> None:
    assert send_raw(server, "GET / HTTP/1.1", *hosts, "Connection: close").status == 400


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_our_own_names_are_answered(server: Server, name: str) -> None:
    assert send(server, "GET", "/", {"Host": f"{name}:{server.port}"}).status == 200
    assert send_handshake(server, f"Host: {name}:{server.port}").status == 101


def test_a_page_of_ours_may_open_the_websocket(server: Server) -> None:
    assert send_handshake(server, f"Host: {server.host}", f"Origin: http://{server.host}").status == 101


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://evil.example:443", "http://localhost:1", "null", ""]
)
def test_a_page_of_anybody_else_may_not_open_the_websocket(server: Server, origin: str) -> None:
    assert send_handshake(server, f"Host: {server.host}", f"Origin: {origin}").status == 403


def test_the_websocket_is_closed_to_a_host_that_is_not_ours(server: Server) -> None:
    assert send_handshake(server, "Host: evil.example", "Origin: http://evil.example").status == 403


def test_a_foreign_origin_does_not_make_the_server_ask_the_internet_for_its_address(server: Server) -> None:
    started_s = time.monotonic()
    assert send_handshake(server, f"Host: {server.host}", "Origin: http://evil.example").status == 403
    assert time.monotonic() - started_s < 0.9  # Streamlit gives the outside service a second
    assert "external IP" not in server.log.read_text(encoding="utf-8")


def test_a_foreign_page_cannot_read_what_it_asks_for(server: Server) -> None:
    reply = send(server, "GET", "/_stcore/host-config", {"Origin": "http://evil.example"})
    assert reply.status == 400
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize(("size_bytes", "status"), [(MIB // 2, 204), (MIB + 1, 413), (4 * MIB, 413)])
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "without its length"])
def test_an_upload_over_the_limit_is_refused(server: Server, size_bytes: int, status: int, chunked: bool) -> None:
    token = send(server, "GET", "/_stcore/health").headers["set-cookie"].partition(";")[0]
    head = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    body = head + b"a" * size_bytes + b"\r\n--x--\r\n"
    headers = {
        "Cookie": token,
        "X-Xsrftoken": token.partition("=")[2].strip('"'),
        "Content-Type": "multipart/form-data; boundary=x",
    }
    with session(server) as page:
        opened = next(m.new_session for m in read_page(page) if m.WhichOneof("type") == "new_session")
        connection = http.client.HTTPConnection("localhost", server.port, timeout=TIMEOUT_S)
        path = f"/_stcore/upload_file/{opened.initialize.session_id}/file"
        connection.request("PUT", path, iter([body]) if chunked else body, headers, encode_chunked=chunked)
        assert connection.getresponse().status == status
        connection.close()


def test_usage_statistics_are_off(server: Server) -> None:
    with session(server) as page:
        opened = next(m.new_session for m in read_page(page) if m.WhichOneof("type") == "new_session")
    assert not opened.config.gather_usage_stats


BROKEN = """
import streamlit as st

if __name__ == "__main__":
    secret = "hush-hush"
    raise RuntimeError(f"the secret is {secret}")
else:
    from ui.serve import lifespan, middleware, on_script_error

    app = st.App(__file__, middleware=middleware(), lifespan=lifespan%s)
"""


@pytest.fixture
def broken_page(serve: Serve, tmp_path: Path) -> Callable[[str], str]:
    """What a visitor is sent where a page fails, the server served as ours is; its log tells where, not what."""

    def read(more: str) -> str:
        script = tmp_path / "broken.py"
        script.write_text(BROKEN % more, encoding="utf-8")
        server = serve(script=script, PYTHONPATH=str(ROOT))
        with session(server) as page:
            messages = read_page(page)
        log = server.log.read_text(encoding="utf-8")
        assert "RuntimeError" in log
        assert 'broken.py", line 6' in log
        assert "hush-hush" not in log
        return "\n".join(map(str, messages))

    return read


@pytest.mark.parametrize("more", [", on_script_error=on_script_error", ""], ids=["our words", "streamlit's words"])
def test_a_failing_page_tells_a_visitor_nothing_of_the_error(broken_page: Callable[[str], str], more: str) -> None:
    sent = broken_page(more)
    assert "hush-hush" not in sent
    assert "RuntimeError" not in sent
    assert "Traceback" not in sent
    assert ("Something went wrong on our side." in sent) == bool(more)


@pytest.mark.parametrize("doing", ["nothing", "loading the model"])
def test_sigterm_ends_the_server(serve: Serve, doing: str) -> None:
    server = serve()
    with session(server) as page:
        read_page(page)
        if doing != "nothing":
            time.sleep(2.0)  # loading begins a second after the first visit
        server.process.send_signal(signal.SIGTERM)
        try:
            server.process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            pytest.fail(f"the server still ran {ENDS_WITHIN_S} s after SIGTERM")
    assert server.process.returncode in {0, -signal.SIGTERM}
