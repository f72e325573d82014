"""Measurements behind `redactie bench`: each file measures one promise on real parts.

Top ring: may import everything; nothing imports it but `cli`.
A new measurement is one new file and one entry in this package's tuple; it prints numbers, tests never assert them.
"""
