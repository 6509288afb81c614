"""The model's file is the publisher's, or it is refused."""

import shutil
from pathlib import Path

import pytest

from whosaid.embedder import fingerprint, load_embedder, packaged_folder
from whosaid.errors import ModelError
from whosaid.settings import PACKAGED_MODEL


def test_the_packaged_weights_are_the_publishers() -> None:
    assert fingerprint(PACKAGED_MODEL) == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def test_changed_weights_are_refused_with_both_hashes(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    shutil.copy(packaged_folder() / "model.safetensors", weights)
    with weights.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelError, match=r"has sha256 [0-9a-f]{64}, not the publisher's 53aa5117"):
        fingerprint(PACKAGED_MODEL, tmp_path)


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="run `make setup`"):
        fingerprint(PACKAGED_MODEL, tmp_path)


def test_another_model_has_another_fingerprint(tmp_path: Path) -> None:
    assert fingerprint("somebody/model") != fingerprint("somebody/other")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    assert fingerprint(str(tmp_path)) != fingerprint("somebody/model")


def test_a_model_that_cannot_be_loaded_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelError, match="cannot load the embedding model"):
        load_embedder(str(tmp_path))
