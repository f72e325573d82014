"""The sample newsroom: made, furnished, shown in a window, or lived through for a day without one.

Top ring: may import everything, and is imported by `cli` alone. `sample.py` makes it, `furnishing.py` fills it for the
window, `day.py` lives the day and says what it saw, `pictures.py` takes the pictures of the desks.
"""
