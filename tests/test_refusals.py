"""Who is refused: every shipped case of an order, a forgery or a request for the whole text, and its look-alikes."""

import json
from collections import Counter

import pytest

from evals.cases import load_requests
from whosaid.answer import refuse
from whosaid.library import Library, load_library
from whosaid.question import understand
from whosaid.safety import refusal
from whosaid.settings import ROOT
from whosaid.types import Status

CASES = load_requests(ROOT / "evals" / "cases" / "hostile.jsonl")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_orders_are_refused_and_their_look_alikes_are_not(case: "Request") -> None:
    assert refusal(case.text, []) == case.refused
