"""The edge to a chat model, against a real server on loopback that misbehaves in every way that servers do."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests import openai_server
from tests.openai_server import Script, breaks_off, drips, fails, refuses, says
from whosaid.errors import SettingsError
from whosaid.model import ChatModel, ChatModelError, load_model
from whosaid.settings import Settings

SCHEMA = {
    "title": "Word",
    "description": "A word.",
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
}


@pytest.fixture(scope="module")
def script() -> Iterator[Script]:
    with openai_server.running() as running:
        yield running


def model(script: Script, timeout_s: float = 20.0) -> ChatModel:
    settings = Settings(model="openai:scripted", model_url=script.url, model_key="sk-secret", model_timeout_s=timeout_s)
    loaded = load_model(settings)
    assert loaded is not None
    return loaded


def test_no_model_is_loaded_unless_one_is_named() -> None:
    assert load_model(Settings()) is None


def test_a_good_reply_comes_back_as_the_object_that_was_asked_for(script: Script) -> None:
    script(says({"word": "yes"}))
    assert model(script).reply("be brief", "say yes", SCHEMA) == {"word": "yes"}
    assert [message["content"] for message in script.asked[0]["messages"]] == ["be brief", "say yes"]


def test_json_in_a_fence_of_markdown_is_taken(script: Script) -> None:
    script(says('Here you are:\n```json\n{"word": "yes"}\n```'))
    assert model(script).reply("", "x", SCHEMA) == {"word": "yes"}


@pytest.mark.parametrize(
    "bad",
    [
        says(""), says("no JSON"), says("{}"), says("[1]"), says({"wort": 1}), refuses("I can't"), fails(500),
        fails(429), breaks_off,
    ],
    ids=["empty", "prose", "no-key", "list", "other-key", "refusal", "500", "429", "broken"],
)  # fmt: skip
def test_a_bad_reply_is_tried_once_more_and_then_given_up(script: Script, bad: openai_server.Reply) -> None:
    script(bad, says({"word": "second"}))
    assert model(script).reply("", "x", SCHEMA) == {"word": "second"}
    script(bad)
    with pytest.raises(ChatModelError) as raised:
        model(script).reply("", "what the patient typed", SCHEMA)
    assert len(script.asked) == 2
    assert not any(secret in str(raised.value) for secret in ("sk-secret", "secret-in-an-error", "patient typed"))


def test_nobody_waits_longer_than_the_time_allowed(script: Script) -> None:
    script(drips)
    started = time.monotonic()
    with pytest.raises(ChatModelError, match="too long"):
        model(script, timeout_s=1.5).reply("", "x", SCHEMA)
    assert time.monotonic() - started < 4
    assert len(script.asked) == 1  # no time is left for a second attempt


def test_a_server_that_is_not_there_is_one_clear_error(script: Script) -> None:
    gone = replace(Settings(), model="openai:x", model_url="http://127.0.0.1:9/v1", model_timeout_s=5.0)
    loaded = load_model(gone)
    assert loaded is not None
    with pytest.raises(ChatModelError, match="no usable reply"):
        loaded.reply("", "x", SCHEMA)


@pytest.mark.parametrize("name", ["nonsense", "nobody:model", "openai:gpt-5"])
def test_a_model_that_cannot_be_used_says_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match="WHOSAID_MODEL"):
        load_model(Settings(model=name))


def test_a_key_is_never_shown(script: Script) -> None:
    settings = Settings(model="openai:x", model_key="sk-secret")
    assert "sk-secret" not in repr(settings)


@pytest.mark.parametrize("name", ["anthropic:claude", "ollama:llama", "openai:gpt"])
def test_each_provider_that_is_promised_loads(name: str) -> None:
    assert load_model(Settings(model=name, model_url="http://127.0.0.1:9", model_key="k")) is not None
