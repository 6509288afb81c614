"""What others wrote, printed on a terminal: it is shown, never obeyed."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.build import build
from tests import openai_server
from tests.conftest import TEXT
from whosaid.__main__ import main
from whosaid.library import load_library
from whosaid.settings import ROOT, load_settings
from whosaid.terminal import Shown, shown

RED, TITLE, LINK = "\x1b[31;5mred", "\x1b]0;owned\x07", "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\"
C1, BACK, TURNED, SPLIT = "\x9b2J", "real\rfake", "\u202egp.exe\u202c", "one\u2028two"
HOSTILE = [
    RED,
    TITLE,
    LINK,
    C1,
    BACK,
    TURNED,
    SPLIT,
    "\x08\x08",
    "\x7f",
    "\u2066x\u2069",
    "\U000e0041",
    "\x1bc",
    "\x0e",
]
OBEYED = {*map(chr, (*range(9), *range(11, 32), *range(127, 160), *range(0x2028, 0x202F), *range(0x2066, 0x2070)))}


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_what_a_terminal_would_obey_is_printed_as_its_json_escape(text: str) -> None:
    printed = shown(f"before {text} after")
    assert not OBEYED & set(printed)
    assert printed.startswith("before ")
    assert printed.endswith(" after")
    assert json.loads(shown(json.dumps(text, ensure_ascii=False))) == text


@pytest.mark.parametrize("text", ["two\r\nlines", "“naïve” – 4.5 mg\n\tÄ 日本語 👩‍⚕️ עברית", "", "a\\u001b"])
def test_what_it_only_shows_stays_as_it_is(text: str) -> None:
    assert shown(text) == text


@given(st.text())
def test_any_text_can_be_printed_and_json_keeps_its_meaning(text: str) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    Shown(stream).write(json.dumps(text, ensure_ascii=False))
    stream.seek(0)
    assert json.loads(stream.read()) == text


@pytest.fixture
def small_world(make_corpus: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small corpus, its article and its bank full of what terminals obey."""
    hostile = TEXT.replace("Boll allows one", f"Boll {RED} {TITLE} {LINK} {C1} {TURNED} allows one")
    corpus = make_corpus(text=hostile)
    monkeypatch.setenv("WHOSAID_CORPUS_DIR", str(corpus))
    monkeypatch.setenv("WHOSAID_INDEX_DIR", str(tmp_path / "index"))
    return corpus


def test_statements_prints_an_articles_escapes_as_text(small_world: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements"]) == 0
    printed = capsys.readouterr().out
    assert not OBEYED & set(printed)
    assert "\\u001b[31;5mred" in printed
    assert main(["statements", "--json"]) == 0
    printed = capsys.readouterr().out
    assert not OBEYED & set(printed)
    assert any(RED in row["text"] and C1 in row["text"] for row in json.loads(printed))


def test_check_prints_a_posts_and_an_articles_escapes_as_text(
    small_world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = f"Boll says “{LINK} allows one tablet at most {BACK} {TURNED} {TITLE}”."
    for arguments in ([post], [post, "--speaker", f"Ada {RED}"], [post, "--json"]):
        assert main(["check", *arguments]) == 0
        printed = capsys.readouterr().out
        assert not OBEYED & set(printed)
        assert "\\u001b" in printed


@pytest.mark.parametrize("name", [RED, TITLE, "a\rb", "\udcff"], ids=ascii)
def test_a_files_name_is_shown_as_text_in_errors(
    name: str, small_world: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["ask", "--turns", name], ["check", "x", "--against", name], ["check", "--batch", name]):
        assert main(arguments) == 1
        assert not OBEYED & set(capsys.readouterr().err)


def test_wrong_usage_repeats_an_argument_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["ask", "a", f"{RED}{TITLE}"])
    printed = capsys.readouterr().err
    assert "\\u001b[31;5mred" in printed
    assert not OBEYED & set(printed)


def test_questions_articles_and_a_models_reply_are_shown_as_text(
    small_world: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    library = load_library(small_world)
    build(load_settings())
    question = f"How many tablets a day {RED} {LINK} {TURNED} are safe?"
    rows = [{"text": f"{statement.text} {TITLE}", "ids": [statement.id]} for statement in library.statements]
    with openai_server.running() as script:
        script(openai_server.says({"sentences": rows}))
        for name, value in {"MODEL": "openai:scripted", "MODEL_URL": script.url, "MODEL_KEY": "k"}.items():
            monkeypatch.setenv(f"WHOSAID_{name}", value)
        assert main(["ask", question]) == 0
        asked = capsys.readouterr().out
        talked = on_a_terminal("chat", typed=f"{question}\n\n")
    for printed in (asked, talked):
        assert "allows one tablet at most" in printed
        assert "\\u001b]0;owned\\u0007" in printed
        assert not OBEYED & set(printed)


def on_a_terminal(*arguments: str, typed: str = "") -> str:
    """Run the command line with a terminal as its output; return what reached it, its line ends made plain."""
    command = [sys.executable, "-m", "whosaid", *arguments]
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=theirs) as process:
        os.close(theirs)
        assert process.stdin is not None
        process.stdin.write(typed.encode())
        process.stdin.close()
        seen = b""
        while True:
            try:
                seen += (more := os.read(ours, 65536))
            except OSError:  # the other end is closed
                break
            if not more:
                break
    os.close(ours)
    return seen.decode().replace("\r\n", "\n")
