"""One turn, start to end: read the question, see whether somebody is in danger, find statements, compose the answer.

Read this file first. `Assistant` is the only thing that pages, command line and evaluation need. The answer is made
without a model; where the settings name one, it may put a follow-up into one question and write a few sentences over
the statements, which are shown only as far as `verify` finds them supported. Whatever it does wrong, the answer stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum

from whosaid.answer import compose, leave_alone, refuse, say_silent
from whosaid.classifier import DANGERS, TURNS, Classifier
from whosaid.courtesy import is_about_app, is_courtesy, is_greeting
from whosaid.embedder import Embedder, fingerprint, load_embedder, take_one_core
from whosaid.library import Library, load_library
from whosaid.model import ChatModel, ChatModelError, load_model
from whosaid.question import understand
from whosaid.retrieve import Retriever
from whosaid.safety import carried, dangers, is_harmless, is_urgent, notices, only_tells_how_long, refusal
from whosaid.settings import Settings
from whosaid.store import open_index
from whosaid.types import Answer, Danger, Findings, Focus, Question, Status, Topic
from whosaid.verify import verify
from whosaid.wording import answer_wording
from whosaid.write import draft, rewrite

_MEDICINES = {"drug", "class", "supplement"}
_NEVER_DOUBTED = {Danger.CRISIS, Danger.OPIOID}  # a rule that finds these is never overruled

_TOPICS_OF_THEIR_OWN = {Danger.OVERDOSE, Danger.SURGERY}
_NEARLY_SURE = 0.75  # of what counts as a sure answer


class Step(StrEnum):
    """What is being done, for those who wait."""

    LOOKING_UP = "looking up"
    READING = "reading"
    CHECKING = "checking"


def _unseen(_: Step) -> None:
    """Tell nobody."""


class Assistant:
    """Answers questions over a corpus. Threads may share one."""

    def __init__(
        self, library: Library, retriever: Retriever, model: ChatModel | None = None, region: str = ""
    ) -> None:
        self.library = library
        self.embedder = retriever.embedder
        self.model = model
        self.retriever = retriever
        self._region = region

    def ask(self, turns: Sequence[str], on_step: Callable[[Step], None] = _unseen, *, as_typed: bool = False) -> Answer:
        """Answer the last of a conversation's user turns, its spelling put right unless it is to stand `as_typed`.

        Raises `QuestionError` where it cannot be read.
        """
        on_step(Step.LOOKING_UP)
        question = understand(turns, self.library.glossary, as_typed=as_typed)
        if self.model and question.leans:
            question = self._rewritten(question, self.model)
        before = carried(question, self.library.glossary)
        question, findings = self._find(question)
        ruled = set(dangers(question, self.library.glossary))
        found = self._dangers(question, findings, ruled)
        reason = refusal(question.said, found, before)
        if reason:
            answer = refuse(question.as_said(), reason, self.library)
        elif is_courtesy(question.said) and not found:
            answer = leave_alone(question.as_said(), findings, "courtesy")
        elif is_about_app(question.said) and not ruled:
            answer = leave_alone(question.as_said(), findings, "app")
        elif Danger.CRISIS in found and not self._asks_of_article(question, findings):
            answer = leave_alone(question.as_said(), findings, "crisis")
        elif topic := self._undiscussed(findings, ruled):
            answer = say_silent(question, findings, topic)
        else:
            answer = compose(question, findings, self.library)
        above = notices(found | (before - {Danger.CRISIS}), self._region)
        follow_ups = () if any(map(is_urgent, above)) else answer.follow_ups
        after = question.read_after if answer.read_as == question.read_as else ""
        answer = replace(answer, notices=above, follow_ups=follow_ups, read_after=after)
        if self.model and answer.status in {Status.ANSWERED, Status.PARTIAL} and question.focus is Focus.NONE:
            answer = self._written(answer, self.model, on_step)
        return answer

    def dangers(self, turns: Sequence[str]) -> set[Danger]:
        """Return what the last turn of a conversation shows that its user may be in. Raises `QuestionError`."""
        question = understand(turns, self.library.glossary)
        found, findings = self._find(question)
        ruled = set(dangers(found, self.library.glossary))
        return self._dangers(found, findings, ruled) | (carried(question, self.library.glossary) - {Danger.CRISIS})

    def _find(self, question: Question) -> tuple[Question, Findings]:
        """Return what is found for a question, and the question as it then was read."""
        findings = self.retriever.find(question)
        return question.as_said() if findings.alone else question, findings

    def _dangers(self, question: Question, findings: Findings, ruled: set[Danger]) -> set[Danger]:
        """Return what rules and models find; `ruled` is what the rules do."""
        doubted = set(findings.unheard) - _NEVER_DOUBTED
        found = ruled - doubted
        if is_harmless(question.said) or is_greeting(question.said):
            return found
        heard = set(findings.heard)
        if only_tells_how_long(question.said):
            heard.discard(Danger.WITHDRAWAL)
        found |= heard
        topic = self.library.topics.get(findings.topic) if findings.answerable < findings.threshold else None
        return found | {topic.danger} if topic and topic.danger else found

    def _asks_of_article(self, question: Question, findings: Findings) -> bool:
        """Whether a message asks what the article surely answers, or names a medicine."""
        named = {mention.term.kind for mention in self.library.glossary.find(question.said)}
        return findings.answerable >= findings.sure or bool(named & _MEDICINES)

    def _undiscussed(self, findings: Findings, ruled: set[Danger]) -> Topic | None:
        """Return what a message is about by a danger that rules find, where the article does not discuss that.

        How doses are raised is no answer to whoever took too much, nor how opioids are stopped before LDN to whoever
        asks when to stop LDN before an operation.
        """
        if findings.answerable >= _NEARLY_SURE * findings.sure:
            return None
        found = _TOPICS_OF_THEIR_OWN & (ruled - set(findings.unheard))
        return next((topic for topic in self.library.topics.values() if topic.danger in found), None)

    def _rewritten(self, question: Question, model: ChatModel) -> Question:
        try:
            rewritten = rewrite(question.turns, model, self.library.glossary)
        except ChatModelError:
            rewritten = ""
        if not rewritten:
            return question  # as the rules read it
        return question.read(rewritten, leans=True)

    def _written(self, answer: Answer, model: ChatModel, on_step: Callable[[Step], None]) -> Answer:
        statements = list(dict.fromkeys(item.statement for item in answer.statements))
        say = answer_wording().say
        on_step(Step.READING)
        try:
            written = draft(answer.read_as, statements, model)
        except ChatModelError:
            return replace(answer, remarks=(*answer.remarks, say("model.failed")))
        on_step(Step.CHECKING)
        kept, _ = verify(written, statements, self.library.glossary)
        if not kept:
            return replace(answer, remarks=(*answer.remarks, say("model.unsupported")))
        return replace(answer, model=model.name, prose=tuple(kept))


def load_assistant(settings: Settings, load: Callable[[str], Embedder] = load_embedder) -> Assistant:
    """Open corpus, index and models: some seconds. Raises `WhoSaidError` with what to do."""
    library = load_library(settings.corpus_dir)
    model = load_model(settings)
    index = open_index(settings.index_dir, library.sha256, fingerprint(settings.embedding_model))
    notices([], settings.region)  # an unknown region is told now, not when somebody is in danger
    take_one_core()
    files = [settings.corpus_dir / f"{name}.npz" for name in (TURNS, DANGERS)]
    reader, listener = (Classifier(file) if file.is_file() else None for file in files)
    retriever = Retriever(library, index, load(settings.embedding_model), reader, listener)
    return Assistant(library, retriever, model, settings.region)
