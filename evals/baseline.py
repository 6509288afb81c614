"""Cases → outcomes, for the RAG of the tutorials, so that the figures stand beside something.

RecursiveCharacterTextSplitter 1000/200, Chroma in memory, the same embedding model, k = 4: each chunk that
comes back is a "statement". It names no speakers and never abstains; its answerability score is the
similarity of the nearest chunk.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any, cast

from evals.cases import Case
from evals.metrics import Outcome
from whosaid.embedder import Embedder
from whosaid.library import Library

K, CHUNK_CHARS, OVERLAP_CHARS = 4, 1000, 200


def run(library: Library, embedder: Embedder, cases: Sequence[Case]) -> Iterator[tuple[Outcome, dict[str, Any]]]:
    """Answer every case with the `K` nearest chunks."""
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS)
    chunks = [chunk for article in library.articles for chunk in splitter.split_text(article.text)]
    chroma = Chroma("baseline", cast(Embeddings, embedder), collection_configuration={"hnsw": {"space": "cosine"}})
    chroma.add_texts(chunks)
    for case in cases:
        started = time.perf_counter()
        embedder.embed_query(case.turns[-1])
        encoded = time.perf_counter()
        found = chroma.similarity_search_with_score(case.turns[-1], k=K)
        ended = time.perf_counter()
        shown = tuple(document.page_content for document, _ in found)
        outcome = Outcome(
            case,
            "answered",
            shown,
            ("",) * len(shown),
            1.0 - found[0][1],
            ms=(ended - encoded) * 1000,
            encode_ms=(encoded - started) * 1000,
        )
        yield outcome, {"status": "answered", "statements": [{"text": text} for text in shown]}
