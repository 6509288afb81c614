"""The lines of corpus files: what each must have, checked by pydantic, which is imported only when a corpus is read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Strict, StringConstraints, ValidationError

from whosaid.errors import CorpusError
from whosaid.types import Danger, Mode


class _Row(BaseModel):
    """A line of a corpus file: nothing missing, nothing converted."""

    model_config = ConfigDict(strict=True)


RowT = TypeVar("RowT", bound=_Row)
_Pair = Annotated[tuple[int, int], Strict(False)]  # JSON has lists, not tuples


class StatementRow(_Row):
    """A line of statements.jsonl."""

    id: str
    start: int
    end: int
    text: str
    section: str
    speaker: str
    mode: Annotated[Mode, Strict(False)]
    cue: _Pair | None
    quoted: list[_Pair]
    channel: str
    when: str
    source: str
    needs: list[str]
    reviewed_by: str


class QuestionRow(_Row):
    """A line of questions.jsonl."""

    question: Annotated[str, StringConstraints(pattern=r"\S")]
    statements: list[str] = []
    topic: str = ""


class MessageRow(_Row):
    """A line of messages.jsonl."""

    text: Annotated[str, StringConstraints(pattern=r"\S")]
    dangers: list[Annotated[Danger, Strict(False)]]
    author: str


class RetellingRow(_Row):
    """A line of retellings.jsonl."""

    claim: Annotated[str, StringConstraints(pattern=r"\S")]
    statement: str
    verdict: Literal["paraphrase", "altered", "not_in_article"]
    author: str


def read(text: str, path: Path, row_type: type[RowT]) -> Iterator[tuple[str, RowT]]:
    """Yield each line of a file's text as a row, with the place to name in an error. Raises `CorpusError`."""
    text = text.removesuffix("\n")
    for number, line in enumerate(text.split("\n") if text else (), 1):
        where = f"{path}, line {number}"
        try:
            yield where, row_type.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the line"
            raise CorpusError(f"{where}: {place}: {first['msg']}: correct or remove the line") from error
