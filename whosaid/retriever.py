"""WhoSaid as a LangChain retriever: whole statements with their speakers, for somebody else's chain."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from whosaid.answer import badge
from whosaid.chat import Assistant
from whosaid.export import statement_json
from whosaid.types import Shown


class StatementRetriever(BaseRetriever):
    """Returns the statements that answer a question, the best first, each followed by those that it needs.

    There are none where the article does not answer. A document's text is the statement to the character; its metadata
    are the fields of `statements --json` with `score`, `needed_by` and `badge`, which says who said it and how.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    assistant: Assistant

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(item) for item in self.assistant.ask([query]).statements]


def _document(item: Shown) -> Document:
    fields = statement_json(item.statement) | {"score": item.score, "needed_by": item.needed_by}
    return Document(
        page_content=item.statement.text, id=item.statement.id, metadata=fields | {"badge": badge(item.statement)}
    )
