"""Classifiers: they learn from examples, come back from their file, and ship as trained on what stands beside them."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.classifier import Examples, examples_of, fit, main
from tests.conftest import CORPUS
from whosaid.classifier import (
    DANGERS,
    MAX_TOKENS,
    RETELLINGS,
    TURNS,
    Classifier,
    Text,
    Trained,
    fused,
    load_base,
    published,
    save,
    trained_on,
)
from whosaid.errors import ModelError
from whosaid.turns import Turns
from whosaid.types import Danger

TEXTS = ("the cat sleeps", "a kitten naps on the sofa", "the engine needs oil", "change the car's tyres") * 4


def loss(logits: Any, examples: Examples) -> Any:
    import torch

    return torch.nn.functional.cross_entropy(logits, torch.tensor(examples.labels))


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    weights = fit(Examples(TEXTS, np.array([0, 0, 1, 1] * 4)), 2, loss, epochs=12)
    path = tmp_path_factory.mktemp("classifier") / "pets.npz"
    save(path, Trained(weights, ("pets", "cars"), np.array([0.0, 0.5])), "abc")
    return Classifier(path)


def test_a_classifier_learns_and_comes_back_from_its_file(classifier: Classifier) -> None:
    assert classifier.labels == ("pets", "cars")
    assert classifier.thresholds.tolist() == [0.0, 0.5]
    found = classifier.logits(["my dog barks", "he drives a truck"])
    assert found.shape == (2, 2)
    assert found.argmax(1).tolist() == [0, 1]


def test_a_text_is_read_the_same_alone_and_among_others(classifier: Classifier) -> None:
    texts: list[Text] = ["my dog barks", "he drives a truck that is very old and very loud", "x", ("a dog", "a car")]
    together = classifier.logits(texts)
    for row, text in enumerate(texts):
        assert np.allclose(classifier.logits([text])[0], together[row], atol=1e-4)


@pytest.mark.parametrize("texts", [["my dog barks"], ["x", "he drives a truck that is very old", "word " * MAX_TOKENS]])
def test_every_fused_layer_computes_what_the_library_does(texts: list[str]) -> None:
    import torch

    tokenizer, base = load_base()
    encoded = tokenizer(texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
    words = encoded["attention_mask"].bool()
    with torch.inference_mode():
        both = list(zip(published(base)(encoded), fused(base)(encoded), strict=True))
    assert len(both) == 1 + base.config.num_hidden_layers
    assert max(float((theirs[words] - ours[words]).abs().max()) for theirs, ours in both) < 1e-4


def test_one_that_takes_all_cores_leaves_other_threads_what_they_had(tmp_path: Path) -> None:
    import torch

    weights = {"head.weight": np.zeros((1, 768)), "head.bias": np.zeros(1)}
    save(tmp_path / "one.npz", Trained(weights, ("one",), np.array([0.0])), "abc")
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        Classifier(tmp_path / "one.npz", takes_all_cores=True).logits(["x"])
        with ThreadPoolExecutor(1) as later:
            assert later.submit(torch.get_num_threads).result() == 1
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_nothing_to_read_is_nothing_read(classifier: Classifier) -> None:
    assert classifier.logits([]).shape == (0, 2)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 torn"])
def test_a_missing_or_damaged_file_is_a_clear_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "turns.npz"
    if content is not None:
        path.write_bytes(content)
    for read in (Classifier, trained_on):
        with pytest.raises(ModelError, match=r"python -m ingest\.classifier turns"):
            read(path)


@pytest.mark.parametrize("name", [RETELLINGS, TURNS, DANGERS])
def test_what_ships_was_trained_on_the_examples_beside_it(name: str) -> None:
    assert trained_on(CORPUS / f"{name}.npz") == examples_of(CORPUS, name)


def test_broken_examples_are_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(CORPUS, corpus, ignore=shutil.ignore_patterns("*.npz"))
    (corpus / "messages.jsonl").write_text('{"text": "help"}\n')
    monkeypatch.setenv("WHOSAID_CORPUS_DIR", str(corpus))
    assert main([TURNS]) == 1
    assert "messages.jsonl, line 1" in capsys.readouterr().err


@pytest.fixture(scope="module")
def turns() -> Turns:
    return Turns(Classifier(CORPUS / f"{TURNS}.npz"), [], Classifier(CORPUS / f"{DANGERS}.npz"))


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("my neighbour is on the kitchen floor, grey, and I can't get a word out of him", Danger.EMERGENCY),
        ("I keep thinking everybody's life would be lighter if I just wasn't in it", Danger.CRISIS),
        ("swallowed both days' tablets by mistake this morning", Danger.OVERDOSE),
        ("does she like walking for pain", None),
        ("which of her books came first", None),
    ],
)
def test_turns_hear_what_rules_do_not_know(turns: Turns, text: str, danger: Danger | None) -> None:
    (turn,) = turns.read([text])
    assert danger in turn.heard if danger else not turn.heard
