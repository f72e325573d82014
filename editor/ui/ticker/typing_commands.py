"""What is typed at the ticker's desk: new lines, lists, times, an article, words to look for. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject

from editor.base.errors import EditorError, UserError
from editor.desk.read_models import Reader, TickerItem
from editor.domain.article import Article
from editor.domain.moments import Moment, moment_of, zone_info
from editor.domain.ticker import Intent, TickerEntry
from editor.domain.ticker_lines import parse_line
from editor.domain.ticker_rules import OnLate
from editor.runtime.workers import Door
from editor.ui.theme.tokens import Tone
from editor.ui.ticker.block_reading import BlockReading, read_block
from editor.ui.ticker.host import TickerHost
from editor.ui.ticker.rows import clock_words
from editor.ui.ticker.typed_times import gap_offers, read_end, read_start
from editor.ui.widgets.buttons import Weight
from editor.ui.widgets.in_place_question import Choice
from editor.ui.wording import Wording


class TickerTyping(QObject):
    """Takes what was typed in the desk's fields and has it done, or asks in place what was meant."""

    def __init__(self, desk: TickerHost, door: Door, wording: Wording, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._door, self._wording = desk, door, wording

    def connect_fields(self) -> None:
        """Listen to the fields."""
        desk, fields = self._desk, self._desk.panel.fields
        desk.quick.entered.connect(lambda text: self._enter(text, Intent.PLANNED))
        desk.quick.drafted.connect(lambda text: self._enter(text, Intent.DRAFT))
        desk.quick.block_given.connect(self._read_block)
        desk.quick.left.connect(desk.timeline.setFocus)
        desk.block.taken.connect(self._take_block)
        desk.block.left.connect(self._leave_block)
        desk.bar.searched.connect(self._search)
        fields.start_given.connect(self._give_start)
        fields.end_given.connect(self._give_end)
        fields.article_given.connect(self._give_article)

    def read_wall(self, text: str, then: Callable[[Moment], None], failed: Callable[[EditorError], None]) -> None:
        """The moment of a typed time; one that the clock skips or repeats is asked in place (T-14, T-15)."""
        desk, tr = self._desk, self._wording.tr
        zone = desk.view.newsroom.zone if desk.view is not None else "Europe/Amsterdam"
        try:
            then(read_start(text, desk.day, zone, desk.now()))
        except UserError as error:
            if error.kind == "dst_gap":
                before, after = gap_offers(text, desk.day, zone, desk.now())
                choices = [Choice("1", before.hhmm, lambda _: then(before)), Choice("2", after.hhmm, lambda _: then(after))]
            elif error.kind == "dst_fold":
                folds = [read_start(text, desk.day, zone, desk.now(), fold) for fold in (0, 1)]
                choices = [Choice("1", tr("ticker_desk", "The first (summer time)"), lambda _: then(folds[0])),
                           Choice("2", tr("ticker_desk", "The second (winter time)"), lambda _: then(folds[1]))]
            else:
                failed(error)
                return
            desk.question.ask(self._wording.say(error.message), choices, tone=Tone.READY)

    def ask_time(self) -> None:
        """`G`: to a time of this day, or of the one that is typed."""
        desk, tr = self._desk, self._wording.tr

        def go(at: Moment) -> None:
            day = datetime.fromisoformat(at.wall).date()
            if day != desk.day:
                desk.go_to(day)
            else:
                desk.timeline.show_time(at.utc)
            desk.timeline.setFocus()
        desk.question.ask(tr("ticker_desk", "Go to which time?"), [
            Choice("⏎", tr("ticker_desk", "Go there"), lambda text: self.read_wall(text, go, desk.refuse), Weight.PRIMARY)],
            field=tr("ticker_desk", "14:30, or 28-11 14:30"))

    def ask_article(self) -> None:
        """`Shift+N`: a draft with an article's headline, linked to it, at the next free moment."""
        desk, tr = self._desk, self._wording.tr

        def first(reader: Reader, words: str) -> Article | None:
            found = (*reader.find("article", words), *(one for kind, one, _ in reader.search(words) if kind == "article"))
            view = reader.article(found[0]) if words and found else None
            return None if view is None else view.article

        def make(article: Article | None) -> None:
            if article is None or desk.view is None:
                desk.panel.refuse(tr("ticker_desk", "No article holds these words."))
                return
            start = moment_of(desk.view.free_from(max(desk.now(), self._day_begins())), desk.view.newsroom.zone)
            desk.acts.add(TickerEntry("", headline=article.headline_short or article.headline, article_id=article.id,
                                      start=start, intent=Intent.DRAFT))
            desk.timeline.setFocus()

        def look(words: str) -> None:
            self._door.read(lambda reader: first(reader, words.strip()), make, desk.refuse)
        desk.question.ask(tr("ticker_desk", "A line about which article?"), [
            Choice("⏎", tr("ticker_desk", "Make a draft"), look, Weight.PRIMARY)],
            field=tr("ticker_desk", "Words of the article, or the end of its number"))

    def _day_begins(self) -> datetime:
        zone = self._desk.view.newsroom.zone if self._desk.view is not None else "Europe/Amsterdam"
        return datetime.combine(self._desk.day, datetime.min.time(), zone_info(zone))

    def _give_start(self, text: str) -> None:
        item, fields = self._desk.item, self._desk.panel.fields
        if item is None:
            return

        def failed(error: EditorError) -> None:
            fields.mark_invalid(fields.start, invalid=True)
            self._desk.refuse(error)
        fields.mark_invalid(fields.start, invalid=False)
        self.read_wall(text, lambda at: self._desk.acts.start_at(item.entry.id, at), failed)

    def _give_end(self, text: str) -> None:
        item, fields, view = self._desk.item, self._desk.panel.fields, self._desk.view
        if item is None or view is None:
            return
        try:
            end = read_end(text, item.entry.start, view.newsroom.zone)
        except UserError as error:
            fields.mark_invalid(fields.end, invalid=True)
            self._desk.refuse(error)
            return
        fields.mark_invalid(fields.end, invalid=False)
        self._desk.acts.end_at(item.entry.id, end)

    def _give_article(self, text: str) -> None:
        item, text = self._desk.item, text.strip()
        if item is None:
            return
        if not text or "/" in text:
            self._desk.acts.link(item.entry.id, "", text)
            return

        def found(ids: tuple[str, ...]) -> None:
            fields = self._desk.panel.fields
            fields.mark_invalid(fields.article, invalid=len(ids) != 1)
            if len(ids) == 1:
                self._desk.acts.link(item.entry.id, ids[0], "")
        self._door.read(lambda reader: tuple(reader.find("article", text)), found, self._desk.refuse)

    def _enter(self, text: str, intent: Intent) -> None:
        desk, view = self._desk, self._desk.view
        try:
            line = parse_line(text)
        except UserError as error:
            desk.refuse(error)
            return
        headline = line.headline if line is not None else text.strip()
        if view is None or not headline:
            return

        def plan(start: Moment) -> None:
            entry = TickerEntry("", headline=headline, start=start, intent=intent)
            late = timedelta(minutes=view.newsroom.ticker.late_max[entry.priority])
            if intent is Intent.PLANNED and desk.now() - start.utc > late:
                self._ask_late(entry)  # what was typed stands until it is answered
            else:
                desk.quick.clear()
                desk.acts.add(entry)
        if line is None:
            plan(moment_of(view.free_from(max(desk.now(), self._day_begins())), view.newsroom.zone))
        else:
            self.read_wall(f"{line.hour:02}:{line.minute:02}", plan, desk.refuse)

    def _ask_late(self, entry: TickerEntry) -> None:
        tr = self._wording.tr
        assert entry.start is not None

        def add(on_late: OnLate) -> None:
            self._desk.quick.clear()
            self._desk.acts.add(entry, on_late)
        self._desk.question.ask(tr("ticker_desk", "{time} has passed. Plan it all the same?", time=clock_words(entry.start)), [
            Choice("1", tr("ticker_desk", "Place it now"), lambda _: add(OnLate.NOW)),
            Choice("2", tr("ticker_desk", "With its own time"), lambda _: add(OnLate.AS_PLANNED))],
            tone=Tone.READY)

    def _read_block(self, text: str) -> None:
        view = self._desk.view
        if view is not None:
            self._desk.block.show_reading(read_block(text, self._desk.day, view.newsroom, self._desk.now()))

    def _take_block(self, reading: BlockReading) -> None:
        self._desk.acts.add_block(reading.planned, self._leave_block)

    def _leave_block(self) -> None:
        self._desk.block.hide()
        self._desk.timeline.setFocus()

    def _search(self, words: str) -> None:
        desk, view, words = self._desk, self._desk.view, words.strip().casefold()
        if view is None or not words:
            return
        ids = [item.entry.id for item in view.items if words in item.entry.headline.casefold()]
        if ids:
            after = ids.index(desk.timeline.current_key) + 1 if desk.timeline.current_key in ids else 0
            desk.timeline.select(ids[after % len(ids)])
            return

        def first(reader: Reader) -> TickerItem | None:
            hit = next((one for kind, one, _ in reader.search(words) if kind == "ticker"), None)
            return None if hit is None else reader.ticker_item(hit)

        def found(item: TickerItem | None) -> None:
            if item is not None and item.entry.start is not None:
                zone = zone_info(view.newsroom.zone)
                desk.go_to(item.entry.start.utc.astimezone(zone).date(), item.entry.id)
            else:
                desk.panel.refuse(self._wording.tr("ticker_desk", "No line holds these words."))
        self._door.read(first, found, desk.refuse)
