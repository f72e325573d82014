"""The public page's own words, in the newsroom's language. Readers' words, so they stand here and not in a catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

_NL = {
    "skip": "Direct naar de inhoud", "ticker": "Laatste nieuws", "latest": "Artikelen", "breaking": "Breaking",
    "no_ticker": "Er is nu geen nieuws in de ticker.", "no_articles": "Er staat nog geen artikel op deze pagina.",
    "by": "Door", "published": "Gepubliceerd", "updated": "Bijgewerkt", "corrections": "Correcties",
    "correction": "Correctie", "reactions": "Reacties", "answer": "Reageer op deze reactie",
    "answer_to": "Reageer op {name}", "in_answer": "in antwoord op {name}",
    "orphan": "reageert op een verwijderde reactie", "form": "Reageer",
    "form_answer": "Uw antwoord op reactie {number} van {name}", "cancel_answer": "Liever een nieuwe reactie",
    "name": "Naam", "email": "E-mailadres (hoeft niet)", "text": "Uw reactie",
    "email_why": "Wordt niet getoond. Alleen om u te kunnen zeggen waarom een reactie niet is geplaatst; na zes "
                 "maanden wissen wij het.",
    "text_why": "Ten hoogste 2000 tekens, zonder opmaak. Een redacteur leest uw reactie voordat ze op de pagina komt.",
    "text_why_open": "Ten hoogste 2000 tekens, zonder opmaak.",
    "send": "Plaats reactie", "leave_empty": "Laat dit veld leeg", "closed": "Reageren op dit artikel kan niet meer.",
    "thanks": "Bedankt, uw reactie wordt eerst bekeken.", "thanks_open": "Bedankt, uw reactie staat op de pagina.",
    "problem": "Uw reactie is nog niet verzonden", "newer": "Nieuwere reacties", "older": "Eerdere reacties",
    "home": "Naar de voorpagina", "gone_title": "Ingetrokken",
    "gone": "Dit artikel is door de redactie ingetrokken en niet meer te lezen.",
    "missing_title": "Niet gevonden", "missing": "Op dit adres staat niets.",
    "old_form": "Het formulier was te lang open of uw browser weigert cookies. Verzend het nog een keer.",
    "too_often": "U hebt kort na elkaar veel reacties gestuurd. Probeer het over een minuut opnieuw.",
    "no_form": "Dat formulier was niet te lezen.", "preview": "Voorbeeld van de werktekst: niet openbaar.",
    "tags": "Onderwerpen", "fault_title": "Even geen verbinding", "fault": "De pagina is er zo weer. Probeer het opnieuw.",
    "feed": "Nieuws van {name}",
}
_EN = {
    "skip": "Skip to content", "ticker": "Latest news", "latest": "Articles", "breaking": "Breaking",
    "no_ticker": "There is no news in the ticker now.", "no_articles": "There is no article on this page yet.",
    "by": "By", "published": "Published", "updated": "Updated", "corrections": "Corrections",
    "correction": "Correction", "reactions": "Reactions", "answer": "Answer this reaction",
    "answer_to": "Answer {name}", "in_answer": "in answer to {name}", "orphan": "answers a removed reaction",
    "form": "React", "form_answer": "Your answer to reaction {number} by {name}",
    "cancel_answer": "Write a new reaction instead", "name": "Name", "email": "E-mail address (optional)",
    "text": "Your reaction",
    "email_why": "Never shown. Only so that we can tell you why a reaction was not placed; erased after six months.",
    "text_why": "At most 2000 characters of plain text. An editor reads it before it appears.",
    "text_why_open": "At most 2000 characters of plain text.",
    "send": "Send reaction", "leave_empty": "Leave this field empty", "closed": "Reactions to this article are closed.",
    "thanks": "Thank you, your reaction will be looked at first.", "thanks_open": "Thank you, your reaction is on the page.",
    "problem": "Your reaction was not sent yet", "newer": "Newer reactions", "older": "Earlier reactions",
    "home": "To the front page", "gone_title": "Withdrawn",
    "gone": "This article was withdrawn by the newsroom and can no longer be read.",
    "missing_title": "Not found", "missing": "There is nothing at this address.",
    "old_form": "The form was open too long, or your browser refuses cookies. Please send it again.",
    "too_often": "You sent many reactions in a short time. Try again in a minute.",
    "no_form": "That form could not be read.", "preview": "Preview of the working text: not public.",
    "tags": "Topics", "fault_title": "No connection for a moment", "fault": "The page will be back soon. Try again.",
    "feed": "News from {name}",
}
# What a form can be refused for: the English source of the sentence, in Dutch.
_REFUSALS_NL = {
    "Write your name.": "Vul uw naam in.",
    "Write your reaction.": "Schrijf eerst uw reactie.",
    "Your name or e-mail address is too long.": "Uw naam of e-mailadres is te lang.",
    "Your reaction is too long: at most {n} characters.": "Uw reactie is te lang: ten hoogste 2000 tekens.",
    "That is no e-mail address; you may leave it empty.": "Dat is geen e-mailadres; u mag het ook leeg laten.",
    "The reaction that you answer is no longer there.": "De reactie waarop u antwoordt staat er niet meer.",
    "Reactions to this article are closed.": "Reageren op dit artikel kan niet meer.",
    "There is no such article.": "Dat artikel is er niet.",
}
_MONTHS_NL = ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
              "november", "december")
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")


def words_of(language: str) -> Mapping[str, str]:
    """The page's words: English for an English newsroom, Dutch for every other."""
    return _EN if language == "en" else _NL


def refusal_in(language: str, source: str, message: str) -> str:
    """A refusal of the form in the newsroom's language."""
    return message if language == "en" else _REFUSALS_NL.get(source, message)


def date_in(language: str, zone: ZoneInfo, instant: datetime) -> str:
    """`12 november 2025, 13:00` on the newsroom's wall."""
    local = instant.astimezone(zone)
    months = _MONTHS_EN if language == "en" else _MONTHS_NL
    return f"{local.day} {months[local.month - 1]} {local.year}, {local:%H:%M}"
