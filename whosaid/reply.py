"""Verdicts → a reply that a moderator can paste, as plain text or Markdown, in the wording of prompts/check.toml.

What stands in quotation marks is cut from the post or from the article, never written here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Literal

from whosaid.answer import badge
from whosaid.markdown import escape
from whosaid.settings import ROOT
from whosaid.types import Article, Change, Ruling, Statement, Verdict
from whosaid.wording import Wording, load_wording

Style = Literal["plain", "markdown"]
FINE = {Ruling.EXACT, Ruling.REPORTED, Ruling.PARAPHRASE}
_CLAIM_CHARS = 160  # of a claim that a reply repeats
_CHANGES = 3  # named in a reply
_NONE: frozenset[str] = frozenset()
_VARIABLES: Mapping[str, frozenset[str]] = {
    **{f"label.{ruling}": _NONE for ruling in Ruling},
    **{f"reply.{ruling}": _NONE for ruling in Ruling},
    "reply.opening": frozenset({"title", "site"}),
    "reply.exact": frozenset({"speaker"}),
    "reply.reported": frozenset({"speaker"}),
    "reply.clipped": frozenset({"cut"}),
    "reply.altered": frozenset({"changes"}),
    "reply.someone_else": frozenset({"speaker", "claimed"}),
    "reply.paraphrase": frozenset({"speaker"}),
    **{f"reply.{name}": _NONE for name in ("altered_sense", "near", "nothing", "closing")},
    "reply.again": frozenset({"times"}),
    "reply.needed": frozenset({"text", "speaker"}),
    "change.replaced": frozenset({"article", "theirs"}),
    "change.dropped": frozenset({"article"}),
    "change.added": frozenset({"theirs"}),
}


@cache
def check_wording() -> Wording:
    """Return the wording of checks, prompts/check.toml."""
    return load_wording(ROOT / "prompts" / "check.toml", _VARIABLES)


def label(verdict: Verdict) -> str:
    """Return a verdict in a few words."""
    return check_wording().say(f"label.{verdict.ruling}")


def sentence(verdict: Verdict) -> str:
    """Return a verdict as a sentence or two, with what was changed or cut."""
    say = check_wording().say
    article = verdict.statements[0].quote.article if verdict.statements else None
    if verdict.ruling is Ruling.ALTERED and not verdict.changes:
        return say("reply.altered_sense")
    possible = {
        "speaker": _speakers(verdict, article),
        "claimed": article.label(verdict.claim.speaker) if article else verdict.claim.speaker,
        "changes": "; ".join(change_words(change) for change in verdict.changes[:_CHANGES]),
        "cut": " … ".join(article.quote(span).text for span in verdict.cut) if article else "",
    }
    name = f"reply.{verdict.ruling}"
    text = say(name, **{variable: possible[variable] for variable in _VARIABLES[name]})
    return text[0].upper() + text[1:]


def change_words(change: Change) -> str:
    """Return one change in words."""
    say = check_wording().say
    if not change.theirs:
        return say("change.dropped", article=change.article)
    if not change.article:
        return say("change.added", theirs=change.theirs)
    return say("change.replaced", article=change.article, theirs=change.theirs)


def numbered(verdicts: Sequence[Verdict]) -> list[int]:
    """Return the number, from 1, that each verdict goes by: what a post claims again has the number of the first."""
    numbers: dict[tuple[str, str, Ruling], int] = {}
    return [
        numbers.setdefault((_folded(verdict.claim.text), verdict.claim.speaker, verdict.ruling), len(numbers) + 1)
        for verdict in verdicts
    ]


def first_of_each(verdicts: Sequence[Verdict]) -> dict[int, tuple[Verdict, int]]:
    """Return by its number each claim once, with how often the post makes it."""
    numbers = numbered(verdicts)
    first = dict(zip(reversed(numbers), reversed(verdicts), strict=True))
    return {number: (first[number], numbers.count(number)) for number in dict.fromkeys(numbers)}


def again(times: int) -> str:
    """Return what follows a claim that a post makes more than once, "" after one that it makes once."""
    return f" {check_wording().say('reply.again', times=str(times))}" if times > 1 else ""


def reply(verdicts: Sequence[Verdict], article: Article, link: Callable[[Statement], str], style: Style) -> str:
    """Return a reply to a post, one paragraph a claim; `link` gives the address that opens a statement."""
    say = check_wording().say
    parts = [say("reply.opening", title=article.title, site=article.site)]
    claims = first_of_each(verdicts).items()
    parts += ["\n".join(_lines(number, verdict, times, link, style)) for number, (verdict, times) in claims]
    if not verdicts:
        parts.append(say("reply.nothing"))
    return "\n\n".join([*parts, say("reply.closing")])


def _lines(number: int, verdict: Verdict, times: int, link: Callable[[Statement], str], style: Style) -> Iterator[str]:
    claim = " ".join(verdict.claim.text.split())
    short = claim if len(claim) <= _CLAIM_CHARS else claim[:_CLAIM_CHARS].rsplit(" ", 1)[0] + " …"
    is_markdown, say = style == "markdown", check_wording().say
    yield (f"{number}. **“{escape(short)}”**" if is_markdown else f"{number}. “{short}”") + again(times)
    near = f" {say('reply.near')}" if _is_near_only(verdict) else ""
    words = sentence(verdict)
    yield f"{escape(words) if is_markdown else words}{near}"
    for statement in verdict.statements[:2]:
        if is_markdown:
            yield f"> {escape(' '.join(statement.text.split()))}\n>\n> {escape(badge(statement))} · {link(statement)}"
        else:
            yield f"“{statement.text}”\n{badge(statement)} · {link(statement)}"
        for other in to_be_read_with(statement, verdict):
            words = say("reply.needed", text=" ".join(other.text.split()), speaker=badge(other))
            yield f">\n> {escape(words)}" if is_markdown else words


def to_be_read_with(statement: Statement, verdict: Verdict) -> tuple[Statement, ...]:
    """Return the statements without which one would mislead that a post has right, or has in part."""
    return statement.needed if verdict.ruling in {*FINE, Ruling.CLIPPED} else ()


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _is_near_only(verdict: Verdict) -> bool:
    return verdict.ruling is Ruling.NOT_IN_ARTICLE and bool(verdict.statements)


def _speakers(verdict: Verdict, article: Article | None) -> str:
    names = [name for name in verdict.actual_speaker.split(" and ") if name]
    return " and ".join(article.label(name) if article else name for name in names)
