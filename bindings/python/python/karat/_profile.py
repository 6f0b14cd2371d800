"""What a table holds."""

from __future__ import annotations

import json
from typing import Any

from karat import _karat
from karat._text import without_styles


class Profile:
    """What the columns of a table hold: nulls, ranges, frequent values, and what is suspicious."""

    __slots__ = ("_profile",)

    def __init__(self, profile: _karat.Profile) -> None:
        self._profile = profile

    def to_json(self) -> str:
        """Return the profile as ``karat profile --format json`` writes it."""
        return self._profile.json()

    def to_dict(self) -> dict[str, Any]:
        """Return the same as dicts and lists."""
        read: dict[str, Any] = json.loads(self.to_json())
        return read

    def html(self) -> str:
        """Return the profile as one page that needs no other file."""
        return self._profile.html()

    def __str__(self) -> str:
        return without_styles(self._profile.text()).rstrip()

    def __repr__(self) -> str:
        of = self.to_dict()
        return f"<karat.Profile: {of['rows']} rows, {len(of['columns'])} columns>"
