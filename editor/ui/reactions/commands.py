"""What each key of the reactions' desk does (domain-rules C7). GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from editor.base.clock import Clock
from editor.desk.reactions import seen_of
from editor.desk.read_models import ReactionView
from editor.domain.newsroom import REASONS, Reason
from editor.domain.newsroom import reason as reason_of
from editor.domain.people import Actor
from editor.domain.reaction import Verb
from editor.ui.actions import Keymap
from editor.ui.reactions.card_panel import CardPanel
from editor.ui.reactions.card_table import CardTable
from editor.ui.reactions.deciding import Deciding, Shift, Wish, approval, back_to_queue
from editor.ui.reactions.decision_bar import DecisionBar
from editor.ui.reactions.frozen_queue import FrozenQueue
from editor.ui.reactions.reading import Queue
from editor.ui.reactions.words import reason_words
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.buttons import Weight
from editor.ui.widgets.in_place_question import Choice, InPlaceQuestion
from editor.ui.widgets.search_field import SearchField
from editor.ui.wording import Wording

SETTLED_S, BULK = 0.12, 25  # M-05, M-08


class CommandHost(Protocol):
    """What the commands need of the desk."""

    actor: Actor
    bar: DecisionBar
    changed_at: float
    clock: Clock
    deciding: Deciding
    model: FrozenQueue
    panel: CardPanel
    question: InPlaceQuestion
    queue: Queue
    search: SearchField
    shift: Shift
    table: CardTable
    work: QWidget

    @property
    def current_id(self) -> str:
        """The reaction that the cursor stands on, "" where there is none."""
        ...

    @property
    def view(self) -> ReactionView | None:
        """The open card, None while it is being read."""
        ...

    def known_view(self, reaction_id: str) -> ReactionView | None:
        """A reaction as it is held in memory."""
        ...

    def tell(self, words: str, tone: Tone = Tone.ACCENT) -> None:
        """Say one sentence under the card."""
        ...

    def go_on(self, row: int) -> None:
        """To the next card that asks for a decision."""
        ...

    def open_queue(self, queue: Queue) -> None:
        """Go to a queue."""
        ...

    def fetch_new(self) -> None:
        """Let the new ones in."""
        ...

    def toggle_card_mode(self) -> None:
        """One card at a time, and back."""
        ...


class ReactionCommands(QObject):
    """The commands of one desk."""

    def __init__(self, desk: CommandHost, wording: Wording, keymap: Keymap, parent: QWidget, *,
                 open_article: Callable[[str], object]) -> None:
        """`parent` is the widget in which the keys hold: the desk's own."""
        super().__init__(parent)
        self._desk, self._wording, self._keymap, self._widget = desk, wording, keymap, parent
        self._open_article = open_article
        self._last: Wish | None = None
        self._aimed_from = ""  # the card that was open when a reason was asked for the selected; "" for the open card

    def all(self) -> Mapping[str, Callable[[], object]]:
        """Every action by its name."""
        return {**self._on_cards(), **self._in_list(), **self._everywhere()}

    def bind(self) -> None:
        """Give the keys and the buttons their commands."""
        desk = self._desk
        self._keymap.bind(desk.work, self._on_cards())
        self._keymap.bind(desk.table, self._in_list())
        self._keymap.bind(self._widget, self._everywhere())
        actions = self.all()
        desk.bar.pressed.connect(lambda action: actions[action]())
        desk.bar.reason_given.connect(self._take_reason)
        desk.bar.reasons.given_up.connect(lambda: self._aim(selected=False))
        desk.bar.answered.connect(self._answer)

    def _on_cards(self) -> Mapping[str, Callable[[], object]]:
        desk, guarded = self._desk, self._guarded
        digits = {f"reaction.reject{one.key}": guarded(partial(self._digit, one)) for one in REASONS[:10]}
        return {
            "reaction.next": lambda: desk.table.go(desk.table.row + 1),
            "reaction.previous": lambda: desk.table.go(desk.table.row - 1),
            "reaction.top": lambda: desk.table.go(0),
            "reaction.approve": guarded(self._approve), **digits,
            "reaction.reason": guarded(lambda _: self._open_reasons(selected=False)),
            "reaction.spam": guarded(lambda view: self._decide(view, Wish(Verb.SPAM))),
            "reaction.later": guarded(lambda view: self._decide(view, Wish(Verb.DEFER))),
            "reaction.escalate": guarded(self._escalate),
            "reaction.requeue": guarded(lambda view: self._decide(view, back_to_queue(view))),
            "reaction.repeat": guarded(self._repeat), "reaction.select": guarded(self._select),
            "reaction.select_down": guarded(lambda view: self._extend(view, 1)),
            "reaction.select_up": guarded(lambda view: self._extend(view, -1)),
            "reaction.approve_all": lambda: self._bulk(Verb.APPROVE),
            "reaction.spam_all": lambda: self._bulk(Verb.SPAM),
            "reaction.reject_all": self._choose_for_selected,
            "reaction.article": guarded(lambda view: self._open_article(view.reaction.article_id)),
        }

    def _in_list(self) -> Mapping[str, Callable[[], object]]:
        # Enter in a note line decides: here it belongs to the cards alone.
        return {"reaction.card": self._desk.toggle_card_mode}

    def _everywhere(self) -> Mapping[str, Callable[[], object]]:
        desk = self._desk
        queues = {f"reaction.queue{number}": partial(desk.open_queue, queue) for number, queue in enumerate(Queue, start=1)}
        return {
            **queues, "reaction.undo": desk.deciding.undo, "reaction.fetch": desk.fetch_new,
            "reaction.search": lambda: desk.search.setFocus(Qt.FocusReason.ShortcutFocusReason)}

    def _guarded(self, act: Callable[[ReactionView], object]) -> Callable[[], None]:
        """Only on a card that was painted (M-07) and did not change by itself a moment ago (M-05)."""
        def run() -> None:
            desk = self._desk
            view = desk.view
            if view is None or desk.panel.painted_id != view.reaction.id:
                return
            if round(desk.clock.monotonic() - desk.changed_at, 3) >= SETTLED_S:
                act(view)
        return run

    def _decide(self, view: ReactionView, wish: Wish) -> None:
        """Show the decision and the next card at once; the writer does its work behind it."""
        desk, one, row = self._desk, view.reaction.id, self._desk.table.row
        self._last = wish
        desk.model.show_meanwhile(one, desk.deciding.will_be(view, wish))
        desk.model.select(one, None)
        desk.shift.add(1)
        desk.deciding.decide(view, wish)
        desk.go_on(row)

    def _repeat(self, view: ReactionView) -> None:
        if self._last is not None:
            self._decide(view, self._last)

    def _approve(self, view: ReactionView) -> None:
        wish = approval(view)
        last = view.reaction.decision
        if wish.action is Verb.RESTORE and last is not None and last.actor_id != self._desk.actor.id:
            self._ask_note(view, self._wording.tr("reactions_desk", "Restore a colleague’s decision: why?"),
                           lambda note: self._decide(view, approval(view, note)))
        else:
            self._decide(view, wish)

    def _digit(self, reason: Reason, view: ReactionView) -> None:
        card = self._desk.panel.dispute.card
        if self._desk.queue is Queue.CONFLICT and card is not None:
            choice = {"1": "mine", "2": "theirs", "3": "both"}.get(reason.key)
            if choice is not None:
                self._answer(choice)
        else:
            self._reject(reason, view)

    def _reject(self, reason: Reason | None, view: ReactionView) -> None:
        if reason is None:
            return
        words, tr = reason_words(self._wording, reason.code), self._wording.tr
        if reason.escalates:
            checklist = tr("reactions_desk", "Police told: not yet. Who: . When: . Reference: .")
            self._ask_note(view, tr("reactions_desk", "{reason}: hide at once and escalate. Was it reported?", reason=words),
                           lambda note: self._decide(view, Wish(Verb.REJECT, reason.code, note)), text=checklist)
        elif reason.note_needed:
            self._ask_note(view, tr("reactions_desk", "{reason} Say why.", reason=words),
                           lambda note: self._decide(view, Wish(Verb.REJECT, reason.code, note)))
        else:
            self._decide(view, Wish(Verb.REJECT, reason.code))

    def _escalate(self, view: ReactionView) -> None:
        self._ask_note(view, self._wording.tr("reactions_desk", "Escalate: what should a senior look at?"),
                       lambda note: self._decide(view, Wish(Verb.ESCALATE, note=note)))

    def _ask_note(self, view: ReactionView, question: str, then: Callable[[str], None], text: str = "") -> None:
        desk, tr = self._desk, self._wording.tr

        def given(note: str) -> None:
            if desk.view is None or desk.view.reaction.text_hash != view.reaction.text_hash:
                desk.tell(tr("reactions_desk", "The reaction changed while you typed; nothing was decided."), Tone.ERROR)
            elif note.strip():
                then(note.strip())
            else:
                self._ask_note(view, question, then)
        desk.question.ask(question, [Choice("⏎", tr("reactions_desk", "Decide"), given, Weight.PRIMARY)],
                          field=tr("reactions_desk", "Note"), text=text)

    def _select(self, view: ReactionView) -> None:
        model, one = self._desk.model, view.reaction.id
        model.select(one, None if one in model.selected else seen_of(view.reaction))
        self._tell_selected()

    def _extend(self, view: ReactionView, by: int) -> None:
        desk = self._desk
        desk.model.select(view.reaction.id, seen_of(view.reaction))
        desk.table.go(desk.table.row + by)
        if desk.view is not None:
            desk.model.select(desk.view.reaction.id, seen_of(desk.view.reaction))
        self._tell_selected()

    def _tell_selected(self) -> None:
        n = len(self._desk.model.selected)
        self._desk.tell(self._wording.tr("reactions_desk", "one selected|{n} selected", n=n) if n else "")

    def _open_reasons(self, *, selected: bool) -> None:
        self._aim(selected=selected)
        self._desk.bar.reasons.open_strip()

    def _aim(self, *, selected: bool) -> None:
        self._aimed_from = self._desk.current_id if selected else ""

    def _choose_for_selected(self) -> None:
        if self._has_selected():
            self._open_reasons(selected=True)

    def _take_reason(self, code: str) -> None:
        """A reason of the strip: for the selected where it was opened for them and nobody went to another card since,
        else for the open card."""
        found, for_selected = reason_of(code), bool(self._aimed_from) and self._aimed_from == self._desk.current_id
        self._aim(selected=False)
        if not for_selected or found is None:
            self._guarded(partial(self._reject, found))()
        elif self._has_selected():
            self._reject_selected(found)

    def _reject_selected(self, reason: Reason) -> None:
        tr, n = self._wording.tr, len(self._desk.model.selected)
        words = reason_words(self._wording, reason.code)
        question = tr("reactions_desk", "{reason}: reject one reaction?|{reason}: reject {n} reactions?", n=n, reason=words)
        needs_note = reason.note_needed or reason.escalates
        self._ask_bulk(question, lambda note: Wish(Verb.REJECT, reason.code, note), needs_note=needs_note)

    def _has_selected(self) -> bool:
        if not self._desk.model.selected:
            self._desk.tell(self._wording.tr("reactions_desk", "Select reactions first, with {key}.",
                                             key=self._keymap.shown("reaction.select")))
        return bool(self._desk.model.selected)

    def _bulk(self, action: Verb) -> None:
        tr = self._wording.tr
        if not self._has_selected():
            return
        n = len(self._desk.model.selected)
        question = (tr("reactions_desk", "Approve one reaction?|Approve {n} reactions?", n=n) if action is Verb.APPROVE
                    else tr("reactions_desk", "Mark one reaction as spam?|Mark {n} reactions as spam?", n=n))
        self._ask_bulk(question, lambda _: Wish(action))

    def _ask_bulk(self, question: str, wish_of: Callable[[str], Wish], *, needs_note: bool = False) -> None:
        """Once more, in place: above 25 the number is typed (M-08), a reason that needs words asks for them."""
        desk, tr, n = self._desk, self._wording.tr, len(self._desk.model.selected)

        def ask(field: str, then: Callable[[str], None]) -> None:
            desk.question.ask(question, [Choice("⏎", tr("reactions_desk", "Decide"), then, Weight.PRIMARY)], field=field)

        def counted(typed: str) -> None:
            if typed.strip() != str(n):
                desk.tell(tr("reactions_desk", "The number was not {n}; nothing was decided.", n=n), Tone.ERROR)
            else:
                go_on()

        def told(note: str) -> None:
            if needs_note and not note.strip():
                go_on()
            else:
                self._decide_selected(wish_of(note.strip()))

        def go_on() -> None:
            if needs_note:
                ask(tr("reactions_desk", "Note"), told)
            else:
                told("")
        if n > BULK:
            ask(tr("reactions_desk", "Type {n} to go on", n=n), counted)
        elif needs_note:
            go_on()
        else:
            ask("", told)

    def _decide_selected(self, wish: Wish) -> None:
        desk = self._desk
        seen = dict(desk.model.selected)
        for one in seen:
            view = desk.known_view(one)
            if view is not None:
                desk.model.show_meanwhile(one, desk.deciding.will_be(view, wish))
        desk.model.clear_selection()
        desk.shift.add(len(seen))
        desk.deciding.decide_many(seen, wish)
        if not desk.model.is_open(desk.table.row):
            desk.go_on(desk.table.row)

    def _answer(self, choice: str) -> None:
        card, view = self._desk.panel.dispute.card, self._desk.view
        if card is not None and view is not None:
            self._desk.deciding.settle(card.id, view.reaction.id, choice)
