"""Hits → a draft in plain prose, by the optional chat model; and a follow-up → a question that stands alone.

What comes back is a draft: nobody sees it before `verify` has held it against the statements that it was given.
Statements and questions reach the model as JSON between fences that they cannot close, so text of theirs stays text.
"""

import json
from collections.abc import Sequence

from whosaid.glossary import Glossary
from whosaid.model import ChatModel, ChatModelError
from whosaid.types import Sentence, Statement
from whosaid.wording import model_wording

MAX_SENTENCES = 6
_MAX_CHARS = 400  # of a sentence, and of a rewritten question
_DRAFT = {
    "title": "Draft",
    "description": "Sentences of plain prose, each with the ids of the statements that it rests on.",
    "type": "object",
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "ids": {"type": "array", "items": {"type": "string"}}},
                "required": ["text", "ids"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["sentences"],
    "additionalProperties": False,
}
_QUESTION = {
    "title": "Question",
    "description": "The last turn as one question that can be understood alone.",
    "type": "object",
    "properties": {"question": {"type": "string"}},
    "required": ["question"],
    "additionalProperties": False,
}


def draft(question: str, statements: Sequence[Statement], model: ChatModel) -> list[Sentence]:
    """Return what the model writes over these statements. Raises `ChatModelError` where it has not the right shape."""
    article = statements[0].quote.article
    say = model_wording().say
    sources = [
        {"id": s.id, "speaker": article.label(s.speaker), "how": str(s.mode), "text": s.text} for s in statements
    ]
    reply = model.reply(
        say("write.system", main=article.label(article.main_speaker)),
        say("write.user", question=_fenced(question), sources="\n".join(map(_fenced, sources))),
        _DRAFT,
    )
    rows = reply["sentences"]
    if not isinstance(rows, list) or not all(_is_sentence(row) for row in rows):
        raise ChatModelError(
            f"the chat model {model.name} gave no usable reply (its sentences have not the right shape)"
        )
    written = [Sentence(" ".join(row["text"].split()), tuple(dict.fromkeys(row["ids"]))) for row in rows]
    return [sentence for sentence in written if 0 < len(sentence.text) <= _MAX_CHARS][:MAX_SENTENCES]


def rewrite(turns: Sequence[str], model: ChatModel, glossary: Glossary) -> str:
    """Return the last turn as a question that stands alone, "" where the model's would ask about something new."""
    say = model_wording().say
    reply = model.reply(say("rewrite.system"), say("rewrite.user", turns="\n".join(map(_fenced, turns))), _QUESTION)
    question = reply["question"]
    if not isinstance(question, str) or not 0 < len(question.strip()) <= _MAX_CHARS:
        return ""
    named, known = ({m.term.name for m in glossary.find(text)} for text in (question, " . ".join(turns)))
    return " ".join(question.split()) if named <= known else ""


def _is_sentence(row: object) -> bool:
    return (
        isinstance(row, dict)
        and isinstance(row.get("text"), str)
        and isinstance(row.get("ids"), list)
        and all(isinstance(id_, str) for id_ in row["ids"])
    )


def _fenced(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
