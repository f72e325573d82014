"""What people do with texts in a random history: write, type, set fields, throw away, take back, settle cards."""

from __future__ import annotations

from datetime import timedelta

from editor.base.errors import EditorError
from editor.desk import articles
from editor.desk.ports import ConflictRow
from editor.domain.documents import article_document, moment_document
from editor.domain.moments import moment_of
from editor.domain.ticker import Intent
from tests.sync.histories import Act, History, Person
from tests.sync.ledger import tokens

MOST_ARTICLES = 4


def new_article(history: History, person: Person) -> None:
    """Another article, of two paragraphs."""
    if len(history.ledger.written) < MOST_ARTICLES:
        write_one(history, person)


def write_one(history: History, person: Person) -> str:
    """That article; its id."""
    ledger = history.ledger
    first, second = (f"{ledger.sentence(person.name)} {ledger.sentence(person.name)}" for _ in range(2))
    article_id = person.desk.write(headline=f"Kop {ledger.token()}", lead=ledger.sentence(person.name),
                                   body=f"{first}\n\n{second}")
    ledger.written[article_id] = tokens(person.desk.view(article_id).article)
    return article_id


def open_another(history: History, person: Person) -> None:
    """Open an article in the editor; it stays open while sync goes on."""
    known = history.articles(person)
    if known:
        history.open(person, history.dice.choice(known))


def type_on(history: History, person: Person) -> None:
    """Add, rewrite or delete a sentence in the editor, which may have stood open for a while."""
    if not person.open_id or history.dice.random() < 0.2:
        open_another(history, person)
    if not person.open_id:
        return
    name = history.dice.choice(("lead", "body", "body"))
    before = str(person.started_from[name] or "")
    after = _typed(history, before, person.name)
    _note(history, person, person.open_id, before, after)
    saved = person.desk.save(person.open_id, person.version, person.started_from, {name: after})
    person.version, person.started_from = saved.version, article_document(saved.article)
    history.ledger.did["merged at autosave"] += saved.merged


def _note(history: History, person: Person, article_id: str, before: object, after: object) -> None:
    history.ledger.note_typed(person.name, article_id, before, after)
    was, now = tokens(before), tokens(after)
    history.log.append(f"    {article_id[-4:]} +{','.join(sorted(now - was))} -{','.join(sorted(was - now))}")


def _typed(history: History, text: str, name: str) -> str:
    dice = history.dice
    blocks = [block.split("|") for block in text.replace(". ", ".|").split("\n\n") if block]
    if not blocks:
        return history.ledger.sentence(name)
    block = dice.choice(blocks)
    place, kind = dice.randrange(len(block)), dice.random()
    if kind < 0.6:
        block.insert(place + dice.randint(0, 1), history.ledger.sentence(name))
    elif kind < 0.9:
        block[place] = history.ledger.sentence(name)
    else:
        del block[place]
    return "\n\n".join(" ".join(block) for block in blocks if block)


def rename(history: History, person: Person) -> None:
    """Another headline, or a note, through the properties."""
    known = history.articles(person)
    if not known:
        return
    article_id, name = history.dice.choice(known), history.dice.choice(("headline", "headline", "note"))
    before, made = getattr(person.desk.view(article_id).article, name), f"Kop {history.ledger.token()}"
    person.desk.do(lambda work: articles.edit(work, article_id, {name: made}))
    _note(history, person, article_id, before, made)


def tag(history: History, person: Person) -> None:
    """Add a tag, or take one away."""
    known = history.articles(person)
    if not known:
        return
    article_id = history.dice.choice(known)
    before = list(person.desk.view(article_id).article.tags)
    after = [*before, history.ledger.token()] if len(before) < 2 or history.dice.random() < 0.6 else before[1:]
    person.desk.do(lambda work: articles.edit(work, article_id, {"tags": after}))
    _note(history, person, article_id, before, after)


def set_embargo(history: History, person: Person) -> None:
    """Set, move or lift an embargo."""
    known = history.articles(person)
    if not known:
        return
    embargo(history, person, history.dice.choice(known), history.dice.choice((None, None, 5, 30, 90)))


def embargo(history: History, person: Person, article_id: str, minutes: int | None) -> None:
    """An embargo of so many minutes from now, or none."""
    until = None
    if minutes is not None:
        instant = (history.newsroom.clock.now() + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        until = moment_document(moment_of(instant, "Europe/Amsterdam"))
    person.desk.do(lambda work: articles.edit(work, article_id, {"embargo_at": until}))


def bin_or_back(history: History, person: Person) -> None:
    """Put an article in the bin, or take one out."""
    gone = history.articles(person, deleted=True)
    if gone and history.dice.random() < 0.6:
        person.desk.restore(history.dice.choice(gone))
    elif known := history.articles(person):
        article_id = history.dice.choice(known)
        person.desk.delete(article_id)
        history.ledger.binned.add((person.name, article_id))


def undo(history: History, person: Person) -> None:
    """The one Undo, on articles or lines."""
    kind = history.dice.choice(("article", "ticker"))
    row = person.desk.door.read_now(lambda reader: reader.undo_latest(kind))
    if row is None:
        return
    ledger = history.ledger
    before = tokens(person.desk.view(row.entity_id).article) if kind == "article" else set()
    person.desk.undo(kind)
    if kind == "article":
        ledger.drop(person.name, before - tokens(person.desk.view(row.entity_id).article))
        ledger.unclear.add(row.entity_id)
        return
    for entry_id in (row.entity_id, *row.data.get("ids", ())):
        entry = person.desk.line(entry_id).entry
        ledger.headlines.setdefault(entry_id, set()).add(entry.headline)
        (ledger.taken_off.add if entry.intent is Intent.WITHDRAWN else ledger.taken_off.discard)(entry_id)


# ----------------------------------------------------------------------------------------------------------------- cards
def settle_one(history: History, person: Person) -> None:
    """Settle one of the cards that are open at that desk."""
    if cards := person.desk.cards():
        settle(history, person, history.dice.choice(cards))


def settle(history: History, person: Person, card: ConflictRow, choice: str = "") -> None:
    """Settle a card, at random unless told how, and note what that lets go."""
    choices = ["mine", "theirs"]
    if card.regions or card.entity_kind == "reaction" or card.kind == "late":
        choices.append("both")
    choice = choice or history.dice.choice(choices)
    history.log.append(f"    {person.name} settles {card.kind} {card.field} {card.code} of {card.entity_id[-4:]} as {choice}")
    before = _tokens_at(history, person, card)
    try:
        person.desk.settle(card, choice)
    except EditorError as refusal:
        history.log.append(f"    refused: {refusal.kind}")
        choice = "theirs"
        person.desk.settle(card, choice)
    _note_settled(history, person, card, choice, before)


def _note_settled(history: History, person: Person, card: ConflictRow, choice: str, before: set[str]) -> None:
    ledger = history.ledger
    mine, theirs = tokens(card.mine), tokens(card.theirs)
    ledger.did[f"settled {card.kind}"] += 1
    if card.kind in ("text", "field", "soft"):
        ledger.drop(person.name, {"mine": theirs - mine, "theirs": mine - theirs}.get(choice, set()))
        ledger.regain(person.name, _tokens_at(history, person, card) - before)
    elif card.kind in ("deleted", "rejected") and choice == "theirs":
        ledger.drop(person.name, mine)
        ledger.binned.add((person.name, card.entity_id))
    if card.entity_kind == "ticker":
        entry = person.desk.line(card.entity_id).entry
        ledger.headlines.setdefault(card.entity_id, set()).add(entry.headline)
        if entry.intent is Intent.WITHDRAWN:
            ledger.taken_off.add(card.entity_id)


def _tokens_at(history: History, person: Person, card: ConflictRow) -> set[str]:
    if card.entity_kind == "reaction":
        return set()
    entity = history.entity(person, card.entity_kind, card.entity_id)
    return tokens(entity.doc) if entity is not None else set()


ACTS: tuple[tuple[Act, int], ...] = (
    (type_on, 16), (rename, 4), (tag, 3), (bin_or_back, 2), (undo, 2), (settle_one, 4), (open_another, 4), (new_article, 1))
EMBARGOES: tuple[tuple[Act, int], ...] = ((set_embargo, 2),)
