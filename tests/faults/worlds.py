"""Two small corpora that an ingest goes to and fro between, in a process of its own, and whether an index is right."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from tests.conftest import WordHashEmbedder, write_corpus
from whosaid.embedder import fingerprint
from whosaid.library import Library, load_library
from whosaid.settings import ROOT, Settings
from whosaid.store import Index, open_index

QUESTIONS = 1100  # over 1,000 records Chroma rewrites HNSW files in place
FEW = 60  # too few to learn from, so that an ingest is quick
MODEL = "word-hash"
_EXACT = 1e-4
_INGEST = """
import sys
from pathlib import Path
from ingest.build import build
from tests.conftest import WordHashEmbedder
from whosaid.errors import WhoSaidError
from whosaid.settings import Settings
print("go", flush=True)
try:
    built = build(Settings(Path(sys.argv[1]), Path(sys.argv[2]), "word-hash"), lambda _: WordHashEmbedder())
except WhoSaidError as error:
    sys.exit(f"ingest: {error}")
print(built.reason)
"""


class Worlds:
    """Two corpora and one index folder."""

    def __init__(self, folder: Path, index_dir: Path | None = None, questions: int = QUESTIONS) -> None:
        self.index_dir = index_dir or folder / "index"
        self.corpora = [
            write_corpus(
                folder / name,
                [
                    {"question": f"{name} asks {n} of thing {n * 7} and {n * n}?", "topic": f"topic {n % 7}"}
                    for n in range(questions)
                ],
            )
            for name in ("first", "second")
        ]
        self.libraries = {library.sha256: library for library in map(load_library, self.corpora)}

    def settings(self, number: int) -> Settings:
        return Settings(self.corpora[number], self.index_dir, MODEL)

    def ingest(self, number: int, *wrapper: str) -> "subprocess.Popen[str]":
        """Start an ingest of a corpus, and return it when its imports are done."""
        command = [*wrapper, sys.executable, "-c", _INGEST, str(self.corpora[number]), str(self.index_dir)]
        run = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert run.stdout is not None
        assert run.stdout.readline() == "go\n", run.communicate()
        return run

    def built(self, number: int) -> tuple[int, str, str]:
        """Ingest a corpus: exit code, what was printed, what was complained of."""
        run = self.ingest(number)
        output, error = run.communicate(timeout=300)
        return run.returncode, output.strip(), error.strip()

    def wrong(self, number: int) -> list[str]:
        """Open the index, which has to be that of a corpus, and return the neighbours that are wrong."""
        library = load_library(self.corpora[number])
        index = self.open(library.sha256)
        try:
            return wrong_neighbours(index, library)
        finally:
            index.close()

    def open(self, sha256: str) -> Index:
        return open_index(self.index_dir, sha256, fingerprint(MODEL))


def wrong_neighbours(index: Index, library: Library, every: int = 5) -> list[str]:
    """Return what does not find itself, or a text of the same vector, as its nearest neighbour."""
    embedder = WordHashEmbedder()
    texts = {question.id: question.text for question in library.questions}
    wrong = []
    for id_, text in list(texts.items())[::every]:
        vector = embedder.embed_query(text)
        (found, similarity), *_ = index.nearest("questions", vector, 1)
        if abs(similarity - 1) > _EXACT or 1 - float(np.dot(embedder.embed_query(texts[found]), vector)) > _EXACT:
            wrong.append(f"{id_} found {found} at {similarity}")
    return wrong
