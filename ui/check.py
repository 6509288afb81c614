"""The Check page: a quote or a whole post, each claim marked in its place, and a reply to paste.

Nothing that is pasted here leaves the session or is written anywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import streamlit as st

from ui import shell
from ui.article import article_pane
from ui.copying import copy_text_button, copying
from ui.drawing import others_may_draw
from ui.live import Moved, Said, focus_on, live
from ui.render import card, checked_post, element_id, verdict_head, word_by_word
from ui.shell import head, masthead, to_the_letter
from ui.warm import WARM
from whosaid.check import Checker, load_retellings
from whosaid.errors import WhoSaidError
from whosaid.library import Library
from whosaid.quotes import MAX_CHARS
from whosaid.reply import FINE, Style, first_of_each, label, numbered, reply, to_be_read_with
from whosaid.retelling import Retellings
from whosaid.settings import load_settings
from whosaid.types import Ruling, Statement, Verdict
from whosaid.wording import answer_wording

_SHOWN = 2  # statements beside a verdict: both sources where it was put together
_LOADING_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Checked:
    """A text that was checked, with what became of it, or the words of an error."""

    text: str
    verdicts: tuple[Verdict, ...] = ()
    error: str = ""


def page() -> None:
    """Draw the page."""
    head("Check a quote · WhoSaid")
    live_slot, article_slot = st.container(key="live"), st.container(key="article_slot")
    copying()
    masthead()
    library = shell.library()
    state = st.session_state
    for name, value in {"checked": None, "checks": 0, "checked_at": None, "moved": 0, "target": ""}.items():
        state.setdefault(name, value)
    if state.checked:
        state.setdefault("check_text", state.checked.text)  # whoever comes back from another page finds it again
    st.title("Check a quote", anchor=False)
    st.text("Paste a quote or a whole post. Each claim in it is compared with the article, word by word.")
    with st.form("check", border=False):
        # No limit here: a browser would leave out what is pasted beyond it, and say nothing
        text = st.text_area(f"Quote or post (up to {MAX_CHARS:,} characters)", height=200, key="check_text")
        speaker = st.text_input("Who is said to have said it? (not needed where the text says so)", max_chars=200)
        if st.form_submit_button("Check", type="primary"):
            with st.spinner("Looking each claim up in the article …"), others_may_draw():
                state.checked = _check(text, speaker)
            state.checks += 1
            state.checked_at = None
    checked = state.checked
    if checked is not None:
        _draw(checked, library)
    if state.checked_at:
        with article_slot:
            article_pane(state.checked_at[0], _close)
    _announce(live_slot, checked)


@st.cache_resource(show_spinner=False, max_entries=1)
def _checker(sha256: str, _library: Library) -> Checker:
    """Return the checker of a corpus; Streamlit keys it by what has no leading underscore."""
    del sha256
    return Checker(_library, lambda: _retellings(_library))


def _retellings(library: Library) -> Retellings | None:
    WARM.start()
    WARM.wait(_LOADING_TIMEOUT_S)
    return load_retellings(library, load_settings().corpus_dir, WARM.assistant.embedder)


def _check(text: str, speaker: str) -> Checked:
    try:
        library = shell.library()
        return Checked(text, tuple(_checker(library.sha256, library).check(text, speaker)))
    except WhoSaidError as error:
        return Checked(text, error=str(error))


def _draw(checked: Checked, library: Library) -> None:
    if checked.error:
        st.error(to_the_letter(checked.error))
        return
    st.html(f'<h2 class="ws-group" id="ws-verdicts">{escape(_count(checked.verdicts))}</h2>')
    if len(checked.verdicts) != 1 or checked.verdicts[0].claim.text != checked.text:
        st.html(checked_post(checked.text, checked.verdicts))
        st.caption("What is not underlined was not checked: nothing in it was taken for a claim about the article.")
    claims = first_of_each(checked.verdicts)
    for number, (verdict, times) in claims.items():
        st.html(verdict_head(number, verdict, times))
        for place, statement in enumerate(verdict.statements[:_SHOWN]):
            st.html(word_by_word(statement, verdict) + card(statement, _note(verdict)))
            for other in to_be_read_with(statement, verdict):
                st.html(card(other, answer_wording().say("remark.needed")))
            key = f"checked-{number}-{place}"
            st.button("Show in the article", key=key, on_click=_open, args=(statement, key))
        if verdict.statements:
            with st.expander("The sentences before and after"):
                for neighbour in _neighbours(verdict.statements[0]):
                    st.html(card(neighbour))
        if len(claims) > 1:
            st.checkbox("In the reply", value=True, key=_kept_key(number))
    st.html('<h2 class="ws-group">A reply to paste</h2>')
    base = shell.address()
    shell.say_if_local()
    numbers = zip(numbered(checked.verdicts), checked.verdicts, strict=True)
    kept = [verdict for number, verdict in numbers if st.session_state.get(_kept_key(number), True)]
    if checked.verdicts and not kept:
        st.caption("Tick “In the reply” at a claim to have it here.")
        return
    cited = [statement for verdict in kept for statement in verdict.statements]
    article = cited[0].quote.article if cited else library.articles[0]
    styles: tuple[Style, ...] = ("plain", "markdown")
    for style, tab in zip(styles, st.tabs(["Plain text", "Markdown"]), strict=True):
        with tab:
            words = reply(kept, article, lambda statement: f"{base}/{_link(statement)}", style)
            st.html(f'<p class="ws-tools">{copy_text_button(words, "Copy the reply")}</p>')
            st.code(words, language=None, wrap_lines=True)


def _kept_key(number: int) -> str:
    return f"kept-{st.session_state.checks}-{number}"


def _open(statement: Statement, opener: str) -> None:
    st.session_state.checked_at = statement, opener
    focus_on(element_id(statement))


def _close() -> None:
    _, opener = st.session_state.checked_at
    st.session_state.checked_at = None
    focus_on(opener)


def _note(verdict: Verdict) -> str:
    return "The nearest statement; it need not be about the same." if verdict.ruling is Ruling.NOT_IN_ARTICLE else ""


def _link(statement: Statement) -> str:
    return f"?s={quote(statement.id, safe=':')}"


def _count(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return "No claim was found that can be checked"
    each = [verdict for verdict, _ in first_of_each(verdicts).values()]
    fine = sum(verdict.ruling in FINE for verdict in each)
    claims = "1 claim" if len(each) == 1 else f"{len(each)} claims"
    return f"{claims} checked: {fine} as the article has it, {len(each) - fine} to look at"


def _neighbours(statement: Statement) -> list[Statement]:
    statements = statement.quote.article.statements
    place = statements.index(statement)
    return [*statements[max(0, place - 1) : place], statement, *statements[place + 1 : place + 2]]


def _announce(slot: st.delta_generator.DeltaGenerator, checked: Checked | None) -> None:
    words = ""
    if checked is not None:
        labels = [label(verdict) for verdict, _ in first_of_each(checked.verdicts).values()]
        words = checked.error or f"{_count(checked.verdicts)}. {'. '.join(labels)}"
    state = st.session_state
    live(slot, Said(state.checks, words, "ws-verdicts"), Moved(state.moved, state.target))
