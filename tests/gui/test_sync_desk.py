"""The Sync desk as a journalist meets it, over a real profile."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QScrollArea

from editor.desk import lanes, pushing
from editor.desk.ports import Attempt, OpState
from editor.domain.changes import Outcome
from editor.runtime.sync_runner import SyncFacts
from editor.ui.actions import Keymap
from editor.ui.sync.desk import SyncDesk
from editor.ui.sync.side import Part
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.conflict_card import ConflictCard
from editor.ui.widgets.in_place_question import InPlaceQuestion
from editor.ui.widgets.list_state import ListState
from editor.ui.wording import Wording
from tests.gui.sync_newsroom import NOW, Home, opened


@pytest.fixture
def home(qapp, tmp_path):
    with opened(tmp_path) as home:
        home.bind()
        yield home


@pytest.fixture
def newsroom(home):
    home.write_articles()
    home.fill_outbox()
    home.raise_cards()
    return home


class Calls:
    """What the desk asked of the program."""

    def __init__(self) -> None:
        self.sent = 0
        self.opened: list[tuple[str, str]] = []

    def sync_now(self) -> None:
        self.sent += 1

    def open_item(self, kind: str, item_id: str) -> None:
        self.opened.append((kind, item_id))


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
def show(qtbot, look: Look, calls: Calls):
    made: list[SyncDesk] = []

    def make(home: Home, language: str = "nl") -> SyncDesk:
        desk = SyncDesk(home.door, Wording(language), look, Keymap(), home.clock, sync_now=calls.sync_now,
                        open_item=calls.open_item)
        qtbot.addWidget(desk)
        desk.resize(1280, 800)
        desk.show()
        qtbot.waitUntil(lambda: desk._view is not None)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.close_desk()


def rows(desk: SyncDesk) -> list[str]:
    model = desk._outbox.model
    return [model.index(n).data() for n in range(model.rowCount())]


def choose(desk: SyncDesk, word: str) -> None:
    at = next(n for n, text in enumerate(rows(desk)) if word in text)
    desk._outbox.list.setCurrentIndex(desk._outbox.model.index(at))


def words(desk: SyncDesk) -> str:
    labels = [label.text() for label in desk.findChildren(QLabel) if label.isVisible()]
    return " ".join([*labels, *(state.words for state in desk.findChildren(ListState) if state.isVisible())])


def button(desk: SyncDesk, said: str) -> Button:
    return next(one for one in desk.findChildren(Button) if one.accessibleName() == said and one.isVisible())


def states(home: Home) -> list[OpState]:
    return [row.state for row in home.door.read_now(lambda reader: reader.outbox(done=True))]


def test_every_state_is_said_in_words_and_what_is_stuck_stands_first(show, newsroom):
    told = rows(show(newsroom))
    for word in ("vastgelopen", "geweigerd", "wacht", "onderweg", "uitkomst onbekend"):
        assert sum(word in text for text in told) == 1, word
    assert all(any(word in text for text in told[:2]) for word in ("vastgelopen", "geweigerd"))
    assert "Een tekst is te lang." in told[0]


def test_before_anything_was_read_it_says_one_moment(qtbot, look, home, calls):
    desk = SyncDesk(home.door, Wording("nl"), look, Keymap(), home.clock, sync_now=calls.sync_now,
                    open_item=calls.open_item)
    qtbot.addWidget(desk)
    assert "Een ogenblik" in desk._nothing.words
    desk.close_desk()


def test_an_empty_outbox_says_that_everything_is_sent_and_offers_the_next_step(show, home, calls):
    desk = show(home)
    assert "Alles is verzonden" in words(desk)
    button(desk, "Nu verzenden en ophalen").click()
    assert calls.sent == 1


def test_an_empty_outbox_says_what_waits_for_a_person(show, home, qtbot):
    home.write_articles()
    home.raise_cards()
    desk = show(home)
    qtbot.waitUntil(lambda: "2 conflicten wachten op een keuze" in words(desk))
    assert "Alles is verzonden" not in words(desk)
    button(desk, "Tonen").click()
    assert {card.row.kind for card in desk.findChildren(ConflictCard) if card.isVisible()} == {"text", "still_true"}


def test_an_empty_outbox_says_that_texts_were_not_sent_yet(show, home):
    home.write_articles()
    desk = show(home)
    assert "5 teksten hebben onverzonden wijzigingen" in words(desk)
    assert "Alles is verzonden" not in words(desk)


def test_when_it_is_tried_again_is_said_in_one_way(show, newsroom):
    desk = show(newsroom)
    choose(desk, "uitkomst onbekend")
    desk.set_facts(SyncFacts("offline", next_try=NOW + timedelta(seconds=95)))
    assert words(desk).count("14:03:35") == 2
    desk.set_facts(SyncFacts("offline", next_try=NOW - timedelta(seconds=5)))
    assert "volgende poging" not in words(desk).lower()


def test_what_never_left_is_said_not_to_have_been_sent(show, newsroom, qtbot):
    def refuse(work):
        row = next(one for one in work.outbox.in_states(OpState.SEALED) if not one.attempts)
        return pushing.note_not_sent(work, row.op_id, "no connection: ConnectError", started_at=NOW)

    desk = show(newsroom)
    newsroom.door.change_now(refuse)
    qtbot.waitUntil(lambda: any("niet verzonden" in text for text in rows(desk)))
    choose(desk, "niet verzonden")
    assert "geen verbinding met de server" in words(desk)
    assert button(desk, "Weggooien…").toolTip() == "Het vertrekt zo, zoals het is: weggooien kan nu niet."


def test_a_database_that_cannot_be_read_says_why_and_tries_again(show, home, qtbot):
    from editor.base.errors import Unavailable
    from editor.base.messages import Message

    desk = show(home)
    desk._on_failed(Unavailable("busy", Message("desk", "Both texts are kept.")))
    assert "Beide teksten zijn bewaard." in words(desk)
    button(desk, "Opnieuw proberen").click()
    qtbot.waitUntil(lambda: "Alles is verzonden" in words(desk))


def test_a_stuck_request_is_tried_again(show, newsroom, qtbot, calls):
    desk = show(newsroom)
    choose(desk, "vastgelopen")
    desk.commands()["sync.retry"]()
    qtbot.waitUntil(lambda: not any("vastgelopen" in text for text in rows(desk)))
    assert calls.sent == 1


def test_discarding_asks_in_place_and_keeps_the_text(show, newsroom, qtbot):
    desk = show(newsroom)
    choose(desk, "vastgelopen")
    item = desk._outbox.chosen()
    button(desk, "Weggooien…").click()
    question = desk.findChild(InPlaceQuestion)
    assert question.words == ("Weggooien? Wat de server heeft, geldt weer; deze tekst gaat naar de versies. "
                              "Ongedaan maken haalt het terug.")
    QTest.keyClick(question, Qt.Key.Key_Escape)
    assert OpState.DISCARDED not in states(newsroom)
    button(desk, "Weggooien…").click()
    QTest.keyClick(question, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: OpState.DISCARDED in states(newsroom))
    qtbot.waitUntil(lambda: "Weggegooid. Ctrl Z haalt het terug." in words(desk))
    kept = newsroom.door.read_now(lambda reader: reader.article_texts(item.row.entity_id))
    assert "discarded" in [revision.why for revision in kept]


def test_what_may_have_arrived_cannot_be_discarded(show, newsroom):
    desk = show(newsroom)
    choose(desk, "uitkomst onbekend")
    assert not button(desk, "Weggooien…").isEnabled()
    assert "kan nu niet" in button(desk, "Weggooien…").toolTip()


def test_enter_opens_what_a_request_is_about(show, newsroom, calls):
    desk = show(newsroom)
    choose(desk, "wacht")
    QTest.keyClick(desk._outbox.list, Qt.Key.Key_Return)
    assert calls.opened == [("article", newsroom.articles[0])]


def test_a_key_settles_the_first_card_and_it_is_gone(show, newsroom, qtbot):
    desk = show(newsroom)
    desk.show_part(Part.CONFLICTS)
    desk.arrive()
    kinds = {card.row.kind for card in desk.findChildren(ConflictCard)}
    assert kinds == {"text", "still_true"}
    first = next(card for card in desk.findChildren(ConflictCard) if card.hasFocus())
    desk.commands()["sync.server"]()
    QTest.keyClick(first, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(newsroom.door.read_now(lambda reader: reader.conflicts())) == 1)
    qtbot.waitUntil(lambda: len(desk._view.cards) == 1)
    left = next(card for card in desk.findChildren(ConflictCard) if card.row.id != first.row.id)
    assert left.hasFocus()


def test_the_conflict_is_settled_as_it_was_chosen(show, newsroom, qtbot):
    desk = show(newsroom)
    desk.show_part(Part.CONFLICTS)
    card = next(card for card in desk.findChildren(ConflictCard) if card.row.kind == "text")
    card.press("2")
    QTest.keyClick(card, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: newsroom.door.read_now(lambda reader: reader.conflict(card.row.id)).state == "closed")
    assert newsroom.door.read_now(lambda reader: reader.conflict(card.row.id)).resolution == "theirs"


def test_a_card_being_written_in_stays_when_something_else_changes(show, newsroom, qtbot):
    desk = show(newsroom)
    desk.show_part(Part.CONFLICTS)
    card = next(card for card in desk.findChildren(ConflictCard) if card.row.kind == "text")
    card.press("E")
    QTest.keyClicks(card.findChild(QPlainTextEdit), "Half af")
    desk.reload()
    qtbot.waitUntil(lambda: desk.findChild(ConflictCard) is not None)
    assert "Half af" in card.findChild(QPlainTextEdit).toPlainText()
    assert card in desk.findChildren(ConflictCard)


def test_the_connections_facts_are_told(show, newsroom):
    desk = show(newsroom)
    desk.set_facts(SyncFacts("offline", last_ok=NOW - timedelta(minutes=20), next_try=NOW + timedelta(seconds=95)))
    said = words(desk).replace("\u200b", "")
    for part in ("redactie.example", "Samira", "publiceren", "13:42", "14:03:35"):
        assert part in said, part
    assert "klok" not in said


@pytest.mark.parametrize(("skew", "said"), [(42.0, "42 s achter"), (-31.0, "31 s voor"), (29.0, "")])
def test_a_clock_that_is_off_is_said_over_thirty_seconds(show, home, skew, said):
    desk = show(home)
    desk.set_facts(SyncFacts("ok", skew_s=skew))
    assert ("klok van deze computer" in words(desk)) == bool(said)
    assert said in words(desk)


def test_log_in_is_asked_for_without_alarm(show, home):
    desk = show(home)
    desk.set_facts(SyncFacts("needs_login", why="login"))
    assert "Er gaat niets verloren" in words(desk)


def test_a_change_elsewhere_shows_up(show, home, qtbot):
    desk = show(home)
    home.write_articles()
    home.fill_outbox()
    qtbot.waitUntil(lambda: len(rows(desk)) == 5)


def test_attempts_are_listed_with_their_result(show, newsroom):
    desk = show(newsroom)
    desk.show_part(Part.ATTEMPTS)
    model = desk._attempts.model()
    told = [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())]
    assert len(told) == 5
    assert any("geen antwoord: de server was te traag" in row[3] for row in told)
    assert all(row[4] == "1,4 s" for row in told)


def test_all_of_it_is_said_in_english_too(show, newsroom):
    desk = show(newsroom, "en")
    assert any("outcome unknown" in text for text in rows(desk))
    desk.show_part(Part.CONFLICTS)
    assert "Both versions are kept" in words(desk)


def test_a_thing_in_conflict_waits_for_a_choice_and_says_so(show, home, qtbot):
    home.write_articles()
    home.raise_cards()
    queued = home.articles[3]
    home.door.change_now(lambda work: Outcome(lanes.queue_command(work, queued, "article", "transition", {"action": "approve"}),
                                              work.changes()))
    desk = show(home)
    (told,) = rows(desk)
    assert told.startswith("Wacht op jou.")
    assert "wacht op je keuze" in told


def test_what_goes_by_itself_is_numbered_in_the_order_in_which_it_leaves(show, home):
    home.write_articles()

    def queue(work):
        lanes.queue_command(work, home.articles[0], "article", "delete", {})
        lanes.queue_command(work, home.articles[1], "article", "transition", {"action": "publish"})
        lanes.queue_command(work, home.articles[2], "article", "transition", {"action": "withdraw"}, take_back=True)
        return Outcome(None, work.changes())
    home.door.change_now(queue)
    told = rows(show(home))
    assert told[0].startswith("Gaat vanzelf, in deze volgorde. Nummer 1.")
    assert [next(word for word in ("intrekken", "publiceren", "verwijderen") if word in text) for text in told] == [
        "intrekken", "publiceren", "verwijderen"]


def test_what_a_server_says_in_its_own_words_stays_out_of_the_log_of_attempts(show, newsroom):
    secret = "Bearer abc123; body: De wethouder zei"
    newsroom.door.change_now(lambda work: Outcome(work.outbox.note_attempt(
        Attempt("op", NOW, NOW, "rejected", secret)), work.changes()))
    desk = show(newsroom)
    desk.show_part(Part.ATTEMPTS)
    model = desk._attempts.model()
    told = " ".join(str(model.index(row, 3).data()) for row in range(model.rowCount()))
    assert "abc123" not in told
    assert "wethouder" not in told


@pytest.mark.parametrize(("verb", "action", "said"), [
    ("transition", "publish", "De stap ‘publiceren’ wordt niet gezet"), ("delete", "", "Op de server wordt dan niets verwijderd"),
    ("moderate", "approve", "De reactie blijft op de server")])
def test_giving_up_says_what_it_means(show, home, verb, action, said):
    home.write_articles()
    home.door.change_now(lambda work: Outcome(lanes.queue_command(work, home.articles[0], "article", verb, {"action": action}),
                                              work.changes()))
    desk = show(home)
    button(desk, "Weggooien…").click()
    assert said in desk.findChild(InPlaceQuestion).words
    assert "Ongedaan maken haalt het terug" in desk.findChild(InPlaceQuestion).words


def test_the_note_in_the_head_stands_whole_beside_the_button(show, newsroom, qtbot):
    desk = show(newsroom)
    desk.resize(820, 700)
    qtbot.waitUntil(lambda: desk._note.text() != "")
    qtbot.waitUntil(lambda: desk._note.height() >= desk._note.heightForWidth(desk._note.width()))
    assert desk._note.geometry().right() < button(desk, "Nu verzenden").geometry().left()


def test_in_a_low_window_the_connections_facts_scroll_and_nothing_is_cut_off_beside_them(show, newsroom, qtbot):
    desk = show(newsroom)
    desk.resize(820, 360)
    scroll = desk._side.findChild(QScrollArea)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    assert scroll.horizontalScrollBar().maximum() == 0
