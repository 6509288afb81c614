"""`python -m ingest`: what it builds, what it leaves alone, and what a kill leaves behind."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest.__main__ import main
from ingest.build import build
from ingest.vectors import embed
from tests.conftest import TEXT, WordHashEmbedder
from whosaid import store
from whosaid.chat import Assistant, load_assistant
from whosaid.embedder import fingerprint
from whosaid.errors import CorpusError, IndexUnusableError, WhoSaidError
from whosaid.generation import read_manifest
from whosaid.library import load_library
from whosaid.settings import ROOT, Settings


def assistant(settings: Settings) -> Assistant:
    return load_assistant(settings, lambda _: WordHashEmbedder())


def test_a_build_indexes_every_statement_and_question_with_what_filters_need(
    settings: Settings, embedder: WordHashEmbedder
) -> None:
    built = build(settings, lambda _: embedder)
    assert built.counts == {"articles": 1, "statements": 8, "questions": 6}
    library = load_library(settings.corpus_dir)
    index = store.open_index(settings.index_dir, library.sha256, fingerprint(settings.embedding_model))
    wanted = {"article": "boll", "speaker": "Ada Boll", "mode": "direct", "section": "Walking"}
    where = {"$and": [{name: value} for name, value in wanted.items()]}
    found = index.nearest("statements", embedder.embed_query("rest"), 8, where=where)
    texts = [statement.text for id_, _ in found if (statement := library.statement(id_))]
    assert texts == ["Rest hurts more than it helps."]
    assert index.manifest.calibration == {}  # too few questions to learn from
    index.close()


def test_a_second_build_does_nothing(settings: Settings, embedder: WordHashEmbedder) -> None:
    assert build(settings, lambda _: embedder).reason == "there was none"
    before = {path: path.stat().st_mtime_ns for path in settings.index_dir.rglob("*.bin")}
    seen = embedder.texts
    assert build(settings, lambda _: embedder).reason == ""
    assert embedder.texts == seen
    assert {path: path.stat().st_mtime_ns for path in settings.index_dir.rglob("*.bin")} == before


def test_a_changed_corpus_is_rebuilt_from_the_vectors_that_are_known(
    settings: Settings, embedder: WordHashEmbedder
) -> None:
    build(settings, lambda _: embedder)
    seen = embedder.texts
    bank = settings.corpus_dir / "boll" / "questions.jsonl"
    bank.write_text(bank.read_text() + json.dumps({"question": "Is there parking?", "topic": "parking"}) + "\n")
    assert "another corpus" in build(settings, lambda _: embedder).reason
    assert embedder.texts == seen + 1
    assert len([path for path in settings.index_dir.iterdir() if path.is_dir()]) == 1  # the old one is gone


def test_a_broken_index_is_rebuilt_and_says_why(settings: Settings) -> None:
    build(settings, lambda _: WordHashEmbedder())
    (next(settings.index_dir.glob("*/chroma.sqlite3"))).write_bytes(b"")
    with pytest.raises(IndexUnusableError, match="run `python -m ingest`"):
        assistant(settings)
    assert "broken" in build(settings, lambda _: WordHashEmbedder()).reason
    assert assistant(settings).ask(["Boll says ten minutes of walking help most of her patients"]).statements


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", bytes(100)], ids=["empty", "no zip", "zeros"])
def test_a_broken_memory_of_vectors_is_made_anew(settings: Settings, content: bytes) -> None:
    build(settings, lambda _: WordHashEmbedder())
    (memory,) = settings.index_dir.glob("vectors-*.npz")
    memory.write_bytes(content)
    embedder = WordHashEmbedder()
    vectors = embed(["one", "two", "one"], lambda: embedder, memory)
    assert embedder.texts == 2
    assert vectors.shape == (3, 64)
    assert np.array_equal(vectors[0], vectors[2])


def test_a_sentence_that_nobody_attributed_is_refused(settings: Settings, make_corpus: Callable[..., Path]) -> None:
    build(settings, lambda _: WordHashEmbedder())
    make_corpus(text=TEXT + "\nNobody attributed this.\n")
    with pytest.raises(CorpusError, match=r"lacks the statement at \d+:\d+ \('Nobody attributed this.'\)"):
        build(settings, lambda _: WordHashEmbedder())


def test_a_text_that_cleaning_its_source_does_not_give_is_refused(settings: Settings) -> None:
    (settings.corpus_dir / "boll" / "source.txt").write_text("Something else entirely.\n")
    with pytest.raises(CorpusError, match="is not what cleaning"):
        build(settings, lambda _: WordHashEmbedder())


def test_an_article_without_a_bank_is_indexed_and_answers(settings: Settings, make_corpus: Callable[..., Path]) -> None:
    make_corpus(questions=[])
    build(settings, lambda _: WordHashEmbedder())
    answer = assistant(settings).ask(["She never prescribes bed rest"])
    assert "She never prescribes bed rest." in [item.statement.text for item in answer.statements]


def test_a_model_that_fails_leaves_the_old_index(settings: Settings, make_corpus: Callable[..., Path]) -> None:
    build(settings, lambda _: WordHashEmbedder())
    before = (settings.index_dir / "CURRENT").read_text()
    make_corpus(questions=[{"question": "New?", "topic": "news"}])

    def load(_: str) -> WordHashEmbedder:
        raise WhoSaidError("no model today")

    with pytest.raises(WhoSaidError, match="no model today"):
        build(settings, load)
    assert (settings.index_dir / "CURRENT").read_text() == before


KILLED = """
import sys
from pathlib import Path
from ingest.build import build
from tests.conftest import WordHashEmbedder
from whosaid.settings import Settings
print("go", flush=True)
build(Settings(Path(sys.argv[1]), Path(sys.argv[2]), "word-hash"), lambda _: WordHashEmbedder())
"""


def test_a_kill_at_any_moment_leaves_the_old_index_or_the_new_one(
    settings: Settings, make_corpus: Callable[..., Path]
) -> None:
    build(settings, lambda _: WordHashEmbedder())
    old = load_library(settings.corpus_dir).sha256
    make_corpus(questions=[{"question": f"Question {n} on topic {n % 7}?", "topic": f"t{n % 7}"} for n in range(1500)])
    new = load_library(settings.corpus_dir).sha256
    seeded = random.Random(2)
    killed = 0
    for _ in range(6):
        run = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(settings.corpus_dir), str(settings.index_dir)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert run.stdout is not None
        run.stdout.readline()
        time.sleep(seeded.uniform(0, 4.0))
        killed += run.poll() is None
        os.killpg(run.pid, signal.SIGKILL) if run.poll() is None else None
        run.wait()
        current = store.current(settings.index_dir)
        assert current is not None
        sha256 = read_manifest(current).corpus_sha256
        assert sha256 in {old, new}
        store.open_index(settings.index_dir, sha256, fingerprint("word-hash")).close()
    assert killed
    build(settings, lambda _: WordHashEmbedder())
    assert [path for path in settings.index_dir.iterdir() if path.is_dir()] == [store.current(settings.index_dir)]


def test_errors_on_the_command_line_are_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make_corpus: Callable[..., Path]
) -> None:
    broken = make_corpus() / "boll" / "statements.jsonl"
    broken.write_text(broken.read_text().replace('"mode": "direct"', '"mode": "sung"'))
    assert main(["--corpus", str(tmp_path / "corpus")]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"ingest: {broken}, line 6: mode: ")
    assert error.count("\n") == 1
