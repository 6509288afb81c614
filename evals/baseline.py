"""Cases → outcomes, for what others do, so that the figures stand beside something.

- `tutorial`: the RAG of the tutorials: RecursiveCharacterTextSplitter 1000/200, Chroma in memory, the same embedding
  model, k = 4; each chunk that comes back is a "statement".
- `minilm`: the statements nearest to the question by the same model, five of them.
- `bm25`: the statements that share its words, five of them.

None of them names a speaker or abstains; their answerability score is that of the best thing found.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from evals.cases import Case
from evals.metrics import Outcome
from whosaid.embedder import Embedder
from whosaid.glossary import tokens
from whosaid.library import Library

K, CHUNK_CHARS, OVERLAP_CHARS = 4, 1000, 200
_STATEMENTS = 5

Search = Callable[[str], list[tuple[str, float]]]  # question → texts with scores, the best first


def run(
    name: str, library: Library, embedder: Embedder, cases: Sequence[Case]
) -> Iterator[tuple[Outcome, dict[str, Any]]]:
    """Answer every case with what a baseline finds."""
    search = BASELINES[name](library, embedder)
    for case in cases:
        started = time.perf_counter()
        embedder.embed_query(case.turns[-1])
        encoded = time.perf_counter()
        found = search(case.turns[-1])
        ended = time.perf_counter()
        shown = tuple(text for text, _ in found)
        outcome = Outcome(
            case,
            "answered",
            shown,
            ("",) * len(shown),
            found[0][1],
            ms=(ended - encoded) * 1000,
            encode_ms=(encoded - started) * 1000,
        )
        yield outcome, {"status": "answered", "statements": [{"text": text} for text in shown]}


def _tutorial(library: Library, embedder: Embedder) -> Search:
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS)
    chroma = Chroma("baseline", cast(Embeddings, embedder), collection_configuration={"hnsw": {"space": "cosine"}})
    chroma.add_texts([chunk for article in library.articles for chunk in splitter.split_text(article.text)])
    return lambda question: [
        (document.page_content, 1.0 - distance)
        for document, distance in chroma.similarity_search_with_score(question, k=K)
    ]


def _minilm(library: Library, embedder: Embedder) -> Search:
    import numpy as np

    texts = [statement.text for statement in library.statements]
    vectors = np.array(embedder.embed_documents(texts))
    return lambda question: _best(texts, vectors @ np.array(embedder.embed_query(question)))


def _bm25(library: Library, _: Embedder) -> Search:
    from rank_bm25 import BM25Okapi

    texts = [statement.text for statement in library.statements]
    index = BM25Okapi([tokens(text) for text in texts])
    return lambda question: _best(texts, index.get_scores(tokens(question)))


def _best(texts: Sequence[str], scores: Any) -> list[tuple[str, float]]:
    order = sorted(range(len(texts)), key=lambda i: -scores[i])
    return [(texts[i], float(scores[i])) for i in order[:_STATEMENTS]]


BASELINES: dict[str, Callable[[Library, Embedder], Search]] = {"tutorial": _tutorial, "minilm": _minilm, "bm25": _bm25}
