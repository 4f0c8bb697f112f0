"""Stamps: small files that say a prepared folder is complete, and what it was made from."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path


def digest(*texts: str) -> str:
    """One hash over texts, that tells ("ab", "c") from ("a", "bc").

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    total = hashlib.sha256()
    for text in texts:
        content = text.encode()
        total.update(b"%d:" % len(content))
        total.update(content)
    return total.hexdigest()


@dataclass(frozen=True)
class Stamp:
    """The stamp of a folder. It is written last, so a folder that was interrupted has none."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / ".complete"

    @property
    def text(self) -> str:
        """What the stamp says the folder was made from, "" where it is not complete."""
        try:
            return self.file.read_text()
        except OSError:
            return ""

    def is_current(self, key: str) -> bool:
        return self.text == key

    def begin(self) -> None:
        """Empty the folder, the stamp first."""
        self.file.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def complete(self, key: str) -> None:
        self.file.write_text(key)
