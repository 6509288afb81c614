"""One turn, start to end: read the question, find statements, compose the answer.

Read this file first. `Assistant` is the only thing that pages, command line and evaluation need.
"""

from collections.abc import Callable, Sequence

from whosaid.answer import compose
from whosaid.embedder import Embedder, fingerprint, load_embedder
from whosaid.library import Library, load_library
from whosaid.question import understand
from whosaid.retrieve import Retriever
from whosaid.settings import Settings
from whosaid.store import Index, open_index
from whosaid.types import Answer


class Assistant:
    """Answers questions over a corpus. Threads may share one."""

    def __init__(self, library: Library, index: Index, embedder: Embedder) -> None:
        self.library = library
        self.embedder = embedder
        self._retriever = Retriever(library, index, embedder)

    def ask(self, turns: Sequence[str]) -> Answer:
        """Answer the last of a conversation's user turns. Raises `QuestionError` where it cannot be read."""
        question = understand(turns, self.library.glossary)
        findings = self._retriever.find(question)
        return compose(question, findings, self.library)


def load_assistant(settings: Settings, load: Callable[[str], Embedder] = load_embedder) -> Assistant:
    """Open corpus, index and model: some seconds. Raises `WhoSaidError` with what to do."""
    library = load_library(settings.corpus_dir)
    index = open_index(settings.index_dir, library.sha256, fingerprint(settings.embedding_model))
    return Assistant(library, index, load(settings.embedding_model))
