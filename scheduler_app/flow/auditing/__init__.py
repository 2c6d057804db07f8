"""The rooms of an audit, in the order in which a book goes through them.

events -> sightings (one small record a visit) -> whose (which contacts are the client's)
       -> people (who is who, for certain) -> likeness (who else might be) -> judged (findings)
"""
