"""PURE: what claims are held against: an article with its speakers, or a plain text that has none."""

from collections.abc import Iterable
from dataclasses import dataclass

from whosaid.align import Source
from whosaid.glossary import Glossary, Mention
from whosaid.types import Article, Span, Statement


@dataclass(frozen=True, eq=False, repr=False)
class Reference:
    """A source and, where it is an article, its statements, in the order of the source's sentences."""

    source: Source
    article: Article | None = None
    glossary: Glossary | None = None

    @staticmethod
    def of_article(article: Article, glossary: Glossary | None = None) -> "Reference":
        """Return an article to check against."""
        sentences = [statement.quote.span for statement in article.statements]
        return Reference(Source(article.text, sentences, article.corrections), article, glossary)

    @staticmethod
    def of_text(text: str, sentences: Iterable[Span]) -> "Reference":
        """Return a plain text to check against: it has no speakers."""
        return Reference(Source(text, tuple(sentences)))

    def statement(self, token: int) -> Statement | None:
        """Return the statement that a token of the source stands in."""
        number = self.source.sentence_of[token]
        return self.article.statements[number] if self.article and number >= 0 else None

    def named(self, text: str) -> list[Mention]:
        """Return the things of the glossary that a text names."""
        return self.glossary.find(text) if self.glossary else []
