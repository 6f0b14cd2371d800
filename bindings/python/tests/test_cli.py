"""The command `karat` of the wheel: its exit codes are a contract."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import karat as library

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def test_exit_codes(orders: Path, command: Command) -> None:
    good = orders / "good.yml"
    good.write_text("suite: good\ndata: orders.csv\ncolumns: {order_id: [not_null]}\n")
    codes = {
        0: ["check", "good.yml"],
        1: ["check", "orders.yml"],
        2: ["check", "nothing.yml"],
        3: ["check", "good.yml", "--data", "nothing.csv"],
    }
    assert {code: command(*arguments).returncode for code, arguments in codes.items()} == {c: c for c in codes}


def test_help_and_version(command: Command) -> None:
    said = command("--version")
    assert (said.returncode, said.stdout) == (0, f"karat {library.__version__}\n")
    assert "--data" in command("check", "--help").stdout


def test_the_script_is_installed(orders: Path) -> None:
    script = Path(sys.executable).with_name("karat")
    if not script.exists():
        pytest.skip("the wheel is not installed")
    done = subprocess.run([script, "check", "orders.yml"], capture_output=True, text=True, check=False)
    assert done.returncode == 1


def test_it_starts_anew_within_its_threads_and_memory(orders: Path, command: Command) -> None:
    done = command("check", "orders.yml", "--threads", "1", "--memory", "500MB")
    assert (done.returncode, done.stderr) == (1, "")


def test_the_demo(demo: Path) -> None:
    assert (demo / "docs" / "index.html").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_an_interrupt_ends_it_with_130(orders: Path) -> None:
    # A suite on standard input keeps it waiting.
    started = subprocess.Popen(
        [sys.executable, "-m", "karat", "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(2)
    started.send_signal(signal.SIGINT)
    # Its input is closed only when it has ended: it is no empty suite.
    assert started.wait(timeout=20) == 130
    assert started.communicate()[1] == "interrupted\n"


@pytest.mark.skipif(os.name != "posix", reason="a pipe of POSIX")
def test_a_closed_pipe_is_no_error(orders: Path) -> None:
    shell = f"{sys.executable} -m karat explain reference | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
