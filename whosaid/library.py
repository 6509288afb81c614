"""corpus/ → articles, question bank and glossary, checked against each other.

corpus/ is the truth that everything else is made from, so nothing in it is repaired or skipped here: a hash
that does not match or a broken line is an error that names the file, the line and the remedy.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from whosaid.errors import CorpusError
from whosaid.glossary import Distinct, Glossary, Term
from whosaid.types import NARRATOR, Article, BankQuestion, Danger, Person, Span, Statement, Topic

ASK = {"", "prescriber", "pharmacist", "emergency", "publisher"}  # whom to ask what an article does not discuss


@dataclass(frozen=True)
class Library:
    """All articles with their question banks, and `sha256`, which changes when anything in corpus/ does."""

    articles: tuple[Article, ...]
    questions: tuple[BankQuestion, ...]
    glossary: Glossary
    topics: Mapping[str, Topic]
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
        """For each statement id the first bank question that it is the best answer to, a tidily written one if any."""
        examples: dict[str, str] = {}
        for question in sorted(self.questions, key=lambda q: not (q.text[:1].isupper() and q.text.endswith("?"))):
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
    names = ("source.txt", "article.toml", "article.txt", "statements.jsonl", "questions.jsonl", "topics.toml")
    shared = glossary, corpus_dir / "turns.npz"  # the index holds how far that classifier is to be trusted
    for path in [*shared, *(folder / name for folder in folders for name in names)]:
        digest.update(
            f"{path.relative_to(corpus_dir)}\0".encode() + (path.read_bytes() if path.is_file() else b"") + b"\0"
        )
    articles = tuple(_article(folder) for folder in folders)
    by_id = {statement.id: statement for article in articles for statement in article.statements}
    questions = tuple(
        q
        for folder, article in zip(folders, articles, strict=True)
        for q in _questions(folder / "questions.jsonl", article)
    )
    topics = {topic.name: topic for folder in folders for topic in _topics(folder / "topics.toml")}
    if unknown := next((q for q in questions if q.topic and topics and q.topic not in topics), None):
        raise CorpusError(f"{unknown.article}/questions.jsonl: topic {unknown.topic!r} is not in topics.toml")
    return Library(articles, questions, _glossary(glossary), topics, digest.hexdigest(), by_id)


def statement_id(article_id: str, text: str, occurrence: int = 1) -> str:
    """Return a statement's id: its article and the first 8 hex digits of its text's sha256.

    The second and later occurrence of the same sentence has its number hashed with it.
    """
    hashed = text if occurrence == 1 else f"{text}#{occurrence}"
    return f"{article_id}:{hashlib.sha256(hashed.encode()).hexdigest()[:8]}"


def _article(folder: Path) -> Article:
    meta_path = folder / "article.toml"
    meta = _toml(meta_path)
    text = _text(folder / "article.txt")
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    try:
        people = tuple(
            Person(p["name"], p["label"], p["role"], tuple(p.get("aliases", ())), p.get("pronoun", ""))
            for p in meta.get("people", ())
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
            title_note=meta.get("title_note", ""),
            examples=tuple(meta.get("examples", ())),
            attribution_note=meta.get("attribution_note", ""),
            text=text,
            people=people,
            main_speaker=meta["main_speaker"],
            corrections={wrong.lower(): right.lower() for wrong, right in meta.get("corrections", {}).items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"{meta_path}: {error} is missing: see corpus/README.md for what an article needs") from error
    if article.url and not article.url.startswith(("https://", "http://")):
        raise CorpusError(f"{meta_path}: url {article.url!r} is no address of a page: it starts with https://")
    if isinstance(meta.get("examples"), str) or not all(isinstance(question, str) for question in article.examples):
        raise CorpusError(f"{meta_path}: examples is a list of questions")
    if article.main_speaker not in {person.name for person in people}:
        raise CorpusError(f"{meta_path}: main_speaker {article.main_speaker!r} is not among its people")
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
    from whosaid import rows as of

    rows = list(of.read(_text(path), path, of.StatementRow))
    ids = {row.id for _, row in rows}
    seen: Counter[str] = Counter()
    last_end = 0
    for where, row in rows:
        seen[row.text] += 1
        try:
            statement = Statement(
                id=row.id,
                quote=article.quote(Span(row.start, row.end)),
                section=row.section,
                speaker=row.speaker,
                mode=row.mode,
                channel=row.channel,
                when=row.when,
                source=row.source,
                cue=article.quote(Span(*row.cue)).span if row.cue else None,
                quoted=tuple(article.quote(Span(*pair)).span for pair in row.quoted),
                needs=tuple(row.needs),
                reviewed_by=row.reviewed_by,
            )
        except ValueError as error:
            raise CorpusError(f"{where}: {error}: correct the offsets") from error
        if statement.text != row.text:
            raise CorpusError(f"{where}: the text is not what stands at {row.start}:{row.end} of article.txt")
        if statement.id != statement_id(article.id, statement.text, seen[row.text]):
            raise CorpusError(f"{where}: id {statement.id} is not the hash of its text")
        if row.start < last_end:
            raise CorpusError(f"{where}: overlaps the statement before it: statements stand in reading order")
        if statement.speaker not in speakers:
            raise CorpusError(f"{where}: speaker {statement.speaker!r} is not among the people of article.toml")
        if missing := set(statement.needs) - ids:
            raise CorpusError(f"{where}: needs {missing.pop()}, which is no statement of this article")
        if any(not row.start <= span.start < span.end <= row.end for span in statement.quoted):
            raise CorpusError(f"{where}: quoted words stand outside the statement")
        last_end = row.end
        yield statement


def _questions(path: Path, article: Article) -> Iterator[BankQuestion]:
    if not path.is_file():
        return  # an article may have no bank yet
    from whosaid import rows as of

    ids = {statement.id for statement in article.statements}
    for number, (where, row) in enumerate(of.read(_text(path), path, of.QuestionRow)):
        if bool(row.statements) == bool(row.topic):
            raise CorpusError(f"{where}: a bank row has a question and either statements or a topic")
        if missing := set(row.statements) - ids:
            raise CorpusError(f"{where}: {missing.pop()} is no statement of {article.id}")
        yield BankQuestion(f"{article.id}:q{number}", article.id, row.question, tuple(row.statements), row.topic)


def _topics(path: Path) -> Iterator[Topic]:
    if not path.is_file():
        return  # topics are then called by their names
    for row in _toml(path).get("topic", ()):
        danger = row.get("danger")
        if not isinstance(row.get("name"), str) or row.get("ask", "") not in ASK or danger not in {None, *Danger}:
            raise CorpusError(
                f"{path}: {row}: a topic has a name, ask is one of {sorted(ASK)}, danger one of {sorted(Danger)}"
            )
        yield Topic(row["name"], row.get("says", row["name"]), row.get("ask", ""), Danger(danger) if danger else None)


def _glossary(path: Path) -> Glossary:
    if not path.is_file():
        return Glossary(())
    fields = ("aliases", "outside", "is_a", "is_a_outside")
    content = _toml(path)
    try:
        terms = [
            Term(t["name"], t["kind"], in_article=t["in_article"], **{name: tuple(t.get(name, ())) for name in fields})
            for t in content.get("term", ())
        ]
        return Glossary(terms, [Distinct(d["general"], tuple(d["names"])) for d in content.get("distinct", ())])
    except (KeyError, TypeError) as error:
        raise CorpusError(f"{path}: a term or group lacks {error}") from error


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
