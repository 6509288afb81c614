"""corpus/ → the index: split check, vectors, Chroma, then the switch.

A build goes into a new folder beside the live one and becomes live in one step at its end, so a kill at
any moment leaves the old index or the new one. What a killed build left behind goes with the next ingest.
"""

import shutil
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ingest.check import check_article
from ingest.train import train
from ingest.vectors import embed
from whosaid import store
from whosaid.classifier import TURNS, Classifier
from whosaid.embedder import Embedder, fingerprint, load_embedder
from whosaid.errors import IndexUnusableError
from whosaid.generation import Manifest, Record, write_generation
from whosaid.library import Library, load_library
from whosaid.settings import Settings
from whosaid.turns import Turns
from whosaid.types import BankQuestion, Statement
from whosaid.words import WordIndex


@dataclass(frozen=True)
class Built:
    """What an ingest did: `counts` of the live index, and why it was built ("" where it was up to date)."""

    counts: dict[str, int]
    reason: str


def build(settings: Settings, load: Callable[[str], Embedder] = load_embedder) -> Built:
    """Make the live index that of corpus/. Raises `WhoSaidError`; the old index is then untouched."""
    library = load_library(settings.corpus_dir)
    for article in library.articles:
        check_article(settings.corpus_dir / article.id, article)
    model_fingerprint = fingerprint(settings.embedding_model)
    with store.writing(settings.index_dir):
        _remove_dead(settings.index_dir)  # first: they take the room that a build needs
        reason = _why(settings.index_dir, library.sha256, model_fingerprint)
        if reason:
            _build(settings, library, model_fingerprint, load)
    counts = {
        "articles": len(library.articles),
        "statements": len(library.statements),
        "questions": len(library.questions),
    }
    return Built(counts, reason)


def _why(index_dir: Path, corpus_sha256: str, model_fingerprint: str) -> str:
    """Return why the live index will not do, "" where it will."""
    try:
        if store.current(index_dir) is None:
            return "there was none"
        store.open_index(index_dir, corpus_sha256, model_fingerprint).close()
    except IndexUnusableError as error:
        return str(error).removesuffix(": run `python -m ingest`")
    return ""


def _build(settings: Settings, library: Library, model_fingerprint: str, load: Callable[[str], Embedder]) -> None:
    statements = [statement_record(statement, before) for statement, before in _with_sentence_before(library)]
    questions = [question_record(question) for question in library.questions]
    memory = settings.index_dir / f"vectors-{model_fingerprint[:12]}.npz"
    alone = [statement.text for statement in library.statements]
    texts = [*(record.text for record in (*statements, *questions)), *alone]
    with _bar("embedding", len(texts)) as bar:
        vectors = embed(texts, lambda: load(settings.embedding_model), memory, bar)
    in_context, of_questions, by_itself = np.split(vectors, [len(statements), len(texts) - len(alone)])
    of_statements = _middle(in_context, by_itself)
    words, classifier = WordIndex(library.statements), settings.corpus_dir / f"{TURNS}.npz"
    reader = Turns(Classifier(classifier), words.ids) if classifier.is_file() else None
    trained = train(library.questions, of_questions, library.glossary, words, reader)
    manifest = Manifest(
        corpus_sha256=library.sha256,
        model=settings.embedding_model,
        model_fingerprint=model_fingerprint,
        counts={"statements": len(statements), "questions": len(questions)},
        calibration=trained.figures if trained else {},
    )
    generation = settings.index_dir / f"{library.sha256[:12]}-{model_fingerprint[:6]}-{uuid.uuid4().hex[:8]}"
    with _bar("indexing", len(statements) + len(questions)) as bar:
        write_generation(
            generation,
            manifest,
            {"statements": (statements, of_statements), "questions": (questions, of_questions)},
            trained.ranker.arrays() if trained else {},
            bar,
        )
    store.switch(settings.index_dir, generation)
    _remove_dead(settings.index_dir)


def _middle(in_context: np.ndarray, by_itself: np.ndarray) -> np.ndarray:
    """Return unit vectors between both: by its section's title alone a short sentence would be near anything."""
    middle = in_context + by_itself
    return np.asarray(middle / np.linalg.norm(middle, axis=1, keepdims=True), dtype=np.float32)


def statement_record(statement: Statement, before: str) -> Record:
    """Return how a statement is indexed: in its context, with what filters ask for."""
    return Record(
        statement.id,
        f"{statement.text} ({statement.section}. {before})",
        {
            "article": statement.quote.article.id,
            "statement": statement.id,
            "speaker": statement.speaker,
            "mode": str(statement.mode),
            "section": statement.section,
        },
    )


def question_record(question: BankQuestion) -> Record:
    """Return how a bank question is indexed."""
    best = question.statements[0] if question.statements else ""
    return Record(question.id, question.text, {"article": question.article, "statement": best, "topic": question.topic})


def _with_sentence_before(library: Library) -> list[tuple[Statement, str]]:
    pairs = []
    for article in library.articles:
        before = None
        for statement in article.statements:
            same_section = before is not None and before.section == statement.section
            pairs.append((statement, before.text if before is not None and same_section else ""))
            before = statement
    return pairs


def _remove_dead(index_dir: Path) -> None:
    """Remove all but the live generation; one that a running app still reads goes with the next ingest."""
    try:
        live = store.current(index_dir)
    except IndexUnusableError:  # the pointer is broken: what it named is rebuilt
        live = None
    for folder in index_dir.iterdir():
        if folder.is_dir() and folder != live and store.removable(folder):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar; call what it yields with how many texts each step settled."""
    with tqdm(range(total), desc=what, unit="text", leave=False, file=sys.stderr, disable=None) as bar:

        def advance(count: int) -> None:
            bar.update(count)

        yield advance
