"""Changing the newsroom's own document: its name, its zone, the numbers of its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from editor.base.ids import new_id
from editor.desk import lanes
from editor.desk.ports import Entity, UnitOfWork
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import newsroom_document
from editor.domain.moments import zone_info
from editor.domain.people import Right
from editor.domain.refusal import forbidden


def change_newsroom(work: UnitOfWork, fields: Mapping[str, Any]) -> Outcome[None]:
    """Change some of its fields; `ticker.max_visible` names one number inside a field.

    Raises `Refused` without the right to manage, `UserError` for a time zone that is none.
    """
    if not work.profile.actor().may(Right.MANAGE):
        raise forbidden()
    if "zone" in fields:
        zone_info(str(fields["zone"]))
    newsroom = work.profile.newsroom()
    held = work.entities.get("newsroom", newsroom.id) if newsroom.id else None
    entity = held or Entity("newsroom", newsroom.id or new_id(), newsroom_document(newsroom))
    doc = dict(entity.doc)
    for name, value in fields.items():
        field, _, inner = name.partition(".")
        doc[field] = {**(doc.get(field) or {}), inner: value} if inner else value
    lanes.unpark(work, entity.id)
    lanes.write(work, replace(entity, doc=doc), Facet.SETTINGS)
    work.audit("change", "newsroom", entity.id, {"fields": sorted(fields)})
    return Outcome(None, work.changes())
