"""The app while things change under it: another index, a broken one, an end in the middle of an answer."""

import asyncio
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import openai_server
from tests.browser.conftest import Server, serving
from tests.conftest import SPEAKERS, TEXT, write_corpus
from tests.faults.visitors import Drawn, visiting
from whosaid.settings import ROOT

MINUTE_S = 60.0
LOADED_S = 180.0  # the model takes about 6 s on two free cores
ENDS_WITHIN_S = 5.0
OLD, NEW = "ten minutes of walking help", "twelve minutes of walking help"
QUESTION = "How many minutes of walking help?"
KEY = "sk-this-is-a-secret"


def ingest(corpus: Path, index: Path) -> str:
    """Build an index with the packaged model, as `make index` does."""
    environment = environment_of(corpus, index)
    command = [sys.executable, "-m", "ingest"]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return run.stdout


def environment_of(corpus: Path, index: Path) -> dict[str, str]:
    return {"WHOSAID_CORPUS_DIR": str(corpus), "WHOSAID_INDEX_DIR": str(index)}


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small corpus and its index."""
    folder = tmp_path_factory.mktemp("ingested")
    write_corpus(folder / "corpus")
    assert "index built" in ingest(folder / "corpus", folder / "index")
    return folder


@pytest.fixture
def world(ingested: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A corpus and its index, to change."""
    for name in ("corpus", "index"):
        shutil.copytree(ingested / name, tmp_path / name)
    return tmp_path / "corpus", tmp_path / "index"


@contextmanager
def running(world: tuple[Path, Path], log: Path, **more: str) -> Iterator[Server]:
    with serving(log, script=ROOT / "app.py", environment=environment_of(*world) | more) as server:
        yield server


def readyz(server: Server) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=MINUTE_S)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def wait_for_status(server: Server, status: int) -> dict[str, Any]:
    until_s = time.monotonic() + LOADED_S
    while (found := readyz(server))[0] != status:
        assert time.monotonic() < until_s, found
        time.sleep(0.2)
    return found[1]


def break_index(index: Path) -> None:
    for path in index.rglob("data_level0.bin"):
        path.write_bytes(b"")


def test_while_an_ingest_switches_no_error_shows_and_the_new_text_is_there_within_a_minute(
    world: tuple[Path, Path], tmp_path: Path
) -> None:
    corpus, index = world

    async def visit(server: Server) -> float:
        async with visiting(server.host) as visitor:
            await visitor.page()
            drawn = await visitor.ask(QUESTION)
            assert drawn.says(OLD) and not drawn.errors
            before = (index / "CURRENT").read_text()
            shutil.rmtree(corpus)
            write_corpus(corpus, text=TEXT.replace(OLD, NEW))
            building = asyncio.create_task(asyncio.to_thread(ingest, corpus, index))
            last, ago_s = drawn, 0.0
            while not last.says(NEW):
                async with visiting(server.host) as other:
                    assert not (await other.page()).errors
                    last = await other.ask(QUESTION)
                    assert last.says("minutes of walking help") and not last.errors
                pointer = index / "CURRENT"
                ago_s = time.time() - pointer.stat().st_mtime if pointer.read_text() != before else 0.0
                assert ago_s < MINUTE_S
                await asyncio.sleep(0.3)
            await building
            drawn = await visitor.ask("And how many minutes of walking help, again?")
            assert drawn.says(NEW) and not drawn.errors  # a conversation goes on over the new text
            return ago_s

    with running(world, tmp_path / "server.log") as server:
        wait_for_status(server, 200)
        took_s = asyncio.run(visit(server))
        print(f"\nthe new text was there {took_s:.1f} s after the switch")
        assert "up to date" in ingest(corpus, index)
        generations = [path for path in index.iterdir() if path.is_dir()]
        assert len(generations) == 1  # the server let go of the old one
        assert "Traceback" not in server.log.read_text(encoding="utf-8")


def test_readyz_tells_the_reason_and_the_remedy_and_comes_back_by_itself(
    world: tuple[Path, Path], tmp_path: Path
) -> None:
    corpus, index = world
    break_index(index)
    model = {"WHOSAID_MODEL": "openai:none", "WHOSAID_MODEL_URL": "http://127.0.0.1:9/v1", "WHOSAID_MODEL_KEY": KEY}
    with running(world, tmp_path / "server.log", **model) as server:
        assert readyz(server)[1]["reason"].startswith("the language model is loading")
        until_s = time.monotonic() + LOADED_S
        while "loading" in (body := readyz(server)[1])["reason"] and time.monotonic() < until_s:
            time.sleep(0.2)
        assert readyz(server) == (503, body)
        assert body["ready"] is False
        assert "is broken (its files changed): run `python -m ingest`" in body["reason"]
        assert "index built" in ingest(corpus, index)
        body = wait_for_status(server, 200)
        assert body == {"ready": True, "articles": 1, "statements": len(SPEAKERS)}
        assert KEY not in server.log.read_text(encoding="utf-8")


def test_sigterm_during_an_answer_ends_the_server_cleanly(world: tuple[Path, Path], tmp_path: Path) -> None:
    with openai_server.running() as script:
        script(openai_server.drips)  # an answer that would take 20 s
        model = {"WHOSAID_MODEL": "openai:slow", "WHOSAID_MODEL_URL": script.url, "WHOSAID_MODEL_KEY": KEY}
        with running(world, tmp_path / "server.log", **model) as server:
            wait_for_status(server, 200)
            answers: list[Drawn] = []

            async def ask() -> None:
                async with visiting(server.host) as visitor:
                    await visitor.page()
                    answers.append(await visitor.ask(QUESTION))

            def visit() -> None:
                try:
                    asyncio.run(ask())
                except Exception as error:  # the server left, which is what is tested
                    left.append(error)

            left: list[Exception] = []
            visitor = threading.Thread(target=visit, daemon=True)
            visitor.start()
            until_s = time.monotonic() + LOADED_S
            while not script.asked and time.monotonic() < until_s:
                time.sleep(0.05)
            assert script.asked and not answers
            sent_s = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            try:
                server.process.wait(ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                pytest.fail(f"the server still ran {ENDS_WITHIN_S} s after SIGTERM")
            print(f"\nthe server ended {time.monotonic() - sent_s:.2f} s after SIGTERM")
            assert server.process.returncode in {0, -signal.SIGTERM}
            assert "Traceback" not in server.log.read_text(encoding="utf-8")
            visitor.join(MINUTE_S)
            assert left and not answers


def test_an_upload_without_the_xsrf_token_is_refused(world: tuple[Path, Path], tmp_path: Path) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nhello\r\n--x--\r\n'

    async def upload(server: Server, tokens: dict[str, str]) -> int:
        async with visiting(server.host) as visitor:
            await visitor.page()
            assert visitor.session_id
            connection = http.client.HTTPConnection("localhost", server.port, timeout=MINUTE_S)
            headers = {"Content-Type": "multipart/form-data; boundary=x"} | tokens
            connection.request("PUT", f"/_stcore/upload_file/{visitor.session_id}/f", body, headers)
            return connection.getresponse().status

    with running(world, tmp_path / "server.log") as server:
        for tokens in ({}, {"X-Xsrftoken": "forged"}, {"X-Xsrftoken": "forged", "Cookie": "_streamlit_xsrf=other"}):
            assert asyncio.run(upload(server, tokens)) == 403
