"""A browser session without a browser: Streamlit's websocket protocol, spoken with Streamlit's own messages."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Drawn:
    """What the server sent until its script had ended, and how long that took."""

    texts: tuple[str, ...]
    errors: tuple[str, ...]
    seconds: float

    def says(self, words: str) -> bool:
        """Whether any of it has these words."""
        return any(words in text for text in self.texts)


class Visitor:
    """One session. `page` opens the page, `ask` types a question, `rerun` does nothing but draw again."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._chat_input = ""
        self.session_id = ""

    async def page(self, query: str = "") -> Drawn:
        """Open the page and wait until it is drawn."""
        request = BackMsg()
        request.rerun_script.query_string = query
        return await self._send(request)

    async def rerun(self) -> Drawn:
        """Have the page drawn again."""
        return await self.page()

    async def ask(self, question: str) -> Drawn:
        """Type a question and wait until the answer is drawn."""
        request = BackMsg()
        typed = request.rerun_script.widget_states.widgets.add()
        typed.id = self._chat_input
        typed.chat_input_value.data = question
        return await self._send(request)

    async def _send(self, request: BackMsg) -> Drawn:
        started_s = time.perf_counter()
        await self._connection.send(request.SerializeToString())
        texts: list[str] = []
        errors: list[str] = []
        while True:
            data = await asyncio.wait_for(self._connection.recv(), _TIMEOUT_S)
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session_id = message.new_session.initialize.session_id or self.session_id
                texts.clear()
            elif kind == "delta":
                self._read(message.delta, texts, errors)
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    errors.append("the page's script does not compile")
                if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return Drawn(tuple(texts), tuple(errors), time.perf_counter() - started_s)

    def _read(self, delta: Delta, texts: list[str], errors: list[str]) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "chat_input":
            self._chat_input = element.chat_input.id
        elif kind == "alert":
            errors.append(element.alert.body)
        elif kind == "exception":
            errors.append(element.exception.message)
        elif kind == "html":
            texts.append(element.html.body)
        elif kind in {"markdown", "text"}:
            texts.append(getattr(element, kind).body)


@asynccontextmanager
async def visiting(host: str) -> AsyncIterator[Visitor]:
    """Open a session with a server at `host`, a name with a port."""
    async with connect(f"ws://{host}/_stcore/stream", open_timeout=_TIMEOUT_S, max_size=None) as connection:
        yield Visitor(connection)
