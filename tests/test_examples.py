"""The examples run, and the retriever gives what it promises."""

import pytest

from examples.chain import build_chain
from ingest.build import build
from tests.conftest import WordHashEmbedder
from whosaid.chat import Assistant, load_assistant
from whosaid.retriever import StatementRetriever
from whosaid.settings import Settings


@pytest.fixture
def assistant(settings: Settings) -> Assistant:
    build(settings, lambda _: WordHashEmbedder())
    return load_assistant(settings, lambda _: WordHashEmbedder())


def test_the_chain_says_who_said_each_statement(assistant: Assistant) -> None:
    said = build_chain(assistant).invoke("Whose back pain does Dr. Boll treat in Ghent?")
    assert "The article’s author:\nDr. Ada Boll treats back pain in Ghent." in said
    assert build_chain(assistant).invoke("zzz") == "The article does not answer this."


def test_documents_are_statements_to_the_character_with_their_speakers(assistant: Assistant) -> None:
    documents = StatementRetriever(assistant=assistant).invoke("In theory how many tablets a day are safe?")
    text = assistant.library.articles[0].text
    assert documents
    for document in documents:
        fields = document.metadata
        assert text[fields["start"] : fields["end"]] == document.page_content
        assert {"speaker", "mode", "badge", "reviewed_by", "needed_by", "score"} <= fields.keys()
    theory = next(d for d in documents if d.page_content.startswith("In theory"))
    assert theory.metadata["needs"][0] in [document.id for document in documents]  # it misleads alone
