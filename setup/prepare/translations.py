"""The add-ons' terms as Odoo exports them, and the files of their translations.

A .pot holds what each series exports, in the format of 14.0. What only one of them has
comes from Odoo's own fields, which have changed; it is kept for the other's sake. Where the
two call the same field otherwise, what was there first stays, with its translations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import polib

from .checkout import CHECKOUT
from .command import run_logged
from .console import say
from .environment import Environment
from .template_database import database_of, present_addons
from .temporary_database import temporary_database

LANGUAGES = {
    "fr": {"Language-Team": "French", "Plural-Forms": "nplurals=2; plural=n > 1;"},
    "nl": {"Language-Team": "Dutch", "Plural-Forms": "nplurals=2; plural=n != 1;"},
}
# What is the same in another language stands without a translation, as OCA has it.
SAME_WORDS = {
    "fr": {
        "Code",
        "Contact",
        "Correction",
        "Corrections",
        "Date",
        "Description",
        "ID",
        "Logo",
        "Messages",
        "Module",
        "Note",
        "Option",
        "Qweb",
        "Signatures",
        "Total",
        "Type",
        "Validation",
        "Validations",
    },
    "nl": {
        "%(account)s, %(partner)s: %(amount)s credit",
        "Code",
        "Contact",
        "Credit",
        "Factor",
        "Hash",
        "ID",
        "Logo",
        "Module",
        "Qweb",
        "Record",
        "Status",
    },
}
# An example of a pattern, what Python computes the names of files from, and values alone.
NO_WORDS = re.compile(r"\{\d.*\}|object\.name\b.*|(%\(\w+\)s|\W)*")
LEFT_OUT = ("POT-Creation-Date", "PO-Revision-Date")
WIDTH = 78
FIELD_OF_ODOO = re.compile(
    r"model:ir\.model\.fields,\w+:\w+\.field_\w+?__"
    r"(id|display_name|__last_update|(message|activity|my_activity|website_message"
    r"|has_message|is_reevaluation_required|tier_validation_before_write)\w*)$"
)
# What Odoo calls its own models differs too.
RECORD_OF_ONE_SERIES = re.compile(
    r"model:((ir\.cron|mail\.template),name:|ir\.model,name:\w+\.model_(account|mail|res)_)"
)


def template_file(addon: str) -> Path:
    return CHECKOUT / addon / "i18n" / f"{addon}.pot"


def translation_file(addon: str, language: str) -> Path:
    return CHECKOUT / addon / "i18n" / f"{language}.po"


def read(file: Path) -> polib.POFile:
    return polib.pofile(str(file), wrapwidth=WIDTH)


def places(terms: polib.POFile) -> dict[str, set[str]]:
    """Where each term is used, by term; lines are left out, as Odoo does."""
    return {entry.msgid: {place for place, _ in entry.occurrences} for entry in terms}


def is_of_one_series(place: str) -> bool:
    """Whether a term's place may be missing where another series of Odoo runs.

    >>> is_of_one_series(
    ...     "model:ir.model.fields,help:some_addon.field_some_model__message_unread"
    ... )
    True
    >>> is_of_one_series(
    ...     "model:ir.model.fields,help:some_addon.field_some_model__amount"
    ... )
    False
    """
    return bool(FIELD_OF_ODOO.match(place) or RECORD_OF_ONE_SERIES.match(place))


def export(environment: Environment, database: str, addon: str, folder: Path) -> Path:
    """A file with the terms that Odoo finds in an add-on."""
    file = folder / f"{addon}.po"
    run_logged(
        [
            *environment.odoo_command,
            f"--database={database}",
            f"--i18n-export={file}",
            f"--modules={addon}",
            "--stop-after-init",
            "--no-http",
            "--max-cron-threads=0",
        ],
        f"exporting the terms of {addon}",
        environment.logs / f"terms-{addon}.log",
        environment.folder,
        environment.variables,
    )
    return file


def update(addon: str, exported: polib.POFile) -> None:
    """Write an add-on's .pot from what was exported, and bring its translations along.

    They get what is new without a translation, and lose what is gone.
    """
    file = template_file(addon)
    terms = joined(exported, read(file) if file.exists() else [])
    template = polib.POFile(wrapwidth=WIDTH)
    template.header = exported.header
    template.metadata = dict(exported.metadata)
    for name in LEFT_OUT:
        del template.metadata[name]
    template.metadata["Project-Id-Version"] = "Odoo Server"
    template.metadata["Content-Transfer-Encoding"] = "8bit"
    template.extend(terms[term] for term in sorted(terms))
    file.parent.mkdir(exist_ok=True)
    template.save(str(file))
    for language in LANGUAGES:
        bring_along(template, translation_file(addon, language), language)


def joined(
    exported: Iterable[polib.POEntry], former: Iterable[polib.POEntry]
) -> dict[str, polib.POEntry]:
    """What was exported, by term, with what the former .pot has of another series."""
    former = list(former)
    staying = {
        place: entry.msgid
        for entry in former
        for place, _ in entry.occurrences
        if FIELD_OF_ODOO.match(place)
    }
    terms = {}
    for entry in exported:
        entry.occurrences = [
            place
            for place in entry.occurrences
            if staying.get(place[0], entry.msgid) == entry.msgid
        ]
        if entry.occurrences:
            terms[entry.msgid] = with_comment_of_14(entry)
    known = {place for entry in terms.values() for place, _ in entry.occurrences}
    for entry in former:
        kept = [
            place
            for place in entry.occurrences
            if is_of_one_series(place[0]) and place[0] not in known
        ]
        if kept:
            term = terms.setdefault(entry.msgid, entry)
            others = term.occurrences if term is not entry else []
            term.occurrences = sorted({*others, *kept})
    return terms


def with_comment_of_14(entry: polib.POEntry) -> polib.POEntry:
    """The term without the mark by which 16.0 tells Python's from JavaScript's."""
    lines = entry.comment.splitlines()
    entry.comment = "\n".join(line for line in lines if line != "odoo-python")
    return entry


def bring_along(template: polib.POFile, file: Path, language: str) -> None:
    known = {entry.msgid: entry for entry in read(file)} if file.exists() else {}
    translations = polib.POFile(wrapwidth=WIDTH)
    translations.header = template.header
    translations.metadata = {
        **template.metadata,
        "Language": language,
        **LANGUAGES[language],
    }
    for term in template:
        old = known.get(term.msgid)
        translations.append(
            polib.POEntry(
                msgid=term.msgid,
                msgstr=old.msgstr if old and old.msgstr != term.msgid else "",
                occurrences=term.occurrences,
                comment=term.comment,
                flags=sorted({*term.flags, *(old.flags if old else ())}),
            )
        )
    translations.save(str(file))
    missing = untranslated(translations, language)
    say(f"{file.relative_to(CHECKOUT)}: {len(template)} terms, {len(missing)} missing")


def untranslated(translations: polib.POFile, language: str) -> list[str]:
    """The terms without a translation that is meant."""
    return [
        entry.msgid
        for entry in translations
        if "fuzzy" in entry.flags
        or not (
            entry.msgstr
            or entry.msgid in SAME_WORDS[language]
            or NO_WORDS.fullmatch(entry.msgid)
        )
    ]


def main() -> None:
    environment = Environment.prepared()
    for addon in present_addons():
        template = database_of(environment, addon)
        with temporary_database(environment, "terms", template) as database:
            update(addon, read(export(environment, database, addon, environment.logs)))


if __name__ == "__main__":
    main()
