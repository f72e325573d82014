"""The words for the machine's codes: fields, statuses, kinds, states of sync. One table; no Qt in here.

Inner layers put the code itself into their sentences (`{"status": "desk"}`), as it stands on the wire; `Wording` says
it with the words of the place in which it stands. A code that is not listed is said as it is. Codes that a person
types, a role or a command's argument, are no words and stay.
"""

from __future__ import annotations

from collections.abc import Mapping

from editor.base.messages import Message

FIELDS: Mapping[str, Message] = {
    "headline": Message("conflict", "Headline"), "kicker": Message("conflict", "Kicker"),
    "lead": Message("conflict", "Lead"), "body": Message("conflict", "Text"), "slug": Message("conflict", "Web address"),
    "section": Message("conflict", "Section"), "tags": Message("conflict", "Tags"),
    "bylines": Message("conflict", "Authors"), "note": Message("conflict", "Note"),
    "embargo_at": Message("conflict", "Embargo"), "deadline_at": Message("conflict", "Deadline"),
    "headline_search": Message("conflict", "Headline for search"),
    "headline_social": Message("conflict", "Headline for social media"),
    "headline_short": Message("conflict", "Short headline"), "lead_image": Message("conflict", "Picture"),
    "type": Message("conflict", "Kind of article"), "related": Message("conflict", "Related articles"),
    "stage": Message("conflict", "Stage"), "reactions_mode": Message("conflict", "Reactions"),
    "start": Message("conflict", "Start"), "end": Message("conflict", "End"), "end|ttl_min": Message("conflict", "End"),
    "priority": Message("conflict", "Priority"), "source": Message("conflict", "Source"),
    "article_id": Message("conflict", "Article"), "pin": Message("conflict", "Pinned"),
    "prefix": Message("conflict", "Prefix"), "series": Message("conflict", "Series"),
    "ttl_min": Message("conflict", "Lasts"),
    "intent": Message("conflict", "On or off"), "name": Message("conflict", "Name"),
    "alt": Message("conflict", "Description of the picture"), "items": Message("conflict", "List"),
    "language": Message("conflict", "Language"), "url": Message("conflict", "Web address"),
    "schedule_late_min": Message("conflict", "Minutes that a planned time may have passed"),
    "ask_again_min": Message("conflict", "Minutes until “Still true?”"),
    "checklist": Message("conflict", "Checklist"), "follow": Message("conflict", "Follow line"),
    "four_eyes": Message("conflict", "Four eyes"), "grace_s": Message("conflict", "Seconds before sending"),
    "later_min": Message("conflict", "Minutes of “Later”"), "undo_hours": Message("conflict", "Hours of undo"),
    "limits": Message("conflict", "Lengths of texts"), "sections": Message("conflict", "Sections"),
    "ticker": Message("conflict", "Numbers of the ticker"), "zone": Message("conflict", "Time zone"),
    "caption": Message("conflict", "Caption"), "credit": Message("conflict", "Credit"),
    "rights": Message("conflict", "Rights to the picture"), "width": Message("conflict", "Width"),
    "height": Message("conflict", "Height"), "size": Message("conflict", "Size"), "mime": Message("conflict", "Kind of file"),
    "sha256": Message("conflict", "Checksum"),
    # Written by the server alone; somebody may have tried.
    "status": Message("conflict", "Status"), "publish": Message("conflict", "Planned time"),
    "approved": Message("conflict", "Approval"), "live": Message("conflict", "Publications"),
    "created_by": Message("conflict", "Made by"), "created_at": Message("conflict", "Made at"),
    "changed_by": Message("conflict", "Changed by"), "changed_at": Message("conflict", "Changed at"),
    "accepted_at": Message("conflict", "Accepted at"), "accepted_start": Message("conflict", "Accepted for"),
    "as_planned": Message("conflict", "As planned"), "approved_by": Message("conflict", "Approved by"),
    "as_run": Message("conflict", "Shown as"),
    # The parts of a request.
    "cmd": Message("conflict", "Command"),
}
STATUSES: Mapping[str, Message] = {
    "draft": Message("words", "draft"), "desk": Message("words", "ready for the desk"),
    "approved": Message("words", "approved"), "scheduled": Message("words", "scheduled"),
    "published": Message("words", "published"), "corrected": Message("words", "corrected"),
    "withdrawn": Message("words", "withdrawn"),
}
KINDS: Mapping[str, Message] = {
    "article": Message("words", "article"), "ticker": Message("words", "ticker line"),
    "reaction": Message("words", "reaction"), "media": Message("words", "picture"),
    "newsroom": Message("words", "newsroom"), "person": Message("words", "person"), "list": Message("words", "list"),
    "outbox": Message("words", "request"), "conflict": Message("words", "conflict"),
}
STATES: Mapping[str, Message] = {
    "unconnected": Message("words", "not connected"), "ok": Message("words", "online"),
    "busy": Message("words", "busy"), "offline": Message("words", "offline"),
    "needs_login": Message("words", "log in again"), "upgrade": Message("words", "a newer version is needed"),
    "attention": Message("words", "needs attention"),
}
MONTHS = (
    Message("words", "January"), Message("words", "February"), Message("words", "March"), Message("words", "April"),
    Message("words", "May"), Message("words", "June"), Message("words", "July"), Message("words", "August"),
    Message("words", "September"), Message("words", "October"), Message("words", "November"),
    Message("words", "December"),
)
PLACES: Mapping[str, Mapping[str, Message]] = {
    "field": FIELDS, "fields": FIELDS, "status": STATUSES, "kind": KINDS, "state": STATES,
}
