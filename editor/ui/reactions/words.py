"""What is said of a reaction: its state, the reasons, who decided what and when. No Qt in here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from editor.base.messages import Message
from editor.domain.reaction import Decision, QueueState, Verb
from editor.ui.reactions.reading import Queue
from editor.ui.theme.tokens import Tone
from editor.ui.wording import Wording

QUEUES: Mapping[Queue, Message] = {
    Queue.PENDING: Message("reactions_desk", "To judge"),
    Queue.REPORTED: Message("reactions_desk", "Reported"),
    Queue.ESCALATED: Message("reactions_desk", "Escalated"),
    Queue.LATER: Message("reactions_desk", "Later"),
    Queue.DONE: Message("reactions_desk", "Done"),
    Queue.CONFLICT: Message("reactions_desk", "Conflicts"),
}
EMPTY: Mapping[Queue, Message] = {
    Queue.PENDING: Message("reactions_desk", "Everything has been judged"),
    Queue.REPORTED: Message("reactions_desk", "Nothing is reported"),
    Queue.ESCALATED: Message("reactions_desk", "Nothing waits for a senior"),
    Queue.LATER: Message("reactions_desk", "Nothing was put off"),
    Queue.DONE: Message("reactions_desk", "Nothing has been judged yet"),
    Queue.CONFLICT: Message("reactions_desk", "No conflicts"),
}
STATES: Mapping[QueueState, tuple[Message, Tone, str]] = {
    QueueState.PENDING: (Message("reactions_desk", "Waiting"), Tone.NEUTRAL, ""),
    QueueState.REPORTED: (Message("reactions_desk", "Reported"), Tone.ERROR, "flag"),
    QueueState.ESCALATED: (Message("reactions_desk", "Escalated"), Tone.ERROR, "escalate"),
    QueueState.DEFERRED: (Message("reactions_desk", "Later"), Tone.NEUTRAL, "clock"),
    QueueState.CONFLICT: (Message("reactions_desk", "Conflict"), Tone.ERROR, "conflict"),
    QueueState.APPROVED: (Message("reactions_desk", "Approved"), Tone.LIVE, "check"),
    QueueState.REJECTED: (Message("reactions_desk", "Rejected"), Tone.NEUTRAL, "close"),
    QueueState.SPAM: (Message("reactions_desk", "Spam"), Tone.NEUTRAL, "trash"),
    QueueState.GONE: (Message("reactions_desk", "Gone"), Tone.NEUTRAL, "close"),
}
REASON_LABELS: Mapping[str, Message] = {
    "OFFTOPIC": Message("newsroom", "Off topic"),
    "BELEDIGING": Message("newsroom", "Insult"),
    "DISCRIMINATIE": Message("newsroom", "Discrimination"),
    "GEWELD": Message("newsroom", "Violence"),
    "PRIVACY": Message("newsroom", "Privacy"),
    "SPAM": Message("newsroom", "Spam"),
    "DUBBEL": Message("newsroom", "Duplicate"),
    "SCHREEUWEN": Message("newsroom", "Shouting"),
    "ONLEESBAAR": Message("newsroom", "Unreadable"),
    "OVERIG": Message("newsroom", "Other…"),
    "LINK": Message("newsroom", "Link or source cannot be checked"),
    "SMAAD": Message("newsroom", "Serious accusation without ground"),
    "TROLLEN": Message("newsroom", "Trolling"),
    "BELEID": Message("newsroom", "About our moderation"),
    "ONJUIST": Message("newsroom", "Demonstrably false and harmful"),
    "CITEERT": Message("newsroom", "Quotes removed text"),
    "RECHTEN": Message("newsroom", "Copyright"),
    "KWETSBAAR": Message("newsroom", "Vulnerable person"),
}
VERBS: Mapping[Verb, Message] = {
    Verb.APPROVE: Message("reactions_desk", "approved"),
    Verb.REJECT: Message("reactions_desk", "rejected"),
    Verb.SPAM: Message("reactions_desk", "marked as spam"),
    Verb.REQUEUE: Message("reactions_desk", "put back in the queue"),
    Verb.DEFER: Message("reactions_desk", "put off"),
    Verb.ESCALATE: Message("reactions_desk", "escalated"),
    Verb.DEESCALATE: Message("reactions_desk", "took the escalation back"),
    Verb.RESTORE: Message("reactions_desk", "restored"),
}
MODES: Mapping[str, Message] = {
    "pre": Message("reactions_desk", "checked first"),
    "open": Message("reactions_desk", "mode open"),
    "closed": Message("reactions_desk", "closed"),
    "manual": Message("reactions_desk", "all by hand"),
}


def reason_words(wording: Wording, code: str | None) -> str:
    """A reason's label; the code itself for one that is not known."""
    label = REASON_LABELS.get(code or "")
    return wording.say(label) if label is not None else code or ""


def decision_words(wording: Wording, decision: Decision) -> str:
    """`afgewezen · Belediging`."""
    parts = [wording.say(VERBS[decision.action]), reason_words(wording, decision.reason)]
    return " · ".join(part for part in parts if part)


def wait_words(wording: Wording, since: datetime | None, now: datetime) -> str:
    """How long something has waited: `12 min`, `2 u 04`, `3 d`."""
    if since is None:
        return "–"
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 60:
        return wording.tr("reactions_desk", "{n} min", n=minutes)
    if minutes < 48 * 60:
        return wording.tr("reactions_desk", "{hours} h {minutes}", hours=minutes // 60, minutes=f"{minutes % 60:02}")
    return wording.tr("reactions_desk", "{n} d", n=minutes // 1440)
