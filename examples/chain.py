"""WhoSaid's statements in a LangChain chain of your own: `python examples/chain.py "How long until LDN helps?"`.

The chain below needs no chat model: it only lays the statements out. Put your own behind it with
`chain | prompt | init_chat_model("provider:name")`; what such a model then writes is not checked by WhoSaid, unlike
what `WHOSAID_MODEL` makes of the same statements inside the app.
"""

import sys
from pathlib import Path

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableLambda

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run from a checkout

from whosaid.chat import Assistant, load_assistant
from whosaid.retriever import StatementRetriever
from whosaid.settings import load_settings


def lay_out(documents: list[Document]) -> str:
    """Return statements with the one who said each, or that there are none."""
    if not documents:
        return "The article does not answer this."
    return "\n\n".join(f"{document.metadata['badge']}:\n{document.page_content}" for document in documents)


def build_chain(assistant: Assistant) -> Runnable[str, str]:
    """Return a chain from a question to a text."""
    return StatementRetriever(assistant=assistant) | RunnableLambda(lay_out)


if __name__ == "__main__":
    print(build_chain(load_assistant(load_settings())).invoke(" ".join(sys.argv[1:])))
