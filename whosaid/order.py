"""PURE: statements as they are ranked → as they are to be read.

Nobody should meet "That's when …" or "both drugs" before the sentence that it points back at.
"""

import re
from collections.abc import Sequence

from whosaid.types import Shown, Statement

_BOTH_DRUGS = re.compile(r"\b(?:both|the two) drugs\b", re.IGNORECASE)
_POINTS_BACK = re.compile(
    rf"\bthat(?=['’]s\b| happens\b)|^\W*(?:this|these|those)\b|{_BOTH_DRUGS.pattern}", re.IGNORECASE
)


def antecedent(statement: Statement) -> Statement | None:
    """Return the sentence before a statement, where the statement points back at it and misleads without it."""
    if not _POINTS_BACK.search(statement.text):
        return None
    of = statement.quote.article.statements
    place = of.index(statement)
    return of[place - 1] if place and of[place - 1].id in statement.needs else None


def speaks_of_both(statement: Statement) -> bool:
    """Whether a statement speaks of two drugs that only the sentence before it names."""
    return _BOTH_DRUGS.search(statement.text) is not None and antecedent(statement) is not None


def reading_order(shown: Sequence[Shown]) -> list[Shown]:
    """Return ranked statements, each behind what it points back at, and a list in its order below its heading.

    Before what it points back at stands what the main speaker says outright and that one needs: "about three hours" is
    not to be met before her own "at least six".
    """
    ranked = {item.statement.id: item for item in shown}
    heading = {id_: item for item in shown if item.statement.text.endswith(":") for id_ in item.statement.needs}
    ordered: dict[str, Shown] = {}
    for item in shown:
        if listed := heading.get(item.statement.id):
            for id_ in (listed.statement.id, *listed.statement.needs):
                if id_ in ranked:
                    ordered.setdefault(id_, ranked[id_])
        before = antecedent(item.statement)
        if before and before.id in ranked and item.statement.id not in ordered:
            for other in () if before.is_surely_main else before.needed:
                if other.id in ranked and other.is_surely_main and other.id != item.statement.id:
                    ordered.setdefault(other.id, ranked[other.id])
            ordered.setdefault(before.id, ranked[before.id])
        ordered.setdefault(item.statement.id, item)
    return list(ordered.values())


def led_up_to(shown: Sequence[Shown]) -> list[Shown]:
    """Return statements with what they point back at, in the order in which they are to be read."""
    found: dict[str, Shown] = {}
    for item in shown:
        found.setdefault(item.statement.id, item)
        if before := antecedent(item.statement):
            found.setdefault(before.id, Shown(before, item.score, item.statement.id))
    return reading_order(list(found.values()))
