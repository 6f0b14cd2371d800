"""karat within a process that goes on: interrupts, threads, panics, progress."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import karat

from hostile_stream import NoUtf8


def test_threads_check_at_once(orders: Path) -> None:
    def one(number: int) -> list[str]:
        own = f"suite: s{number}\ncolumns:\n  total: [between: {{min: {number - 4}}}]\n"
        return [check.verdict for _ in range(5) for check in karat.check(own, "orders.csv").checks]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(8)))
    assert found == [["pass"] * 5 if number < 4 else ["fail"] * 5 for number in range(8)]


def test_other_threads_run_meanwhile(orders: Path) -> None:
    counted, stop = 0, threading.Event()

    def count() -> None:
        nonlocal counted
        while not stop.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    before = time.monotonic()
    for _ in range(5):
        karat.check("orders.yml")
    taken = time.monotonic() - before
    stop.set()
    thread.join()
    # With the lock held, it would count once between two checks.
    assert counted > 50, taken


INTERRUPTED = """
import signal, sys, threading, time
import karat

class Endless:
    # A stream that never ends: the rows of a query, say.
    def __arrow_c_stream__(self, requested_schema=None):
        import pyarrow as pa
        def batches():
            while True:
                time.sleep(0.01)
                yield pa.record_batch({"id": [1, 2]})
        schema = pa.schema([("id", pa.int64())])
        return pa.RecordBatchReader.from_batches(schema, batches()).__arrow_c_stream__()

def interrupt():
    global interrupted
    interrupted = time.monotonic()
    signal.raise_signal(signal.SIGINT)

threading.Timer(1.0, interrupt).start()
try:
    karat.check({"suite": "s", "columns": {"id": ["unique"]}}, Endless())
except KeyboardInterrupt:
    # A second is promised of a machine that has time.
    print("interrupted", time.monotonic() - interrupted < 3.0)
print(karat.check({"suite": "s", "table": [{"row_count": {"min": 1}}]}, "orders.csv").passed, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_an_interrupt_is_raised_within_a_second_and_the_interpreter_goes_on(orders: Path) -> None:
    pytest.importorskip("pyarrow")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(INTERRUPTED)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("interrupted True\nTrue\n", 0), done.stderr


STOPPED = """
import signal, threading, time
import pyarrow as pa
import karat

# One query of half a minute or so, over many parts.
rows = 200_000_000
table = pa.table({"n": pa.Array.from_buffers(pa.int8(), rows, [None, pa.py_buffer(bytes(rows))])})
suite = {"suite": "s", "columns": {"n": [{"between": {"min": low}, "id": f"c{low}"} for low in range(-10, 0)]}}
works = [
    lambda: karat.check(suite, table),
    lambda: karat.rows(suite, table),
    lambda: karat.split(suite, table),
    lambda: karat.split(suite, table, valid="valid", quarantine="quarantine"),
    lambda: karat.profile(table),
    lambda: karat.suggest(table),
]
for work in works:
    threading.Timer(1.0, signal.raise_signal, (signal.SIGINT,)).start()
    try:
        work()
    except KeyboardInterrupt:
        raised, idle = time.process_time(), False
        while not idle:
            before = time.process_time()
            time.sleep(0.5)
            idle = time.process_time() - before < 0.02
        # What is left of a build without optimisations is to drop thousands of parts.
        spent = time.process_time() - raised
        print("idle", spent < 8.0 or spent, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_an_interrupt_stops_every_query_too(orders: Path) -> None:
    pytest.importorskip("pyarrow")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(STOPPED)], capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.stdout, done.returncode) == ("idle True\n" * 6, 0), done.stderr
    assert not (orders / "valid").exists()


ENDED = """
import sys, threading, time
import karat

class Slow:
    def __arrow_c_stream__(self, requested_schema=None):
        import pyarrow as pa
        def batches():
            while True:
                time.sleep(0.2)
                yield pa.record_batch({"id": [1, 2]})
        schema = pa.schema([("id", pa.int64())])
        return pa.RecordBatchReader.from_batches(schema, batches()).__arrow_c_stream__()

suite = {"suite": "s", "columns": {"id": ["unique"]}}
threading.Thread(target=karat.check, args=(suite, Slow()), daemon=True).start()
time.sleep(1)
"""


def test_the_interpreter_ends_after_what_still_reads_its_rows() -> None:
    pytest.importorskip("pyarrow")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(ENDED)], capture_output=True, text=True, timeout=60, check=False
    )
    # What the thread comes to, it may still tell.
    assert done.returncode == 0, done.stderr
    assert "Fatal" not in done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_process_is_told_instead_of_waiting_forever(orders: Path) -> None:
    code = """
        import os, karat
        karat.check("orders.yml")
        child = os.fork()
        try:
            karat.check("orders.yml")
            print("judged", flush=True)
        except karat.KaratError as error:
            print(str(error)[:30], flush=True)
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert sorted(done.stdout.splitlines()) == ["judged", "karat was used before this pro"], done.stderr


def test_the_handler_of_signals_is_left_alone(orders: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    karat.check("orders.yml")
    assert signal.getsignal(signal.SIGINT) is before


def test_a_panic_is_an_exception_and_the_interpreter_goes_on(
    orders: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hostile = NoUtf8()
    with pytest.raises(karat.InternalError, match="Utf8Error"):
        karat.check("orders.yml", hostile)
    assert capfd.readouterr().err == ""
    assert karat.check("orders.yml").verdict == "fail"


def test_what_is_no_stream_is_refused(orders: Path) -> None:
    class Wrong:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return object()

    with pytest.raises(TypeError, match="capsule"):
        karat.check("orders.yml", Wrong())
    assert karat.check("orders.yml").verdict == "fail"


def test_progress_is_told_and_stops_the_read(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    for part in range(8):
        pq.write_table(pa.table({"id": range(200_000)}), tmp_path / f"{part}.parquet")
    suite = {"suite": "s", "columns": {"id": ["not_null", {"median": {"max": 1e9}}, {"max": {"max": 1}}]}}
    told: list[tuple[int, int]] = []
    karat.check(suite, str(tmp_path), trust="none", progress=lambda done, total: told.append((done, total)))
    assert all(done <= total for done, total in told)

    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise Enough

    if told:
        with pytest.raises(Enough):
            karat.check(suite, str(tmp_path), trust="none", progress=stop)


def test_importing_takes_no_time() -> None:
    code = "import time; t = time.process_time(); import karat; print(time.process_time() - t)"
    taken = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    )
    # 0.2 s are promised of the released wheel on a machine that does nothing else.
    assert taken < 1.0


def test_nothing_else_is_imported() -> None:
    code = (
        "import sys, karat; print(sorted({'polars', 'pandas', 'pyarrow', 'duckdb', 'airflow', 'dagster', 'prefect', 'pytest'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_runs_show_in_notebooks(orders: Path) -> None:
    run = karat.check(
        {"suite": "<b>orders</b>", "columns": {"status": [{"in_set": ["<script>alert(1)</script>"]}]}}, "orders.csv"
    )
    bundle = run._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html"]
    html = bundle["text/html"]
    assert html == run._repr_html_()
    assert "<script" not in html
    assert "&lt;b&gt;orders" in html
    assert "failing rows" in html
    assert bundle["text/plain"] == str(run)
    assert list(run._repr_mimebundle_(include={"text/plain"})) == ["text/plain"]
    many = {"suite": "many", "columns": {"status": [{"in_set": ["O"], "id": f"c{number}"} for number in range(70)]}}
    shown = karat.check(many, "orders.csv")._repr_html_()
    assert shown.count("<tr>") == 51
    assert "… and 20 more checks: 20 failed" in shown
