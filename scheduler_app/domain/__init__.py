"""Pure nouns and rules. Standard library values only; nothing here waits, logs or can fail to connect.

Dates are day ordinals (`datetime.date.toordinal`) wherever they are compared, so that a gap is a
subtraction and a story of twenty items is judged in microseconds.
"""
