"""Which care line goes before which, when lines of two visits contradict each other."""

from collections.abc import Collection, Mapping, Sequence

from scheduler_app.domain.carelines import Precedence
from scheduler_app.rulebook.entries import Entry, did_you_mean, read_entries
from scheduler_app.rulebook.files import Notebook, TomlFile
from scheduler_app.rulebook.shapes import LineShape, PrecedenceShape


def read_precedence(
    file: TomlFile, lines: Sequence[Entry[LineShape]], written: Collection[str], notebook: Notebook
) -> tuple[Precedence, ...]:
    """The [[precedence]] pairs. Noted: pairs of unknown lines, circles, and conflicts without a pair."""
    entries = read_entries(file, "precedence", PrecedenceShape, notebook)
    for entry in entries:
        for key, code in (("first", entry.shape.first), ("over", entry.shape.over)):
            if entry.sound(key) and code not in written:
                fault = f"precedence names the unknown care line {code}"
                cure = f"{did_you_mean(code, written)}Correct the code, or add the line."
                notebook.mistake(file.name, entry.where(key), fault, cure)
    sound = [entry for entry in entries if not entry.broken]
    _check_circles(sound, notebook)
    settled = {frozenset((entry.shape.first, entry.shape.over)) for entry in sound}
    found = file.table.get("precedence", ())
    whole = isinstance(found, tuple) and len(found) == len(sound)
    for line in lines if whole else ():
        if line.sound("code", "conflicts_with"):
            _check_conflicts(line, settled, written, notebook)
    return tuple(Precedence(entry.shape.first, entry.shape.over) for entry in sound)


def _check_conflicts(
    line: Entry[LineShape],
    settled: Collection[frozenset[str]],
    written: Collection[str],
    notebook: Notebook,
) -> None:
    name, where, code = line.file.name, line.where("conflicts_with"), line.shape.code
    for other in dict.fromkeys(line.shape.conflicts_with):
        if other not in written:
            fault = f"the care line {code} conflicts with the unknown line {other}"
            cure = f"{did_you_mean(other, written)}Correct the code, or add the line."
            notebook.mistake(name, where, fault, cure)
        elif other == code:
            fault = f"the care line {code} conflicts with itself"
            notebook.mistake(name, where, fault, "Take it out of conflicts_with.")
        elif frozenset((code, other)) not in settled:
            fault = f"the care lines {code} and {other} conflict, and none goes before the other"
            cure = f'Add [[precedence]] with first = "{other}" and over = "{code}", or the other way round.'
            notebook.mistake(name, where, fault, cure)


def _check_circles(entries: Sequence[Entry[PrecedenceShape]], notebook: Notebook) -> None:
    """Each pair is added where it closes no circle; the one that would is the mistake."""
    above: dict[str, set[str]] = {}
    for entry in entries:
        first, over = entry.shape.first, entry.shape.over
        path = [first, first] if first == over else _path(over, first, above)
        if path:
            fault = f"precedence goes in a circle: {' before '.join(path)}"
            notebook.mistake(entry.file.name, entry.where("first"), fault, "Take out one of these pairs.")
        else:
            above.setdefault(first, set()).add(over)


def _path(start: str, goal: str, above: Mapping[str, Collection[str]]) -> list[str] | None:
    """How `start` already goes before `goal`, closed into the circle the new pair would make."""
    paths, seen = [[start]], {start}
    while paths:
        path = paths.pop()
        for lower in sorted(above.get(path[-1], ())):
            if lower == goal:
                return [goal, *path, goal]
            if lower not in seen:
                seen.add(lower)
                paths.append([*path, lower])
    return None
