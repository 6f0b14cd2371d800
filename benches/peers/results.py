"""`results.json`: everything that was measured, as it was measured. All text and plots come from it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import environments
import roster


class Results:
    """The measurements, saved after every step, so that an interrupted run goes on."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.all: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}

    def at(self, *path: str) -> dict[str, Any]:
        """The mapping at a path, made where it is missing."""
        place = self.all
        for name in path:
            place = place.setdefault(name, {})
        return place

    def begin(self, part: str, program: str) -> None:
        """Forgets a part that another program was measured for."""
        if self.at("programs").get(part) != program:
            self.all.pop(part, None)
        self.at("programs")[part] = program

    def save(self) -> None:
        begun = self.file.with_suffix(".begun")
        begun.write_text(json.dumps(self.all, indent=1) + "\n")
        begun.replace(self.file)

    def describe(self) -> None:
        """Notes the machine and the versions, as they are now."""
        self.all["machine"] = machine()
        self.all["karat"] = karat()
        self.all["versions"] = {name: environments.versions(name) for name in environments.NAMES}
        self.save()


def machine() -> dict[str, Any]:
    information = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":", 1)[1].strip() for line in information if line.startswith("model name")]
    kib = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "processor": models[0] if models else platform.processor(),
        "processors": len(os.sched_getaffinity(0)),
        "memory_bytes": kib * 1024,
        "kernel": platform.release(),
        "system": _system(),
        "python": platform.python_version(),
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _system() -> str:
    return platform.freedesktop_os_release().get("PRETTY_NAME", "")


@cache
def karat() -> dict[str, str]:
    """What is measured: the binary's version, digest and size, and the checkout's commit."""
    binary = Path(roster.karat())
    git = ["git", "-C", str(environments.FOLDER), "rev-parse", "--short", "HEAD"]
    return {
        "version": _output([str(binary), "--version"]),
        "digest": hashlib.sha256(binary.read_bytes()).hexdigest()[:16],
        "bytes": str(binary.stat().st_size),
        "commit": os.environ.get("KARAT_COMMIT") or _output(git),
    }


@cache
def knows(arguments: tuple[str, ...]) -> bool:
    """Whether karat has all the options among these arguments."""
    told = _output([roster.karat(), "check", "--help"])
    return all(word in told for word in arguments if word.startswith("--"))


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
