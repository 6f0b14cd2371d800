"""Measures a whole process: from fork and exec until it has exited, with all that it started.

Memory is sampled: the resident pages of the process and its descendants, `RssAnon` of
/proc/PID/status being those that no file backs. Linux only.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.01
#: How often the processes that a command started are looked for anew.
TREE_SECONDS = 0.25
PR_SET_CHILD_SUBREAPER = 36
KIB = 1024


@dataclass(frozen=True)
class Limits:
    """What ends a run; that it did is the run's result."""

    seconds: float = 600
    bytes: int = 20_000_000_000


@dataclass
class Measured:
    """One run. Bytes are peaks over the process and its descendants together."""

    wall_seconds: float
    cpu_seconds: float
    rss_bytes: int
    anon_bytes: int
    exit: int
    #: "done", "out of memory" or "out of time".
    outcome: str
    stderr: str


def measure(command: list[str], cwd: Path, environment: dict[str, str], log: Path, limits: Limits) -> Measured:
    """Runs a command to its end and reaps what it leaves behind."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            peaks, outcome = watch(process.pid, start, limits)
        except BaseException:
            kill(tree(process.pid))
            raise
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    for orphan in reap():
        cpu += orphan.ru_utime + orphan.ru_stime
    return Measured(
        wall_seconds=wall,
        cpu_seconds=cpu,
        rss_bytes=peaks[0],
        anon_bytes=peaks[1],
        exit=process.returncode,
        outcome=outcome,
        stderr=log.read_text(errors="replace")[-4000:] if process.returncode else "",
    )


def watch(pid: int, start: float, limits: Limits) -> tuple[tuple[int, int], str]:
    """Samples until the process ends or exceeds a limit, in which case it is killed."""
    ended = select.poll()
    descriptor = os.pidfd_open(pid)
    ended.register(descriptor, select.POLLIN)
    rss, anon, outcome = 0, 0, "done"
    pids, looked = [pid], start
    while not ended.poll(SAMPLE_SECONDS * 1000):
        now = time.perf_counter()
        if now - looked > TREE_SECONDS:
            pids, looked = tree(pid), now
        sampled = [memory(each) for each in pids]
        total = sum(of[0] for of in sampled)
        rss = max(rss, total, *(of[1] for of in sampled))
        anon = max(anon, sum(of[2] for of in sampled))
        if total > limits.bytes or now - start > limits.seconds:
            outcome = "out of memory" if total > limits.bytes else "out of time"
            kill(tree(pid))
            break
    os.close(descriptor)
    return (rss, anon), outcome


#: Resident pages now and at their peak, and those that no file backs. Not the peak of `wait4`, which
#: counts the pages of this process, from which the other one was forked.
FIELDS = ("VmRSS", "VmHWM", "RssAnon")


def memory(pid: int) -> tuple[int, ...]:
    """The bytes of `FIELDS` of a process; zeros when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return (0, 0, 0)
    told = dict(line.split(":", 1) for line in lines if line.startswith(FIELDS))
    return tuple(int(told.get(name, "0 kB").split()[0]) * KIB for name in FIELDS)


def tree(root: int) -> list[int]:
    """A process and its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(entry))
    found = [root]
    for pid in found:
        found += parents.get(pid, [])
    return found


def reap() -> list:  # list[resource.struct_rusage]
    """Waits for what the command left running, which became our child; kills it after a while."""
    used, deadline = [], time.perf_counter() + 10
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return used
        if pid:
            used.append(usage)
        elif time.perf_counter() > deadline:
            kill(tree(os.getpid())[1:])
            deadline += 10
        else:
            time.sleep(0.02)


def kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
