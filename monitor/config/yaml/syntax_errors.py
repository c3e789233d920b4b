"""What a YAML parser's complaint means to the person who edits the file."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from monitor.errors import Problem

# What the parser says (a part of it) → what happened, what to do.
_SAYINGS: tuple[tuple[str, str, str], ...] = (
    (
        "cannot start any token: tab",
        "a tab where YAML wants spaces",
        "indent with spaces",
    ),
    (
        "cannot start any token",
        "this character cannot begin a value",
        "put the value in quotes",
    ),
    (
        "mapping values are not allowed",
        "a colon in a text without quotes, or a wrong indentation",
        'put the text in quotes: "…: …"',
    ),
    (
        "could not find expected ':'",
        "a key without its colon",
        "write key: value; indent the further lines of a long text",
    ),
    (
        "found undefined alias",
        "a value that begins with * is an alias in YAML",
        "put the value in quotes",
    ),
    (
        "expected alphabetic or numeric character",
        "a value that begins with * or & is an alias in YAML",
        "put the value in quotes",
    ),
    (
        "found unknown escape character",
        "a backslash in double quotes begins an escape that YAML does not have",
        "use single quotes",
    ),
    (
        "quoted scalar",
        "quotes are opened here and never closed",
        "close the quotes",
    ),
    (
        "flow",
        "a bracket is opened here and not closed, or a comma is missing",
        "close the bracket, or put the value in quotes",
    ),
    (
        "expected a single document",
        "a second document begins here",
        "take the --- away: one file, one document",
    ),
    (
        "block mapping",
        "the indentation does not fit the lines above",
        "line keys of one block up",
    ),
    (
        "block collection",
        "the indentation does not fit the lines above",
        "line the dashes of one list up",
    ),
    (
        "block end",
        "the indentation does not fit the lines above",
        "line keys of one block up",
    ),
)


def explain(error: MarkedYAMLError | ReaderError, file: str, source: str) -> Problem:
    """The problem that a syntax error is, at the place where a person would look for it."""
    if isinstance(error, ReaderError):
        return _unprintable(error, file, source)
    mark = error.problem_mark or error.context_mark
    said = " ".join(filter(None, (error.context, error.problem)))
    if error.problem and "cannot start any token" in error.problem and "\\t" in error.problem:
        said = "cannot start any token: tab"
    message, hint = next(
        ((message, hint) for part, message, hint in _SAYINGS if part in said),
        (f"not YAML: {said}", ""),
    )
    if "opened here" in message:
        mark = error.context_mark or mark
    if mark is None:
        return Problem(file=file, line=0, column=0, message=message, hint=hint)
    return Problem(file=file, line=mark.line + 1, column=mark.column + 1, message=message, hint=hint)


def _unprintable(error: ReaderError, file: str, source: str) -> Problem:
    before = source[: error.position]
    code = error.character if isinstance(error.character, int) else ord(error.character)
    return Problem(
        file=file,
        line=before.count("\n") + 1,
        column=len(before) - (before.rfind("\n") + 1) + 1,
        message=f"a control character (U+{code:04X}) that YAML does not accept",
        hint="delete it",
    )
