"""What people do with the status of texts in a random history: approve, publish, plan, correct, take back."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from editor.base.errors import EditorError
from editor.desk.ports import Standing
from editor.domain.article import Action, Status, content_hash, effective_status, rule_for
from editor.domain.documents import article_value
from editor.domain.people import Right
from editor.domain.publication import PublicationKind
from tests.sync.acts_reactions import react
from tests.sync.acts_texts import embargo, type_on, write_one
from tests.sync.faults import Fault
from tests.sync.histories import Act, History, Person
from tests.sync.server_side import Ability
from tests.sync.watching import RELEASES

MOST_ARTICLES = 7  # so many more, where one is needed that was never public


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


def may_go_out(history: History, person: Person) -> str | None:
    """An article that this person could approve now: nobody is asked about it, and no embargo holds it."""
    for article_id in history.dice.sample(known := history.articles(person), len(known)):
        view = person.desk.view(article_id)
        if not view.conflicts and view.article.embargo_at is None and view.wanted not in ("withdrawn", "scheduled"):
            return article_id
    return None


def fresh_one(history: History, person: Person) -> str | None:
    """An article that was never public: what goes out by mistake is seen there at once. A new one where there is none."""
    for article_id in history.articles(person):
        view = person.desk.view(article_id)
        if not (view.conflicts or view.article.live or view.waiting or view.article.embargo_at) and view.wanted == "draft":
            return article_id
    return write_one(history, person) if len(history.ledger.written) < MOST_ARTICLES else may_go_out(history, person)


def go_out(history: History, person: Person) -> None:
    """Approve and publish, or plan, what stands there: what a newsroom does all day."""
    able = history.one_who_may(Right.PUBLISH)
    article_id = may_go_out(history, able) if able is not None else None
    if able is not None and article_id is not None:
        take(history, able, article_id, Action.APPROVE)
        released = history.dice.choice((Action.PUBLISH, Action.PUBLISH, Action.SCHEDULE))
        if able.desk.view(article_id).article.live and history.dice.random() < 0.4:
            released = Action.CORRECT
        take(history, able, article_id, released)


def chain_offline(history: History, person: Person) -> None:
    """Without a network: approve, publish or plan, type on, perhaps think better of it. Then the network is back, bad."""
    able = history.one_who_may(Right.PUBLISH)
    article_id = may_go_out(history, able) if able is not None else None
    if able is None or article_id is None:
        return
    able.desk.cut()
    try:
        take(history, able, article_id, Action.APPROVE)
        take(history, able, article_id, history.dice.choice((Action.PUBLISH, Action.SCHEDULE)))
        history.open(able, article_id)
        type_on(history, able)
        if history.dice.random() < 0.4:
            take(history, able, article_id, Action.WITHDRAW)
    finally:
        able.desk.reconnect()
    history.sync(able)


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


def begin_public(history: History) -> None:
    """The first article is public already, and two readers have reacted."""
    person = history.people[0]
    (article_id, *_) = history.articles(person)
    take(history, person, article_id, Action.APPROVE)
    take(history, person, article_id, Action.PUBLISH)
    history.quiet()
    if history.can(Ability.READERS):
        react(history, person)
        react(history, person)
        history.quiet()


# ---------------------------------------------------------------------------- what chance alone seldom brings together
def plan_and_correct(history: History, person: Person) -> None:
    """An update is planned for later, then the text is corrected now, or withdrawn: the plan must not undo that."""
    able = history.one_who_may(Right.PUBLISH)
    article_id = may_go_out(history, able) if able is not None else None
    if able is None or article_id is None:
        return
    take(history, able, article_id, Action.APPROVE)
    take(history, able, article_id, Action.SCHEDULE, minutes=60)
    history.round(able)
    if history.dice.random() < 0.5:
        history.open(able, article_id)
        type_on(history, able)
    take(history, able, article_id, Action.APPROVE)
    is_live = bool(able.desk.view(article_id).article.live)
    take(history, able, article_id, Action.CORRECT if is_live and history.dice.random() < 0.5 else Action.PUBLISH)
    history.round(able)
    history.look(able)


def take_back_what_is_out(history: History, person: Person) -> None:
    """A release is sent and its outcome is unknown; it is taken back at once, and the release arrives once more."""
    able = history.one_who_may(Right.PUBLISH)
    article_id = fresh_one(history, able) if able is not None else None
    if able is None or article_id is None:
        return
    network = able.desk.network
    take(history, able, article_id, Action.APPROVE)
    history.round(able)
    take(history, able, article_id, history.dice.choice((Action.PUBLISH, Action.SCHEDULE)))
    network.coming.extend([history.dice.choice((Fault.LOST_ANSWER, Fault.LOST_REQUEST))] * 4)
    able.runner.push_alone()
    network.coming.clear()
    take(history, able, article_id, Action.WITHDRAW)
    history.round(able)
    network.deliver_last(article_id, *(f'"action":"{action}"' for action in RELEASES))
    history.look(able)
    _is_off(history, article_id)
    history.ledger.tried["9 late copy"] += 1


def approve_then_foreign_text(history: History, person: Person) -> None:
    """Somebody offline approves and publishes; a colleague's words arrive before that leaves."""
    able = history.one_who_may(Right.PUBLISH)
    other = history.one_who_may(Right.WRITE, but=able)
    article_id = may_go_out(history, able) if able is not None else None
    if able is None or other is None or article_id is None or article_id not in history.articles(other):
        return
    take(history, able, article_id, Action.APPROVE)
    take(history, able, article_id, Action.PUBLISH)
    history.open(other, article_id)
    type_on(history, other)
    history.round(other)
    able.runner.fetch_alone()
    history.round(able)
    history.look(able, other)


def think_better_of_it(history: History, person: Person) -> None:
    """Without a network: approve, publish, and take it back. Nothing of that ever acts."""
    able = history.one_who_may(Right.PUBLISH)
    article_id = fresh_one(history, able) if able is not None else None
    if able is None or article_id is None:
        return
    before = _released_by(history, able, article_id)
    take(history, able, article_id, Action.APPROVE)
    take(history, able, article_id, history.dice.choice((Action.PUBLISH, Action.SCHEDULE)))
    take(history, able, article_id, Action.WITHDRAW)
    history.round(able)
    history.round(able)
    assert _released_by(history, able, article_id) == before, f"released after it was taken back: {article_id}"
    history.ledger.tried["9 thought better"] += 1


def _released_by(history: History, person: Person, article_id: str) -> set[str]:
    """That person's releases of it that have acted."""
    watch, said = history.watch, [f'"action":"{action}"'.encode() for action in RELEASES]
    return {op_id for op_id, op in watch.sent.items() if op.entity_id == article_id and op_id in watch.acted
            and watch.owners[op_id] == person.name and any(one in op.body for one in said)}


def through_silence(history: History, person: Person) -> None:
    """A step finds no answer once or twice: it is taken all the same, once."""
    able = history.one_who_may(Right.PUBLISH)
    article_id = may_go_out(history, able) if able is not None else None
    if able is None or article_id is None:
        return
    history.quiet(able)
    view = able.desk.view(article_id)
    if view.standing is not Standing.CLEAN or view.waiting or view.wanted in ("withdrawn", "scheduled"):
        return
    digest = content_hash(view.article)
    take(history, able, article_id, Action.APPROVE)
    take(history, able, article_id, Action.PUBLISH)
    for fault in (Fault.LOST_REQUEST, Fault.LOST_ANSWER, Fault.PORTAL, Fault.NONE, Fault.NONE):
        able.desk.network.coming.append(fault)
        able.runner.push_alone()
    able.desk.network.coming.clear()
    history.quiet(able)
    live = able.desk.view(article_id).article.live
    assert live, f"a step got lost in silence: {article_id}"
    assert live[-1].content_hash == digest, f"a step got lost in silence: {article_id}"
    history.ledger.tried["8 through silence"] += 1


def tempt(history: History, person: Person) -> None:
    """Somebody tries to publish what was changed after its approval, or under an embargo. He is told no; if he were
    not, readers would see it."""
    able = history.one_who_may(Right.PUBLISH)
    article_id = may_go_out(history, able) if able is not None else None
    if able is None or article_id is None:
        return
    under_embargo = history.dice.random() < 0.5
    if under_embargo:
        embargo(history, able, article_id, 30)
        take(history, able, article_id, Action.APPROVE)
    else:
        take(history, able, article_id, Action.APPROVE)
        history.open(able, article_id)
        type_on(history, able)
        if able.open_id != article_id:
            return  # he went on in another one: this one is what was approved
    try:
        with contextlib.suppress(EditorError):
            able.desk.step(article_id, Action.PUBLISH)
            history.quiet(able)
        history.ledger.tried["9 tempted"] += 1
    finally:
        if under_embargo:
            embargo(history, able, article_id, None)
    history.look(able)


def embargo_moves(history: History, person: Person) -> None:
    """A release is planned, then its embargo is moved past it."""
    able = history.one_who_may(Right.PUBLISH)
    article_id = may_go_out(history, able) if able is not None else None
    if able is None or article_id is None:
        return
    take(history, able, article_id, Action.APPROVE)
    take(history, able, article_id, Action.SCHEDULE, minutes=30)
    history.quiet(able)
    embargo(history, able, article_id, 90)
    history.quiet(able)
    history.ledger.tried["9 embargo moved"] += 1
    embargo(history, able, article_id, None)


def _is_off(history: History, article_id: str) -> None:
    if not history.can(Ability.NUMBERED):
        return  # such a server is left in peace for a while after an unknown outcome
    row, now = history.watch.rows[article_id], history.newsroom.clock.now()
    for minutes in (0, 1, 60, 24 * 60):
        status = effective_status(article_value(row.id, row.doc), now + timedelta(minutes=minutes))
        assert row.deleted or not status.is_public, f"public after it was taken back: {article_id}"


def withdraw_past_a_card(history: History, person: Person) -> None:
    """Something public must go at once, while two texts of it wait for a choice or its text cannot leave."""
    for able in history.people:
        for card in able.desk.cards():
            known = able.desk.view(card.entity_id).article if card.blocking and card.entity_kind == "article" else None
            if known is not None and effective_status(known, history.newsroom.clock.now()).is_public:
                take(history, able, card.entity_id, Action.WITHDRAW)
                history.round(able)
                history.round(able)  # an earlier take-back may have been under way
                if not able.desk.network.cut:
                    _is_off(history, card.entity_id)
                    history.ledger.tried["9 past a card"] += 1
                return


ACTS: tuple[tuple[Act, int], ...] = (
    (step, 8), (go_out, 5), (chain_offline, 3), (plan_and_correct, 3), (take_back_what_is_out, 4),
    (approve_then_foreign_text, 4), (withdraw_past_a_card, 3), (think_better_of_it, 3), (through_silence, 3), (tempt, 3),
    (embargo_moves, 2))
