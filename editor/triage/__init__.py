"""Moderation rules: each file is one rule, with its number (R-..) first and its sentence beside its logic.

May be imported by `sync` and everything above; a rule imports `text`, `domain`, `base` and `triage.base`,
never another rule. Nothing is looked up on the network or on disk: what a rule needs to know comes in its context.
A new rule is one new file with `RULE` and `judge(reaction, context)`, one entry in this package's tuple and a test table.
"""
