"""Outcomes of tests that are run once and remembered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from prepare.configuration import write_if_changed

Outcomes = Mapping[str, str]


@dataclass(frozen=True)
class KeptOutcomes:
    """A file with outcomes, good for as long as what they depend on has the same key."""

    file: Path
    key: str

    def read(self) -> Optional[Outcomes]:
        """The outcomes; None where there are none for the key."""
        try:
            kept = json.loads(self.file.read_text())
        except (OSError, ValueError):
            return None
        return kept["outcomes"] if kept["key"] == self.key else None

    def write(self, outcomes: Outcomes) -> None:
        kept = {"key": self.key, "outcomes": dict(outcomes)}
        write_if_changed(self.file, json.dumps(kept, indent=1))
