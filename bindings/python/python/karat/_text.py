"""Texts for people."""

from __future__ import annotations

import re


def without_styles(text: str) -> str:
    """Return a text without ANSI styles."""
    return re.sub("\x1b\\[[0-9;]*m", "", text)
