"""The virtual environments of the peers: made from pinned requirements, where they are not there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent

#: Peers that cannot share an environment: Soda pins an old DuckDB, and Spark's pandas is an older one
#: (cuallee also imports pyspark wherever it is installed, which would be charged to it).
NAMES = ("main", "soda", "spark")


def root() -> Path:
    """Where environments lie: $PEERS_ENVIRONMENTS, or beside the caches of this user."""
    default = Path.home() / ".cache" / "karat-peers"
    return Path(os.environ.get("PEERS_ENVIRONMENTS", default))


def python(name: str) -> Path:
    return root() / name / "bin" / "python"


def install(names: Iterable[str] = NAMES) -> None:
    """Makes the environments that are missing, from the registries."""
    for name in names:
        whole = root() / name / "installed"
        if whole.exists():
            continue
        print(f"installing the environment {name}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", root() / name], check=True)
        requirements = FOLDER / "requirements" / f"{name}.txt"
        pip = [python(name), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--requirement", requirements], check=True)
        whole.touch()


@cache
def versions(name: str) -> dict[str, str]:
    """The packages of an environment by their names, in small letters and with hyphens."""
    command = [python(name), "-m", "pip", "--disable-pip-version-check", "list", "--format", "json"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    packages = json.loads(listed)
    return {of["name"].lower().replace("_", "-"): of["version"] for of in packages}
