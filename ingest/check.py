"""Does an article's reviewed attribution cover its text, and its text its source?

A statement that nobody attributed would be missing from every answer without a word, so ingest refuses it.
"""

from pathlib import Path

from ingest.clean import canonical
from ingest.split import split
from whosaid.errors import CorpusError
from whosaid.types import Article


def check_article(folder: Path, article: Article) -> None:
    """Raise `CorpusError` where cleaning `source.txt` does not give the text or a sentence has no statement."""
    source = folder / "source.txt"
    if source.is_file() and canonical(source.read_bytes().decode("utf-8", errors="replace")) != article.text:
        raise CorpusError(f"{folder / 'article.txt'} is not what cleaning {source} gives: correct one of them")
    reviewed = {(statement.quote.span.start, statement.quote.span.end) for statement in article.statements}
    found = {(unit.start, unit.end): unit for unit in split(article.text)}
    if lacking := sorted(found.keys() - reviewed):
        start, end = lacking[0]
        raise CorpusError(
            f"{folder / 'statements.jsonl'} lacks the statement at {start}:{end} "
            f"({article.text[start:end][:60]!r}): attribute it"
        )
    if foreign := sorted(reviewed - found.keys()):
        raise CorpusError(
            f"{folder / 'statements.jsonl'} has {foreign[0][0]}:{foreign[0][1]}, which is no whole statement"
        )
