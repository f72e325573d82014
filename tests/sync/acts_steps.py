"""What people do with the status of texts in a random history: approve, publish, plan, correct, take back."""

from __future__ import annotations

from editor.desk.ports import Standing
from editor.domain.article import Action, Status, content_hash, rule_for
from editor.domain.publication import PublicationKind
from tests.sync.acts_texts import type_on
from tests.sync.faults import Fault
from tests.sync.histories import Act, History, Person
from tests.sync.watching import RELEASES


def step(history: History, person: Person) -> None:
    """A step that the status at that desk allows, most often one that leads outside."""
    known = history.articles(person)
    if not known:
        return
    dice, article_id = history.dice, history.dice.choice(known)
    wanted = Status(person.desk.view(article_id).wanted)
    possible = [action for action in Action if rule_for(action, wanted) is not None]
    likely = [a for a in possible if a in RELEASES or a.is_take_back or a is Action.APPROVE] or possible
    take(history, person, article_id, dice.choice(likely if dice.random() < 0.8 else possible))


def take(history: History, person: Person, article_id: str, action: Action, *, minutes: int | None = None) -> None:
    """That step on what stands at that desk."""
    article = person.desk.view(article_id).article
    history.log.append(f"    {action} {article_id[-4:]}")
    kind = PublicationKind.UPDATE if article.live and action in (Action.PUBLISH, Action.SCHEDULE) else None
    if action is Action.SCHEDULE and minutes is None:
        minutes = history.dice.choice((1, 10, 60))
    person.desk.step(article_id, action, note="Daarom." if action.needs_note else "", kind=kind,
                     minutes=minutes if action is Action.SCHEDULE else None)
    history.ledger.note_step(person.name, article_id, action, content_hash(article), leads_out=action in RELEASES)


def go_out(history: History, person: Person) -> None:
    """Approve and publish, or plan, what stands there: what a newsroom does all day."""
    known = history.articles(person)
    if known:
        article_id = history.dice.choice(known)
        take(history, person, article_id, Action.APPROVE)
        released = history.dice.choice((Action.PUBLISH, Action.SCHEDULE))
        if person.desk.view(article_id).article.live and history.dice.random() < 0.4:
            released = Action.CORRECT
        take(history, person, article_id, released)


def chain_offline(history: History, person: Person) -> None:
    """Without a network: approve, publish or plan, type on, perhaps think better of it. Then the network is back, bad."""
    known = history.articles(person)
    if not known:
        return
    person.desk.cut()
    article_id = history.dice.choice(known)
    try:
        take(history, person, article_id, Action.APPROVE)
        take(history, person, article_id, history.dice.choice((Action.PUBLISH, Action.SCHEDULE)))
        history.open(person, article_id)
        type_on(history, person)
        if history.dice.random() < 0.4:
            take(history, person, article_id, Action.WITHDRAW)
    finally:
        person.desk.reconnect()
    history.sync(person)


def publish_and_type_on(history: History, person: Person) -> None:
    """Offline: approve, publish, and one more sentence. What goes out is what was approved, and the sentence goes along
    after it."""
    for article_id in history.articles(person):
        view = person.desk.view(article_id)
        if view.standing is not Standing.CLEAN or view.wanted in ("scheduled", "withdrawn") or view.article.embargo_at:
            continue
        digest = content_hash(view.article)
        person.desk.cut()
        take(history, person, article_id, Action.APPROVE)
        take(history, person, article_id, Action.PUBLISH)
        history.open(person, article_id)
        type_on(history, person)
        person.desk.reconnect().sync()
        live = person.desk.view(article_id).article.live
        assert live, "what was published offline did not go out"
        assert live[-1].content_hash == digest, "another text went out than the one that was approved"
        history.ledger.tried["9 snapshot"] += 1
        return


# ---------------------------------------------------------------------------- what chance alone seldom brings together
def plan_and_correct(history: History, person: Person) -> None:
    """An update is planned for later, then the text is corrected now, or withdrawn: the plan must not undo that."""
    known = [one for one in history.articles(person) if person.desk.view(one).article.live]
    if not known:
        return
    article_id = history.dice.choice(known)
    take(history, person, article_id, Action.APPROVE)
    take(history, person, article_id, Action.SCHEDULE, minutes=60)
    history.sync(person)
    if history.dice.random() < 0.5:
        history.open(person, article_id)
        type_on(history, person)
    take(history, person, article_id, Action.APPROVE)
    take(history, person, article_id, history.dice.choice((Action.CORRECT, Action.PUBLISH)))


def take_back_what_is_out(history: History, person: Person) -> None:
    """A release is sent and its outcome is unknown; it is taken back at once, and the release arrives once more."""
    known = history.articles(person)
    if not known or person.desk.network.cut:
        return
    article_id = history.dice.choice(known)
    take(history, person, article_id, Action.APPROVE)
    history.round(person)
    take(history, person, article_id, history.dice.choice((Action.PUBLISH, Action.SCHEDULE)))
    fault = history.dice.choice((Fault.LOST_ANSWER, Fault.LOST_REQUEST))
    person.desk.network.coming.extend([fault] * 4)
    history.round(person)
    person.desk.network.coming.clear()
    take(history, person, article_id, Action.WITHDRAW)
    if history.dice.random() < 0.5:
        history.round(person)
    person.desk.network.deliver_last(article_id, *(f'"action":"{action}"' for action in RELEASES))
    history.look(person)


def approve_then_foreign_text(history: History, person: Person) -> None:
    """Somebody offline approves and publishes; a colleague's words arrive before that leaves."""
    other = history.dice.choice([one for one in history.people if one is not person])
    known = [one for one in history.articles(person) if one in history.articles(other)]
    if not known or other.desk.network.cut:
        return
    article_id = history.dice.choice(known)
    person.desk.cut()
    take(history, person, article_id, Action.APPROVE)
    take(history, person, article_id, Action.PUBLISH)
    history.open(other, article_id)
    type_on(history, other)
    history.round(other)
    person.desk.reconnect()
    person.runner._greet()
    person.runner._fetcher.fetch("content")
    history.round(person)
    history.look(person, other)


ACTS: tuple[tuple[Act, int], ...] = (
    (step, 10), (go_out, 4), (chain_offline, 2), (plan_and_correct, 2), (take_back_what_is_out, 2),
    (approve_then_foreign_text, 2))
