"""Doubles and small worlds. Nothing here patches the code under test, and no unit test loads the model."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.split import split
from whosaid.library import Library, load_library, statement_id
from whosaid.settings import ROOT, Settings

CORPUS = ROOT / "corpus"


class WordHashEmbedder:
    """A stand-in for the model: texts that share words have similar vectors. Counts the texts that it saw."""

    def __init__(self) -> None:
        self.texts = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += len(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.full(64, 1e-3)
        for word in re.findall(r"\w+", text.lower()):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % 64] += 1
        unit: list[float] = (vector / np.linalg.norm(vector)).tolist()
        return unit


@pytest.fixture
def embedder() -> WordHashEmbedder:
    return WordHashEmbedder()


@pytest.fixture(scope="session")
def library() -> Library:
    """The corpus that ships."""
    return load_library(CORPUS)


TEXT = """\
Dr. Ada Boll treats back pain in Ghent.

Walking

Boll says that ten minutes of walking help most of her patients. She never prescribes bed rest. Jan Moor walks an hour.

Sleep is when muscles mend.

Rest hurts more than it helps. Dr. Ada Boll

Pills

In theory two tablets a day are safe. Boll allows one tablet at most.
"""
SPEAKERS = ["narrator", "Ada Boll", "Ada Boll", "Jan Moor", "narrator", "Ada Boll", "narrator", "Ada Boll"]
MODES = ["narrator", "reported", "practice", "reported", "narrator", "direct", "narrator", "reported"]


def write_corpus(folder: Path, questions: Sequence[dict[str, Any]] | None = None, text: str = TEXT) -> Path:
    """Write a corpus of one small article, `boll`, and return its folder; its seventh statement needs its eighth."""
    article = folder / "boll"
    article.mkdir(parents=True)
    (article / "article.txt").write_text(text, encoding="utf-8")
    (article / "article.toml").write_text(
        f"""title = "Ada Boll on walking"
site = "Back Pages"
author = "not stated"
published = "not stated"
rights = "Made up for tests."
main_speaker = "Ada Boll"
sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"
[[people]]
name = "Ada Boll"
label = "Dr. Boll"
role = "physician"
aliases = ["Boll"]
[[people]]
name = "Jan Moor"
label = "Jan Moor"
role = "walker"
""",
        encoding="utf-8",
    )
    units = split(text)
    ids = [statement_id("boll", text[unit.start : unit.end]) for unit in units]
    rows = [
        {
            "id": id_, "start": unit.start, "end": unit.end, "text": text[unit.start : unit.end],
            "section": unit.section, "speaker": speaker, "mode": mode,
            "cue": None, "quoted": [], "channel": "not stated", "when": "",
            "source": "", "needs": [ids[7]] if number == 6 else [], "reviewed_by": "tests",
        }
        for number, (unit, id_, speaker, mode) in enumerate(zip(units, ids, SPEAKERS, MODES, strict=False))
    ]  # fmt: skip
    (article / "statements.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    if questions is None:
        questions = [
            {"question": "How much walking helps?", "statements": [ids[1]]},
            {"question": "Does she prescribe bed rest?", "statements": [ids[2], ids[5]]},
            {"question": "How many tablets a day are safe?", "statements": [ids[6], ids[7]]},
            {"question": "Where does she work?", "statements": [ids[0]]},
            {"question": "What does a visit cost?", "topic": "prices"},
            {"question": "Can I swim with back pain?", "topic": "swimming"},
        ]
    (article / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in questions), encoding="utf-8")
    return folder


@pytest.fixture
def make_corpus(tmp_path: Path) -> Callable[..., Path]:
    """Write the small corpus under this test's folder."""

    def make(name: str = "corpus", **changes: Any) -> Path:
        shutil.rmtree(tmp_path / name, ignore_errors=True)
        return write_corpus(tmp_path / name, **changes)

    return make


@pytest.fixture
def settings(tmp_path: Path, make_corpus: Callable[..., Path]) -> Settings:
    """Settings over the small corpus, an empty index folder and a model that is never loaded."""
    return Settings(make_corpus(), tmp_path / "index", "word-hash")


class ScriptedModel:
    """A chat model that gives back what it was told to, and keeps what it was asked: (system, user) pairs."""

    name = "scripted:double"

    def __init__(self, *replies: Mapping[str, Any] | Exception) -> None:
        self._replies = list(replies)
        self.asked: list[tuple[str, str]] = []

    def reply(self, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append((system, user))
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if isinstance(reply, Exception):
            raise reply
        return dict(reply)
