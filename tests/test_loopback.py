"""Nothing leaves this machine: each command and the server run watched, and where Linux allows it without any network.

Python's sockets are watched by an audit hook (tests/guard). What is not Python's, Chroma's Rust for one, is watched by
the kernel: in a network of its own that has nothing but loopback, it counts every packet that finds no way out.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from whosaid.settings import ROOT

GUARD = ROOT / "tests" / "guard"
HERE = re.compile(r"^(127\.[\d.]+|::1|localhost|None|/.*|)$")
_TIMEOUT_S = 300
_ISOLATED = ["unshare", "--net", "--map-root-user", "sh", "-c"]
_COUNTED = """ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null
"$@"; code=$?
awk '/^(Ip|Ip6):/ || /^Ip6OutNoRoutes/' /proc/net/snmp /proc/net/snmp6 > "$COUNTS"
exit $code"""


@pytest.fixture
def world(make_corpus: Callable[..., Path], tmp_path: Path) -> dict[str, str]:
    """The environment of a child process that is watched, over the small corpus."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("WHOSAID_", "STREAMLIT_"))}
    # as if another program on this machine were traced, and as if nobody had ever said no to telemetry
    wanted = {"LANGSMITH_TRACING": "true", "LANGSMITH_API_KEY": "k", "LANGCHAIN_TRACING_V2": "true"}
    return inherited | wanted | {
        "WHOSAID_CORPUS_DIR": str(make_corpus()),
        "WHOSAID_INDEX_DIR": str(tmp_path / "index"),
        "PYTHONPATH": str(GUARD),
        "GUARD_LOG": str(tmp_path / "asked.log"),
        "COUNTS": str(tmp_path / "counts"),
        "HOME": str(tmp_path),
    }  # fmt: skip


def asked_for(world: dict[str, str]) -> list[str]:
    log = Path(world["GUARD_LOG"])
    lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [line for line in lines if not HERE.match(line.partition(" ")[2])]


def run(world: dict[str, str], *arguments: str, under: Sequence[str] = ()) -> None:
    done = subprocess.run(
        [*under, sys.executable, "-m", *arguments],
        cwd=ROOT, env=world, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_the_watch_sees_a_connection(world: dict[str, str]) -> None:
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 9), timeout=0.01)\nexcept OSError: pass"
    subprocess.run([sys.executable, "-c", code], env=world, check=True)
    assert any("192.0.2.1" in line for line in asked_for(world))


COMMANDS = [
    ("ingest",),
    ("whosaid", "ask", "How much walking helps?"),
    ("whosaid", "check", "Boll says that ten minutes of walking help most of her patients."),
    ("whosaid", "statements"),
]


def test_no_command_asks_for_any_address_but_this_machines(world: dict[str, str]) -> None:
    for command in COMMANDS:
        run(world, *command)
    assert asked_for(world) == []


@pytest.fixture
def isolated() -> list[str]:
    """What runs a command in a network of its own, which has nothing but loopback."""
    able = shutil.which("unshare") and subprocess.run([*_ISOLATED, "true"], capture_output=True, check=False)
    if not able or able.returncode:
        pytest.skip("this machine does not let us make a network of our own (unshare --net)")
    return [*_ISOLATED, _COUNTED, "sh"]


def unrouted(world: dict[str, str]) -> int:
    """Return how many packets found no way out."""
    text = Path(world["COUNTS"]).read_text(encoding="utf-8")
    names, values = (line.split()[1:] for line in text.splitlines() if line.startswith("Ip:"))
    six = re.findall(r"Ip6OutNoRoutes\s+(\d+)", text)
    return int(dict(zip(names, values, strict=True))["OutNoRoutes"]) + sum(map(int, six))


def test_the_kernel_counts_a_packet_that_finds_no_way_out(world: dict[str, str], isolated: list[str]) -> None:
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 9), timeout=1)\nexcept OSError: pass"
    subprocess.run([*isolated, sys.executable, "-c", code], env=world, check=True)
    assert unrouted(world) > 0


def test_every_command_works_without_a_network_and_nothing_in_it_tries_one(
    world: dict[str, str], isolated: list[str]
) -> None:
    for command in COMMANDS:
        run(world, *command, under=isolated)
        assert unrouted(world) == 0, command


@pytest.fixture
def server(world: dict[str, str]) -> Iterator[int]:
    run(world, "ingest")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=world, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    yield port
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def test_the_server_asks_for_no_other_address_from_its_start_to_its_first_answer(
    server: int, world: dict[str, str]
) -> None:
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    until_s = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < until_s and not _is_up(server):
        time.sleep(0.1)
    with connect(f"ws://localhost:{server}/_stcore/stream", max_size=None) as page:
        request = BackMsg()
        request.rerun_script.query_string = "q=How+much+walking+helps%3F"
        page.send(request.SerializeToString())
        seen = ""
        while "ten minutes of walking" not in seen and time.monotonic() < until_s:
            data = page.recv(timeout=_TIMEOUT_S)
            assert isinstance(data, bytes)
            seen += str(ForwardMsg.FromString(data))
    assert "ten minutes of walking" in seen
    assert asked_for(world) == []


def _is_up(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("localhost", port, timeout=5)
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
