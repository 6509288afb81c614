"""PURE: what stands around a statement's words besides its badge: its style, and where it was said."""

from whosaid.types import NOT_STATED, Mode, Statement

_KINDS = {
    Mode.DIRECT: "own",
    Mode.PARTIAL: "own",
    Mode.REPORTED: "reported",
    Mode.PRACTICE: "reported",
    Mode.CONTINUATION: "probably",
    Mode.NARRATOR: "author",
}


def kind(statement: Statement) -> str:
    """Return the style of a statement: own, reported, probably, other or author."""
    if statement.speaker == statement.quote.article.main_speaker:
        return _KINDS[statement.mode]
    return "author" if statement.mode is Mode.NARRATOR else "other"


def where(statement: Statement) -> str:
    """Return a statement's section, channel and date where stated, and whether its attribution is unreviewed."""
    parts = [f"Section: {statement.section}" if statement.section else "Opening of the article"]
    if statement.channel != NOT_STATED:
        parts.append(f"Said in: {statement.channel}")
    if statement.when:
        parts.append(f"When: {statement.when}")
    if not statement.reviewed_by:
        parts.append("Attribution unreviewed")
    return " · ".join(parts)
