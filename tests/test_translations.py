"""French and Dutch are complete, and say what the add-ons say today."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Union

import pytest

from prepare.checkout import ALL_ADDONS, CHECKOUT
from prepare.environment import Environment
from prepare.template_database import database_of
from prepare.temporary_database import temporary_database
from prepare.translations import (
    LANGUAGES,
    export,
    is_of_one_series,
    places,
    read,
    template_file,
    translation_file,
    untranslated,
)

UPDATE = "run setup/translations, and translate what is new"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z]|</?\w+[^<>]*>")
Frame = Union[
    ast.FunctionDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
]
FRAMES = Frame.__args__  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_template_is_current(
    addon: str, environment: Environment, tmp_path: Path
) -> None:
    """What Odoo exports is in the .pot, and nothing else but what another series has."""
    template = database_of(environment, addon)
    with temporary_database(environment, "terms", template) as database:
        exported = places(read(export(environment, database, addon, tmp_path)))
    kept = places(read(template_file(addon)))
    named = {place for some in kept.values() for place in some}
    for term in sorted(exported.keys() | kept.keys()):
        missing = exported.get(term, set()) - kept.get(term, set())
        # the other series may call it otherwise
        missing -= {place for place in named if is_of_one_series(place)}
        gone = kept.get(term, set()) - exported.get(term, set())
        gone = {place for place in gone if not is_of_one_series(place)}
        assert not missing, f"{term!r} is new or is used elsewhere: {UPDATE}"
        assert not gone, f"{term!r} is gone or is used elsewhere: {UPDATE}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_every_term_is_translated(addon: str, language: str) -> None:
    """None is missing and none is gone, and each is loaded where it is used."""
    translation = read(translation_file(addon, language))
    assert places(translation) == places(read(template_file(addon))), UPDATE
    assert not translation.obsolete_entries()
    assert untranslated(translation, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_what_stands_in_a_term_is_kept(addon: str, language: str) -> None:
    """Names, numbers, elements and spaces around; a name may be said more often."""
    for entry in read(translation_file(addon, language)).translated_entries():
        expected, found = (
            sorted(set(PLACEHOLDER.findall(text)))
            for text in (entry.msgid, entry.msgstr)
        )
        assert found == expected, entry.msgid
        if "%s" in entry.msgid:
            assert entry.msgstr.count("%s") == entry.msgid.count("%s"), entry.msgid
        for end in (0, -1):
            is_space = entry.msgid[end].isspace()
            assert entry.msgstr[end].isspace() == is_space, entry.msgid


@pytest.mark.parametrize("addon", ALL_ADDONS)
def test_odoo_can_tell_the_language(addon: str) -> None:
    """Each `_(...)` stands in a frame that knows `self`: Odoo finds the language by it.

    A comprehension is a frame of its own. Without `self` in it a job, which has nobody's
    web request to look at, would speak English.
    """
    found = [
        f"{file.relative_to(CHECKOUT)}:{line}"
        for file in sorted((CHECKOUT / addon).rglob("*.py"))
        if "tests" not in file.parts
        for line in lines_without_self(ast.parse(file.read_text()))
    ]
    assert not found


def lines_without_self(tree: ast.Module) -> list[int]:
    """The lines of calls of `_` whose frame has no `self`.

    >>> lines_without_self(ast.parse("def f(self): return [_('a') for b in self]"))
    [1]
    >>> lines_without_self(ast.parse("def f(self): return [self.g(_('a')) for b in c]"))
    []
    >>> lines_without_self(ast.parse("def f(self): return [b for b in _('a')]"))
    []
    """
    return [
        node.lineno
        for node, frame in nodes_with_frames(tree, None)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_"
        and not (frame and knows_self(frame))
    ]


def nodes_with_frames(
    node: ast.AST, frame: Frame | None
) -> Iterator[tuple[ast.AST, Frame | None]]:
    """All nodes below one, each with the function or comprehension that it runs in."""
    yield node, frame
    outside = outer_part(node)
    for child in ast.iter_child_nodes(node):
        inner = node if isinstance(node, FRAMES) else frame
        if isinstance(child, ast.comprehension) and child.iter is outside:
            yield from nodes_with_frames(child.iter, frame)
            for part in (child.target, *child.ifs):
                yield from nodes_with_frames(part, inner)
        else:
            yield from nodes_with_frames(child, inner)


def outer_part(node: ast.AST) -> ast.AST | None:
    """What a comprehension goes through first: its outer frame evaluates that."""
    generators = getattr(node, "generators", None)
    return generators[0].iter if generators else None


def knows_self(frame: Frame) -> bool:
    """Whether `self` is an argument, or a name that the frame uses."""
    if isinstance(frame, ast.FunctionDef):
        if any(argument.arg == "self" for argument in frame.args.args):
            return True
    outside = outer_part(frame)
    skipped = set(ast.walk(outside)) if outside else set()
    return any(
        isinstance(node, ast.Name) and node.id == "self"
        for node in ast.walk(frame)
        if node not in skipped
    )
