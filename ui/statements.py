"""The Statements page: every statement with filters, who speaks where, and downloads of what is shown.

The filters live in the page's address, so that a filtered view is a link for anybody; no model is needed.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from html import escape
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui import shell
from ui.article import article_pane
from ui.copying import copy_button, copying, publisher_link
from ui.live import Moved, Said, focus_on, live
from ui.render import card, element_id
from ui.shell import head, masthead, to_the_letter
from ui.strip import strip
from whosaid.citation import REVIEWED, UNREVIEWED, Citation, QuoteStyle
from whosaid.formats import Format, cited, write
from whosaid.library import Library
from whosaid.selection import OR, OWN_WORDS, Selection, other_words
from whosaid.types import NOT_STATED, Mode, Statement

_OPENING = "opening"  # stands in the address for the part before the first heading, which has no name
_CARDS = 100  # shown at once
_OWN = {str(Mode.DIRECT), str(Mode.PARTIAL)}
_LABELS: dict[str, str] = {
    OWN_WORDS: "In own words, all or in part",
    Mode.DIRECT: "In own words",
    Mode.PARTIAL: "Partly in own words",
    Mode.REPORTED: "As the article reports",
    Mode.PRACTICE: "What they do, as the article tells",
    Mode.CONTINUATION: "Probably theirs",
    Mode.NARRATOR: "The article’s author",
    _OPENING: "Opening of the article",
    NOT_STATED: "Not stated",
}
_FILTERS: dict[str, tuple[str, str, Callable[[Statement], str]]] = {
    "article": ("Article", "All articles", lambda s: s.quote.article.id),
    "speaker": ("Speaker", "Anybody", lambda s: s.speaker),
    "mode": ("How it is said", "Any way", lambda s: str(s.mode)),
    "channel": ("Where it was said", "Anywhere", lambda s: s.channel),
    "section": ("Section", "All sections", lambda s: s.section or _OPENING),
    "review": ("Attribution", "Reviewed or not", lambda s: REVIEWED if s.reviewed_by else UNREVIEWED),
}
_NAMES = ("words", *_FILTERS)


def page() -> None:
    """Draw the page."""
    head("Statements · WhoSaid")
    live_slot, copying_slot = st.container(key="live"), st.container(key="copying_slot")
    article_slot = st.container(key="article_slot")
    masthead()
    library = shell.library()
    st.title("Statements", anchor=False)
    st.text("Every sentence of the article with the one who said it. Filter, open, quote, download.")
    unknown = _read_address(library)
    if unknown:
        st.warning(f"This link asks for something that is not here: {', '.join(unknown)}. That filter is off.")
    chosen = _filters(library)
    _set_address(chosen)
    found = _selection(chosen).of(library.statements)
    articles = list(dict.fromkeys(statement.quote.article for statement in found))
    count = f"{len(found)} of {len(library.statements)} statements"
    st.html(f'<h2 class="ws-group">{count}</h2>')
    if not found:
        st.text("No statement fits. Take a filter away.")
    if any(chosen.values()):
        st.button("Take all filters away", on_click=_clear, type="tertiary", icon=":material/filter_alt_off:")
    if len(articles) == 1:
        st.html(strip(articles[0], {statement.id for statement in found}, partial(_opened_at, chosen)))
    _how_decided(library)
    if found:
        citations = cited(found, library, shell.address())
        _downloads(citations)
        _list(citations, partial(_opened_at, chosen))
    _article(library, article_slot)
    state = st.session_state
    live(live_slot, Said(0, "", ""), Moved(state.moved, state.target))
    with copying_slot:
        copying(count)


def _read_address(library: Library) -> list[str]:
    """Take the address's filters over on the first run and whenever the visitor went back or forward.

    Returns the values that no statement has.
    """
    state = st.session_state
    address = {name: st.query_params.get(name, "") for name in _NAMES}
    if state.get("filters") == address and all(f"filter_{name}" in state for name in _NAMES):
        return []
    unknown = []
    for name, value in address.items():
        values = {_FILTERS[name][2](s) for s in library.statements} if name != "words" else {value}
        is_known = not value or value in values or (name == "mode" and value == OWN_WORDS and _OWN & values)
        state[f"filter_{name}"] = value if is_known else ""
        unknown += [] if is_known else [value]
    return unknown


def _set_address(chosen: dict[str, str]) -> None:
    st.session_state.filters = chosen
    wanted = {name: value for name, value in chosen.items() if value}
    if wanted != {name: st.query_params[name] for name in _NAMES if name in st.query_params}:
        others = {name: value for name, value in st.query_params.items() if name not in _NAMES}
        st.query_params.from_dict({**others, **wanted})


def _filters(library: Library) -> dict[str, str]:
    """Draw the filters and return what is chosen, "" where nothing is."""
    chosen = {"words": st.text_input("Words", key="filter_words", max_chars=200).strip()}
    _offer_other_words(chosen["words"], library)
    with st.container(horizontal=True, key="filters"):
        for name, (label, none, value_of) in _FILTERS.items():
            counts = Counter(value_of(statement) for statement in library.statements)
            if name in {"article", "review"} and len(counts) == 1 and not st.session_state[f"filter_{name}"]:
                chosen[name] = ""
                st.session_state[f"filter_{name}"] = ""
                continue
            if name == "mode" and _OWN & set(counts):
                counts = Counter({OWN_WORDS: sum(counts[mode] for mode in _OWN)}) + counts
            shown = {"": none} | {value: f"{_label(name, value, library)} ({n})" for value, n in counts.items()}
            chosen[name] = st.selectbox(label, list(shown), key=f"filter_{name}", format_func=shown.__getitem__)
    return chosen


def _offer_other_words(words: str, library: Library) -> None:
    """Draw a button for each other word of the article that means the same; always in its place, so nothing shifts."""
    with st.container(horizontal=True, key="other_words"):
        for other, more in other_words(words, library.statements, library.glossary).items():
            label, either = to_the_letter(f"Or “{other}”: {more} more"), f"{words} {OR} {other}"
            st.button(
                label, key=f"or-{other}", on_click=_look_for, args=(either,), type="tertiary", icon=":material/add:"
            )


def _label(name: str, value: str, library: Library) -> str:
    if name == "speaker":
        label = next((a.label(value) for a in library.articles if a.label(value) != value), value)
    elif name == "article":
        label = next(article.title for article in library.articles if article.id == value)
    else:
        label = _LABELS.get(value, value)
    return label[:1].upper() + label[1:]


def _selection(chosen: dict[str, str]) -> Selection:
    section, review = chosen["section"], chosen["review"]
    return Selection(
        article=chosen["article"],
        speaker=chosen["speaker"],
        mode=chosen["mode"],
        channel=chosen["channel"],
        section=None if not section else "" if section == _OPENING else section,
        reviewed=None if not review else review == REVIEWED,
        words=chosen["words"],
    )


def _look_for(words: str) -> None:
    st.session_state.filter_words = words


def _clear() -> None:
    for name in _NAMES:
        st.session_state[f"filter_{name}"] = ""


def _downloads(citations: Sequence[Citation]) -> None:
    st.html(f'<h2 class="ws-group">Download {"this one" if len(citations) == 1 else f"these {len(citations)}"}</h2>')
    shell.say_if_local()
    with st.container(horizontal=True, gap="small", key="downloads"):
        for to in Format:
            st.download_button(
                to.label,
                partial(write, citations, to),
                f"whosaid-statements-{date.today().isoformat()}{to.suffix}",
                to.mime,
                key=f"download_{to}",
                on_click="ignore",
            )


def _opened_at(chosen: dict[str, str], statement: Statement) -> str:
    """Return the address that opens a statement beside this very view."""
    return f"?{urlencode({name: value for name, value in chosen.items() if value} | {'s': statement.id})}"


def _article(library: Library, slot: DeltaGenerator) -> None:
    """Open the article at the statement that the address names."""
    state = st.session_state
    state.setdefault("moved", 0)
    state.setdefault("target", "")
    statement = library.statement(st.query_params.get("s", ""))
    if statement is None:
        return
    if state.get("listed") != statement.id:
        state.listed = statement.id
        focus_on(element_id(statement))
    with slot:
        article_pane(statement, partial(_close, statement))


def _close(statement: Statement) -> None:
    del st.query_params["s"]
    st.session_state.listed = ""
    focus_on(_entry_id(statement))


def _how_decided(library: Library) -> None:
    notes = [article.attribution_note for article in library.articles if article.attribution_note]
    if notes:
        with st.expander("How was it decided who said what?"):
            for note in notes:
                st.text(note)


def _list(citations: Sequence[Citation], link: Callable[[Statement], str]) -> None:
    style = st.segmented_control(
        "Style of copied quotes", list(QuoteStyle), default=QuoteStyle.PLAIN, required=True,
        format_func=lambda style: style.label, key="quote_style",
    )  # fmt: skip
    shown = st.session_state.setdefault("cards", _CARDS)
    st.html("".join(_entry(citation, style or QuoteStyle.PLAIN, link) for citation in citations[:shown]))
    if len(citations) > shown:
        st.button(f"Show {min(_CARDS, len(citations) - shown)} more", on_click=_show_more)


def _show_more() -> None:
    st.session_state.cards += _CARDS


def _entry(citation: Citation, style: QuoteStyle, link: Callable[[Statement], str]) -> str:
    statement = citation.statement
    needed = "".join(
        f'<p class="ws-where">Must be read with: <a href="{escape(link(other))}">{escape(other.text)}</a></p>'
        for other in statement.needed
    )
    links = f'<a href="{escape(link(statement))}">Show in the article</a> {publisher_link(statement)}'
    return (
        f'<div class="ws-entry" id="{_entry_id(statement)}" tabindex="-1">{card(statement)}{needed}'
        f'<p class="ws-tools">{links} {copy_button(citation, style, "Copy as quote")}</p></div>'
    )


def _entry_id(statement: Statement) -> str:
    return f"entry-{element_id(statement)}"
