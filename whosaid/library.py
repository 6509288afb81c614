"""corpus/ → articles, question bank and glossary, checked against each other.

corpus/ is the truth that everything else is made from, so nothing in it is repaired or skipped here: a hash
that does not match or a broken line is an error that names the file, the line and the remedy.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from whosaid.errors import CorpusError
from whosaid.types import NARRATOR, Article, BankQuestion, Mode, Person, Span, Statement


@dataclass(frozen=True)
class Term:
    """A glossary entry: one thing and its names.

    `aliases` are names that an article itself uses; `outside` come from general knowledge, so an answer that
    rests on one has to say that the link is not from the article.
    """

    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    is_a: tuple[str, ...] = ()
    is_a_outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Library:
    """All articles with their question banks, and `sha256`, which changes when anything in corpus/ does."""

    articles: tuple[Article, ...]
    questions: tuple[BankQuestion, ...]
    glossary: tuple[Term, ...]
    sha256: str
    _by_id: Mapping[str, Statement] = field(repr=False)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement of every article, in reading order."""
        return tuple(self._by_id.values())

    def statement(self, statement_id: str) -> Statement | None:
        """Return the statement with this id, `None` where no article has it."""
        return self._by_id.get(statement_id)

    @cached_property
    def example_questions(self) -> Mapping[str, str]:
        """For each statement id the first bank question that it is the best answer to."""
        examples: dict[str, str] = {}
        for question in self.questions:
            if question.statements:
                examples.setdefault(question.statements[0], question.text)
        return examples


def load_library(corpus_dir: Path) -> Library:
    """Read and check corpus/. Raises `CorpusError` naming file, line and remedy."""
    if not corpus_dir.is_dir():
        raise CorpusError(f"no corpus at {corpus_dir}: set WHOSAID_CORPUS_DIR to the folder with the articles")
    folders = sorted(path.parent for path in corpus_dir.glob("*/article.toml"))
    if not folders:
        raise CorpusError(f"no article in {corpus_dir}: an article is a folder with an article.toml")
    glossary = corpus_dir / "glossary.toml"
    digest = hashlib.sha256()
    for path in [glossary, *(f / name for f in folders for name in ("article.toml", "article.txt", "statements.jsonl", "questions.jsonl"))]:
        digest.update(f"{path.relative_to(corpus_dir)}\0".encode() + (path.read_bytes() if path.is_file() else b"") + b"\0")
    articles = tuple(_article(folder) for folder in folders)
    by_id = {statement.id: statement for article in articles for statement in article.statements}
    questions = tuple(q for folder, article in zip(folders, articles, strict=True) for q in _questions(folder / "questions.jsonl", article))
    return Library(articles, questions, _glossary(glossary), digest.hexdigest(), by_id)


def statement_id(article_id: str, text: str) -> str:
    """Return a statement's id: its article and the first 8 hex digits of its text's sha256."""
    return f"{article_id}:{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _article(folder: Path) -> Article:
    meta_path = folder / "article.toml"
    meta = _toml(meta_path)
    text = _text(folder / "article.txt")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    try:
        people = tuple(
            Person(p["name"], p["label"], p["role"], tuple(p.get("aliases", ()))) for p in meta.get("people", ())
        )
        article = Article(
            id=folder.name,
            title=meta["title"],
            site=meta["site"],
            author=meta["author"],
            published=meta["published"],
            rights=meta["rights"],
            sha256=meta["sha256"],
            url=meta.get("url", ""),
            text=text,
            people=people,
            main_speaker=meta["main_speaker"],
        )
    except (KeyError, TypeError) as error:
        raise CorpusError(f"{meta_path}: {error} is missing: see corpus/README.md for what an article needs") from error
    if sha256 != article.sha256:
        raise CorpusError(
            f"{folder / 'article.txt'} has sha256 {sha256}, but {meta_path} says {article.sha256}: "
            "restore the text, or review statements.jsonl against the new one and then update sha256"
        )
    # Statements know their article and the article its statements: a circle that no constructor can close.
    object.__setattr__(article, "statements", tuple(_statements(folder / "statements.jsonl", article)))
    return article


def _statements(path: Path, article: Article) -> Iterator[Statement]:
    speakers = {NARRATOR, *(person.name for person in article.people)}
    rows = list(_jsonl(path))
    ids = {row.get("id") for _, row in rows}
    last_end = 0
    for where, row in rows:
        try:
            span = Span(row["start"], row["end"])
            statement = Statement(
                id=row["id"],
                quote=article.quote(span),
                section=row["section"],
                speaker=row["speaker"],
                mode=Mode(row["mode"]),
                channel=row["channel"],
                when=row["when"],
                source=row["source"],
                cue=Span(*row["cue"]) if row["cue"] else None,
                quoted=tuple(Span(*pair) for pair in row["quoted"]),
                needs=tuple(row["needs"]),
                reviewed_by=row["reviewed_by"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CorpusError(f"{where}: not a statement ({error!r}): correct or remove the line") from error
        if statement.text != row.get("text"):
            raise CorpusError(f"{where}: the text is not what stands at {span.start}:{span.end} of article.txt")
        if statement.id != statement_id(article.id, statement.text):
            raise CorpusError(f"{where}: id {statement.id} is not the hash of its text")
        if span.start < last_end:
            raise CorpusError(f"{where}: overlaps the statement before it: statements stand in reading order")
        if statement.speaker not in speakers:
            raise CorpusError(f"{where}: speaker {statement.speaker!r} is not among the people of article.toml")
        if missing := set(statement.needs) - ids:
            raise CorpusError(f"{where}: needs {missing.pop()}, which is no statement of this article")
        last_end = span.end
        yield statement


def _questions(path: Path, article: Article) -> Iterator[BankQuestion]:
    if not path.is_file():
        return  # an article may have no bank yet
    ids = {statement.id for statement in article.statements}
    for number, (where, row) in enumerate(_jsonl(path)):
        statements, topic = tuple(row.get("statements", ())), row.get("topic", "")
        if not isinstance(row.get("question"), str) or bool(statements) == bool(topic):
            raise CorpusError(f"{where}: a bank row has a question and either statements or a topic")
        if missing := set(statements) - ids:
            raise CorpusError(f"{where}: {missing.pop()} is no statement of {article.id}")
        yield BankQuestion(f"{article.id}:q{number}", article.id, row["question"], statements, topic)


def _glossary(path: Path) -> tuple[Term, ...]:
    if not path.is_file():
        return ()
    fields = ("aliases", "outside", "is_a", "is_a_outside")
    try:
        return tuple(
            Term(t["name"], t["kind"], *(tuple(t.get(name, ())) for name in fields)) for t in _toml(path).get("term", ())
        )
    except (KeyError, TypeError) as error:
        raise CorpusError(f"{path}: a term lacks {error}") from error


def _jsonl(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(_text(path).removesuffix("\n").split("\n"), 1):
        where = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{where}: not JSON ({error.msg}): correct or remove the line") from error
        if not isinstance(row, dict):
            raise CorpusError(f"{where}: not a JSON object: correct or remove the line")
        yield where, row


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"{path}: not TOML ({error}): correct it") from error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise CorpusError(f"{path}: {error.strerror}: restore the file") from error
