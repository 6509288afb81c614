"""PURE: a turn that asks nothing of the article: thanks, a greeting, or a question about what answers here."""

import re

_WISH = (
    r"(?:i )?(?:hope|hoping) (?:that )?(?:(?:you|u|ur|youre|you['’]re|y['’]?all|everyone|everybody|all|is|are|r|doing|"
    r"keeping|having|well|ok|okay|good|fine|great|a|nice|lovely|day|morning|week|weekend)\b ?)+|"
    r"(?:i )?(?:hope|hoping) (?:that )?(?:you|u|someone|this) (?:can|could) help(?: me| us)?|"
    r"how (?:are|r) (?:you|u|ya)(?: doing)?(?: today)?|how['’]?s it going|nice to meet (?:you|u)|"
    r"have a (?:good|nice|great|lovely) (?:day|evening|night|weekend|one)|lol|haha+|no worries|no problem"
)
_FRIENDS = "again|there|all|everyone|everybody|hun|hon|love|dear|friend|folks|doctor|dr"
_COURTESY = re.compile(
    r"(?:(?:thanks?|thank you|thx|ty|cheers|ok(?:ay)?|great|cool|perfect|nice|brilliant|lovely|hi|hello|hey|bye|"
    rf"goodbye|good (?:morning|afternoon|evening|day|night)|take care|{_WISH})\b[\W_]*"
    rf"(?:(?:so|very|much|a lot|loads|you|for|your|the|that|this|help|helpful|it|is|was|thats|that['’]s|and|{_FRIENDS})"
    r"\b[\W_]*)*)+",
    re.IGNORECASE,
)
_GREETING = re.compile(
    rf"(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|{_WISH})\b[\W_]*(?:(?:{_FRIENDS})\b[\W_]*)*)+",
    re.IGNORECASE,
)
_OPENER = r"(?:(?:hi|hello|hey|so|wait|ok|and|but|sorry)\b[\W_]*)*"
_MACHINE = r"(?:bot|chat ?bot|robot|machine|ai|computer(?: program)?|program|chat ?gpt|llm|app|website)"
_OF_THE_APP = re.compile(
    rf"{_OPENER}(?:"
    r"(?:(?:are|r) (?:you|u)|am i (?:talking|speaking|chatting) (?:to|with))(?: just| really| actually)? (?:an? )?"
    r"(?:real |actual |medical |qualified |human |online )*"
    rf"(?:dr\.? \w+|doctor|nurse|person|human(?: being)?|real|{_MACHINE})|"
    rf"is (?:this|it)(?: just| really| actually)? (?:an? )?(?:{_MACHINE}|real (?:person|doctor|human))|"
    r"(?:who|what) (?:are|r) (?:you|u)|what are you for|how do (?:you|u) work|"
    r"what (?:can|do) (?:you|u) (?:do|help (?:me )?with)|what can i ask(?: you)?|"
    r"what is this (?:page|site|website|app|chat|thing))",
    re.IGNORECASE,
)


def is_courtesy(turn: str) -> bool:
    """Whether a turn thanks, greets or takes its leave, and says nothing else."""
    return _COURTESY.fullmatch(turn.strip()) is not None


def says_nothing(turn: str) -> bool:
    """Whether a turn neither asks of the article nor says anything that later turns could lean on."""
    return is_courtesy(turn) or is_about_app(turn)


def is_greeting(turn: str) -> bool:
    """Whether a turn greets, or wishes somebody well, and says nothing else; a farewell may be more than that."""
    return _GREETING.fullmatch(turn.strip()) is not None


def is_about_app(turn: str) -> bool:
    """Whether a turn asks who or what answers here, and nothing else."""
    return _OF_THE_APP.fullmatch(turn.strip().rstrip("?!. ")) is not None
