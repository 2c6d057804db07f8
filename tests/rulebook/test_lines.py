"""Where things stand in a TOML file, found by looking at the text again."""

from scheduler_app.rulebook.files import TomlFile
from scheduler_app.rulebook.lines import find_lines, line_of

TEXT = '''\
# minimum = "not this one"
name = "[[rule]]"  # nor [this]
note = """
[[rule]]
minimum = 1
"""
list = [
  "a",
  "b = c", # ]
]
pairs = [
  ["rule"],
  { x = 1 },
]
[feed]
detail = { a = 1 }

[[rule]]
id = 'a # b'

[[rule]] # the second
"quoted key" = 1
dotted.key = 2
[rule.sub]
deep = 3
[[rule.each]]
[[rule.each]]
deeper = 4
'''


def test_tables_and_keys_are_found_on_their_lines() -> None:
    assert find_lines(TEXT) == {
        ("name",): 2,
        ("note",): 3,
        ("list",): 7,
        ("pairs",): 11,
        ("feed",): 15,
        ("feed", "detail"): 16,
        ("rule", 0): 18,
        ("rule", 0, "id"): 19,
        ("rule", 1): 21,
        ("rule", 1, "quoted key"): 22,
        ("rule", 1, "dotted", "key"): 23,
        ("rule", 1, "sub"): 24,
        ("rule", 1, "sub", "deep"): 25,
        ("rule", 1, "each", 0): 26,
        ("rule", 1, "each", 1): 27,
        ("rule", 1, "each", 1, "deeper"): 28,
    }


def test_what_has_no_line_of_its_own_has_that_of_what_it_belongs_to() -> None:
    lines = find_lines(TEXT)
    assert line_of(("feed", "detail", "a"), lines) == 16
    assert line_of(("rule", 0, "minimum"), lines) == 18
    assert line_of(("clinic",), lines) is None


def test_places_are_written_for_people() -> None:
    file = TomlFile("rules.toml", {}, find_lines(TEXT))
    assert file.where(("rule", 0, "id")) == "line 19, id"
    assert file.where(("rule", 1)) == "line 21"
    assert file.where(("list", 0)) == "line 7, list"
    assert file.where(("feed", "detail")) == "line 16, feed.detail"
    assert file.where(("colour",)) == "colour"
    assert file.where() == "the whole file"
