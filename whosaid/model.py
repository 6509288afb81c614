"""EDGE: the optional chat model, through LangChain's `init_chat_model`. Off unless the settings name one.

A chat model may fail in every way that there is: no key, no network, a limit, silence, nonsense. Whatever it is, the
caller gets an object of the shape that was asked for, or a `ChatModelError` within the time allowed.
"""

import json
import os
import re
import threading
import time
from collections.abc import Mapping
from queue import Empty, Queue
from typing import Any, Protocol

from whosaid.errors import SettingsError, WhoSaidError
from whosaid.settings import Settings

_ATTEMPTS = 2
_SECRET = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD)(?:_ID)?$", re.IGNORECASE)
_SECRET_CHARS = 6  # shorter ones are no secrets, and would blot out half of an error
_MIN_S = 1.0  # left of the time allowed, for another attempt to make sense


class ChatModelError(WhoSaidError):
    """The chat model gave nothing that can be used; the answer without it stands."""


class ChatModel(Protocol):
    """What the rest of WhoSaid needs of a chat model."""

    @property
    def name(self) -> str:
        """Return "provider:name", as the settings name it."""
        ...

    def reply(self, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return an object with the keys that a JSON schema requires. Raises `ChatModelError`."""
        ...


class LangChainModel:
    """A chat model that LangChain knows. Threads may share one.

    `timeout_s` bounds a whole reply, the second attempt included: nobody waits longer for an answer.
    """

    def __init__(self, name: str, chat: Any, timeout_s: float) -> None:
        self.name = name
        self._chat = chat
        self._timeout_s = timeout_s

    def reply(self, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Ask twice at most. Raises `ChatModelError` naming what went wrong the last time, never what was asked."""
        ends = time.monotonic() + self._timeout_s
        messages = [("system", system), ("human", user)]
        problem = ""
        for attempt in range(_ATTEMPTS):
            left = ends - time.monotonic()
            if attempt and left < _MIN_S:
                break
            outcome = _within(left, lambda: self._ask(messages, schema))
            if isinstance(outcome, dict) and all(name in outcome for name in schema["required"]):
                return outcome
            problem = _problem(outcome)
        raise ChatModelError(f"the chat model {self.name} gave no usable reply ({problem})")

    def _ask(self, messages: list[tuple[str, str]], schema: Mapping[str, Any]) -> object:
        outcome = self._chat.with_structured_output(dict(schema), include_raw=True).invoke(messages)
        return outcome["parsed"] if isinstance(outcome["parsed"], dict) else _json_in(outcome["raw"].text)


def load_model(settings: Settings) -> ChatModel | None:
    """Return the chat model that the settings name, `None` where they name none. No request is made.

    Raises `SettingsError` where the name or the provider's package is wrong, or the key is missing.
    """
    if not settings.model:
        return None
    # LangChain would send every question to its maker's service where these are set for another program
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0, "timeout": settings.model_timeout_s, "max_retries": 0}
    if settings.model.startswith("ollama:"):
        options = {"temperature": 0, "client_kwargs": {"timeout": settings.model_timeout_s}}
    if settings.model_url:
        options["base_url"] = settings.model_url
    if settings.model_key or settings.model_url:
        options["api_key"] = settings.model_key or "none"  # a server of one's own often wants no key
    try:
        chat = init_chat_model(settings.model, **options)
    except ImportError as error:
        raise SettingsError(f"WHOSAID_MODEL={settings.model}: {_without_secrets(_line(error), settings)}") from None
    except Exception as error:  # each provider's package has errors of its own
        reason = _without_secrets(_line(error), settings)
        raise SettingsError(
            f"WHOSAID_MODEL={settings.model} cannot be used ({reason}): write provider:name, such as openai:gpt-5, "
            "and give its key in WHOSAID_MODEL_KEY"
        ) from None  # a provider's error may hold the key
    return LangChainModel(settings.model, chat, settings.model_timeout_s)


def _within(timeout_s: float, call: Any) -> object:
    """Return what a call returns or raises, or a `TimeoutError`: a server that drips bytes outlasts a client's own."""
    outcomes: Queue[object] = Queue()

    def run() -> None:
        try:
            outcomes.put(call())
        except Exception as error:  # the providers' errors share no base class
            outcomes.put(error)

    threading.Thread(target=run, daemon=True, name="chat-model").start()
    try:
        return outcomes.get(timeout=timeout_s)
    except Empty:
        return TimeoutError()


def _json_in(text: str) -> object:
    """Return the JSON object in a reply that ignored the format, `None` where there is none."""
    found = re.search(r"\{.*\}", text, re.DOTALL)
    try:
        return json.loads(found[0]) if found else None
    except ValueError:
        return None


def _problem(outcome: object) -> str:
    """Say what went wrong without the error's text: that may hold a key or what somebody asked."""
    if isinstance(outcome, TimeoutError) or "timeout" in type(outcome).__name__.lower():
        return "it took too long"
    if isinstance(outcome, Exception):
        status = getattr(outcome, "status_code", None)
        return f"{type(outcome).__name__}{f', HTTP {status}' if status else ''}"
    return "it did not keep to the format"


def _without_secrets(text: str, settings: Settings) -> str:
    """Return a text without our key, and without what the environment holds under a name such as OPENAI_API_KEY."""
    named = (value for name, value in os.environ.items() if _SECRET.search(name) and len(value) >= _SECRET_CHARS)
    for secret in sorted({settings.model_key, settings.model_url, *named} - {""}, key=len, reverse=True):
        text = text.replace(secret, "…")
    return text


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
