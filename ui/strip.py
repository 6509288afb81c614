"""Who speaks where in an article: a mark a statement, from the first to the last, each opening its statement.

A speaker is told by a letter as well as by a colour, and the same is said in words below.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from html import escape
from itertools import groupby

from whosaid.answer import badge
from whosaid.types import NARRATOR, Article, Statement

_TOOLTIP_CHARS = 90
_MAIN, _NARRATOR = "ws-who-main", "ws-who-author"
_OTHERS = 5  # colours in page.css; after these they come again, and the letters tell speakers apart


def strip(article: Article, chosen: Collection[str], link: Callable[[Statement], str]) -> str:
    """Return the chart of an article; statements whose ids are not among `chosen` are hollow, and no key stops at them.

    `link` gives the address that opens a statement.
    """
    if not article.statements:
        return ""
    letters, styles = _letters(article), _styles(article)
    first = next((s for s in article.statements if s.id in chosen), article.statements[0])
    marks = "".join(
        _mark(
            _label(number, statement),
            letters[statement.speaker],
            styles[statement.speaker] + ("" if statement.id in chosen else " ws-hollow"),
            link(statement),
            0 if statement is first else -1,
        )
        + ('<li class="ws-break" aria-hidden="true"></li>' if _ends_section(number - 1, article) else "")
        for number, statement in enumerate(article.statements, 1)
    )
    return (
        f'<figure class="ws-chart" aria-labelledby="ws-chart-title"><figcaption id="ws-chart-title">'
        f"Who speaks where, from the first to the last sentence. Tap a mark to open it; with a keyboard, "
        f"the arrow keys move along.</figcaption>"
        f'<ol class="ws-strip" role="list">{marks}</ol>{_legend(article, letters, styles)}'
        f"<details><summary>The same in words</summary>{_in_words(article)}</details></figure>"
    )


def _mark(label: str, letter: str, style: str, link: str, stop: int) -> str:
    return (
        f'<li><a class="{style}" href="{escape(link)}" '
        f'tabindex="{stop}" title="{escape(label)}" aria-label="{escape(label)}">{escape(letter)}</a></li>'
    )


def _label(number: int, statement: Statement) -> str:
    text = " ".join(statement.text.split())
    short = text if len(text) <= _TOOLTIP_CHARS else f"{text[:_TOOLTIP_CHARS].rsplit(' ', 1)[0]} …"
    return f"{number}. {badge(statement)}: {short}"


def _ends_section(number: int, article: Article) -> bool:
    following = article.statements[number + 1 : number + 2]
    return any(statement.section != article.statements[number].section for statement in following)


def _legend(article: Article, letters: Mapping[str, str], styles: Mapping[str, str]) -> str:
    counts = Counter(statement.speaker for statement in article.statements)
    rows = "".join(
        f'<li><span class="{styles[speaker]}" aria-hidden="true">{escape(letters[speaker])}</span> '
        f"{escape(_upper(article.label(speaker)))}: {count}</li>"
        for speaker, count in counts.most_common()
    )
    return f'<ul class="ws-legend" aria-label="Statements of each speaker">{rows}</ul>'


def _in_words(article: Article) -> str:
    """Return for each section who speaks in it, sentence by sentence, runs of one speaker taken together."""
    parts = []
    numbered = enumerate(article.statements, 1)
    for section, group in groupby(numbered, key=lambda item: item[1].section):
        runs = []
        for speaker, run in groupby(group, key=lambda item: item[1].speaker):
            numbers = [number for number, _ in run]
            places = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
            runs.append(f"{article.label(speaker)} {places}")
        parts.append(f"<li>{escape(section or 'Opening of the article')}: {escape('; '.join(runs))}</li>")
    return f"<ul>{''.join(parts)}</ul>"


def _letters(article: Article) -> dict[str, str]:
    """Return a letter or two for each speaker, the main one's first: the start of the last name."""
    letters: dict[str, str] = {}
    for speaker in _speakers(article):
        name = "Author" if speaker == NARRATOR else speaker.split()[-1].capitalize()
        candidates = [name[:1], name[:2], *(f"{name[:1]}{number}" for number in range(2, 100))]
        letters[speaker] = next(letter for letter in candidates if letter not in letters.values())
    return letters


def _styles(article: Article) -> dict[str, str]:
    others = [speaker for speaker in _speakers(article) if speaker not in {article.main_speaker, NARRATOR}]
    numbered = {speaker: f"ws-who-{number % _OTHERS}" for number, speaker in enumerate(others)}
    return {article.main_speaker: _MAIN, NARRATOR: _NARRATOR, **numbered}


def _speakers(article: Article) -> list[str]:
    """Return the main speaker, the author, then the others as they come."""
    spoken = [statement.speaker for statement in article.statements]
    return list(dict.fromkeys([article.main_speaker, NARRATOR, *spoken]))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
