"""Every setting, in one frozen object: environment over `.env` over default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from whosaid.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
PACKAGED_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
_NAMES = "CORPUS_DIR INDEX_DIR EMBEDDING_MODEL MODEL MODEL_URL MODEL_KEY REGION QUESTION_LOG FEEDBACK_FILE OPERATOR_KEY"
_MIN_KEY_CHARS = 12


@dataclass(frozen=True)
class Settings:
    """Where things are and which embedding model reads the questions.

    `embedding_model` is `PACKAGED_MODEL` (installed with the requirements, no network) or any other
    sentence-transformers model by name or folder. `model` is the optional chat model, "provider:name" as LangChain's
    `init_chat_model` takes it, "" for none; `model_url` another server for it, `model_key` its key (else the
    provider's own variable), `model_timeout_s` the longest that an answer waits for it. `region` is whose emergency
    numbers the notices name, "" for all. `question_log` is the file that keeps what is asked on the pages, `None` (the
    default) for none; `feedback_file` keeps votes on answers, `operator_key` opens the page that lists them ("" for no
    such page).
    """

    corpus_dir: Path = ROOT / "corpus"
    index_dir: Path = ROOT / ".index"
    embedding_model: str = PACKAGED_MODEL
    model: str = ""
    model_url: str = field(default="", repr=False)  # may hold a password
    model_key: str = field(default="", repr=False)
    model_timeout_s: float = 20.0
    region: str = ""
    question_log: Path | None = None
    feedback_file: Path = ROOT / "data" / "feedback.jsonl"
    operator_key: str = field(default="", repr=False)


def load_settings(environment: Mapping[str, str] = os.environ, dotenv: Path = ROOT / ".env") -> Settings:
    """Return the settings in force. Raises `SettingsError` on an unknown or unusable `WHOSAID_` value."""
    from dotenv import dotenv_values

    try:
        values = {name: value or "" for name, value in dotenv_values(dotenv).items()} if dotenv.is_file() else {}
    except UnicodeDecodeError as error:
        raise SettingsError(f"{dotenv} is not UTF-8 (byte {error.start}): save it as UTF-8") from error
    values |= environment
    names = (
        "CORPUS_DIR INDEX_DIR EMBEDDING_MODEL MODEL MODEL_URL MODEL_KEY REGION QUESTION_LOG FEEDBACK_FILE OPERATOR_KEY"
    )
    known = {f"WHOSAID_{name}" for name in names.split()}
    given = {name: value.strip() for name, value in values.items() if name.startswith("WHOSAID_")}
    if unknown := sorted(given.keys() - known):
        raise SettingsError(f"unknown setting {unknown[0]}: the settings are {', '.join(sorted(known))}")
    if empty := sorted(name for name, value in given.items() if not value):
        raise SettingsError(f"{empty[0]} is empty: give it a value or remove it")
    operator_key = given.get("WHOSAID_OPERATOR_KEY", Settings.operator_key)
    if operator_key and len(operator_key) < _MIN_KEY_CHARS:
        raise SettingsError(
            f"WHOSAID_OPERATOR_KEY has {len(operator_key)} characters: "
            f"give it {_MIN_KEY_CHARS} or more, such as `openssl rand -hex 16` prints"
        )
    question_log = given.get("WHOSAID_QUESTION_LOG")
    return Settings(
        corpus_dir=Path(given.get("WHOSAID_CORPUS_DIR", Settings.corpus_dir)),
        index_dir=Path(given.get("WHOSAID_INDEX_DIR", Settings.index_dir)),
        embedding_model=given.get("WHOSAID_EMBEDDING_MODEL", Settings.embedding_model),
        model=given.get("WHOSAID_MODEL", Settings.model),
        model_url=given.get("WHOSAID_MODEL_URL", Settings.model_url),
        model_key=given.get("WHOSAID_MODEL_KEY", Settings.model_key),
        region=given.get("WHOSAID_REGION", Settings.region).lower(),
        question_log=Path(question_log) if question_log else None,
        feedback_file=Path(given.get("WHOSAID_FEEDBACK_FILE", Settings.feedback_file)),
        operator_key=operator_key,
    )
