"""An answer → HTML, as few pieces as its turn allows: what it quotes, and what could be asked next."""

from collections.abc import Sequence
from html import escape

from ui.copying import copy_answer_button
from ui.explained import explanations
from ui.pressing import press_button
from ui.render import below_card, card, prose, reasons
from whosaid.answer import folded, grouped, unsaid, why
from whosaid.order import reading_order
from whosaid.types import Answer, Shown
from whosaid.wording import answer_wording

SHOW, NEXT = "show", "next"  # actions: of the button below a card, of a question that is offered next


def quoted(number: int, answer: Answer, link: Sequence[str]) -> str:
    """Return what turn `number` says below its lead; `link` is what somebody else asks to be answered the same."""
    best, rest = folded(answer.statements)
    parts = [prose(answer)] if answer.prose else []
    parts += [f'<p class="ws-where">{escape(remark)}</p>' for remark in answer.remarks]
    parts.append(_groups(number, best, answer))
    if rest:
        more = f"{len(rest)} more {'statement' if len(rest) == 1 else 'statements'}"
        parts.append(_fold(more, _groups(number, rest, answer)))
    if silence := unsaid(answer):
        parts.append(f'<h2 class="ws-group">What the article does not say</h2><p>{escape(silence)}</p>')
    if answer.related:
        cards = "".join(_card(number, item, answer) for item in answer.related)
        parts.append(_fold("Near, but not an answer", cards, "ws-near"))
    if answer.statements:
        parts.append(f'<p class="ws-tools">{copy_answer_button(link)}</p>')
    return "".join(parts)


def next_questions(number: int, offered: Sequence[str]) -> str:
    """Return what could be asked after turn `number`, each a button."""
    buttons = "".join(press_button(text, f"next-{number}-{place}", NEXT, text) for place, text in enumerate(offered))
    return f'<h2 class="ws-group ws-next">You could ask</h2><p class="ws-offered">{buttons}</p>'


def _groups(number: int, shown: Sequence[Shown], answer: Answer) -> str:
    return "".join(
        (f'<h2 class="ws-group">{escape(title)}</h2>' if title else "")
        + "".join(_card(number, item, answer) for item in items)
        for title, items in grouped(shown)
    )


def _card(number: int, item: Shown, answer: Answer) -> str:
    note = answer_wording().say("remark.needed") if item.needed_by else ""
    told = {
        "Why this?": "" if item.needed_by else reasons(why(item.statement, answer)),
        "Words explained": explanations(item.statement.text),
    }
    place = reading_order(answer.statements).index(item) + 1 if answer.prose else 0
    id_ = f"show-{number}-{item.statement.id.replace(':', '-')}"
    button = press_button("Show in the article", id_, SHOW, item.statement.id)
    return f"{card(item.statement, note, place)}{below_card(button, told)}"


def _fold(title: str, inner: str, style: str = "ws-rest") -> str:
    return f'<details class="ws-fold {style}"><summary>{escape(title)}</summary>{inner}</details>'
