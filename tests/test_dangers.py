"""The head that hears dangers: what it hears of messages, and how rarely it hears ordinary questions."""

from dataclasses import replace

import numpy as np

from ingest.dangers import fit_heads
from ingest.train import is_left_out
from whosaid.library import Library
from whosaid.rows import MessageRow
from whosaid.safety import dangers_in
from whosaid.types import BankQuestion, Danger

FEATURES = 12
RANDOM = np.random.default_rng(0)


def test_what_two_models_read_is_heard_better_than_what_either_does(library: Library) -> None:
    bank = tuple(BankQuestion(f"a:q{n}", "a", f"how long {n}", topic="t") for n in range(700))
    messages = [MessageRow(text="x", dangers=[Danger.CRISIS] * (n % 2), author=str(n % 5)) for n in range(600)]
    reads = [RANDOM.normal(size=(len(messages) + len(bank), FEATURES)).astype(np.float32) for _ in range(2)]
    told = np.array([bool(message.dangers) for message in messages])
    for read in reads:
        read[: len(messages), 0] += 2 * told
    place = list(Danger).index(Danger.CRISIS)

    def heard(of: list[np.ndarray]) -> float:
        heads, thresholds = fit_heads(of, messages, replace(library, questions=bank), {"0", "3"})
        logits = [
            (read @ weights.T + constants)[:, place] for read, (weights, constants) in zip(of, heads, strict=True)
        ]
        return float((np.mean(logits, axis=0) >= thresholds[place])[: len(messages)][told].mean())

    assert heard(reads) > max(heard([read]) for read in reads) + 0.05


def test_a_danger_is_heard_and_an_ordinary_question_hardly_ever(library: Library) -> None:
    texts = [f"how long until it helps {number}" for number in range(1400)]
    bank = tuple(BankQuestion(f"a:q{n}", "a", text, topic="t") for n, text in enumerate(texts))
    assert not dangers_in(texts[0], library.glossary)
    dangers = [[Danger.CRISIS] if n % 4 == 0 else [Danger.CHILD] if n % 4 == 1 else [] for n in range(400)]
    messages = [MessageRow(text="x", dangers=found, author=str(n % 5)) for n, found in enumerate(dangers)]
    read = RANDOM.normal(size=(len(messages) + len(bank), FEATURES)).astype(np.float32)
    for row, found in enumerate(dangers):
        for danger in found:
            read[row, list(Danger).index(danger)] += 8
    [(weights, constants)], thresholds = fit_heads([read], messages, replace(library, questions=bank), {"0", "3"})
    heard = read @ weights.T + constants >= np.array(thresholds)
    place = list(Danger).index
    for danger in (Danger.CRISIS, Danger.CHILD):
        told = np.array([danger in found for found in dangers])
        assert heard[: len(messages), place(danger)][told].mean() > 0.95
    unseen = np.array([is_left_out(n, len(bank)) for n in range(len(bank))])
    ordinary = heard[len(messages) :][unseen].mean(0)
    assert ordinary[place(Danger.CRISIS)] <= 0.01
    assert ordinary[place(Danger.CHILD)] <= 0.015
