"""A Spark session: the one that runs, or one of our own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SettingsError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

JAVA = 17
"""The oldest Java that Spark 4 runs on."""

_OURS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "200000",
    "spark.sql.ansi.enabled": "true",
}
"""What reading a table needs; set in a session of our own alone."""

_WAY_OUT = "install a Java runtime of version 17 or later (such as openjdk-17-jre-headless)"


def java_missing() -> str:
    """Why no Java is there that Spark can run on; empty where there is one."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not Path(java).is_file():
        where = f"JAVA_HOME ({home}) holds no bin/java" if home else "no java is on PATH"
        return f"the engine spark needs Java, and {where}: {_WAY_OUT}, or take the engine duckdb."
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.SubprocessError) as problem:
        return f"the engine spark needs Java, and {java} does not start ({problem}): {_WAY_OUT}."
    found = re.search(r'version "(\d+)(?:\.(\d+))?', told.stderr + told.stdout)
    version = 0 if found is None else int(found[2] or 0) if found[1] == "1" else int(found[1])
    if version < JAVA:
        return f"the engine spark needs Java {JAVA} or later, and {java} is version {version or 'unknown'}: {_WAY_OUT}."
    return ""


def need_pyspark() -> None:
    """Refuse where the package is not installed."""
    try:
        import pyspark.sql  # noqa: F401
    except ImportError:
        raise SettingsError(
            "the engine spark needs the package pyspark: pip install 'sigmatool[spark]' (and a Java 17 runtime), or "
            "take the engine duckdb."
        ) from None


def session_for(master: str | None) -> tuple[SparkSession, bool]:
    """A session to read a table with, and whether it is ours to stop.

    Where a session runs already it lends its cluster to a sibling, whose settings are its own; nothing of the running
    one is changed. Otherwise one is started.

    Raises
    ------
    SettingsError
        No pyspark, no Java, or a master beside a session that runs.
    """
    need_pyspark()
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession()
    if running is not None:
        if master is not None:
            raise SettingsError(f"a Spark session runs already ({_master(running)}), and is used: leave master out.")
        sibling = running.newSession()
        for name, value in _OURS.items():
            sibling.conf.set(name, value)
        return sibling, False
    missing = java_missing()
    if missing:
        raise SettingsError(missing)
    return _started(master or "local[*]"), True


def _started(master: str) -> SparkSession:
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    local = master.startswith("local")
    settings = {
        **_OURS,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    if local:
        settings |= {
            "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 2)),
        }  # fmt: skip
    builder = SparkSession.builder.master(master).appName("sigmatool screen")
    for name, value in settings.items():
        builder = builder.config(name, value)
    said: list[str] = []
    try:
        with _same_python(local), _silent(said):
            return builder.getOrCreate()
    except Exception as problem:
        known = isinstance(problem, PySparkException | OSError | RuntimeError | ValueError)
        if not known and not type(problem).__module__.startswith("py4j."):
            raise
        why = next((line for line in reversed(said) if "Exception:" in line), first_line(problem))
        raise SettingsError(
            f"no Spark session starts on {master}: {why.split('Exception: ')[-1].rstrip('. ')}."
        ) from None


@contextmanager
def _same_python(local: bool) -> Iterator[None]:
    """Workers on this machine run this very Python, not the first one on PATH."""
    name = "PYSPARK_PYTHON"
    before = os.environ.get(name)
    if local:
        os.environ[name] = sys.executable
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = before


@contextmanager
def _silent(said: list[str]) -> Iterator[None]:
    """What Java prints as it starts, and later beside the errors that it raises, reaches no terminal but ``said``."""
    kept = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            sink.seek(0)
            said += sink.read().decode("utf-8", "replace").splitlines()


def parallel(session: Any) -> int:
    """Tasks that run at once; a guess where the session does not tell."""
    try:
        return max(int(session.sparkContext.defaultParallelism), 1)
    except Exception:  # Spark Connect has no context, and says so by errors of several kinds
        return 32


def _master(session: Any) -> str:
    return str(session.conf.get("spark.master", "its own master"))


def first_line(problem: BaseException) -> str:
    """The sentence of a failure, without the trace of Java behind it.

    Examples
    --------
    >>> first_line(ValueError("[PATH_NOT_FOUND] no such file. \\n\\tat org.apache"))
    '[PATH_NOT_FOUND] no such file'
    """
    lines = str(problem).strip().splitlines() or [type(problem).__name__]
    told = lines[1] if lines[0].startswith("An error occurred while calling") and len(lines) > 1 else lines[0]
    return told.lstrip(": ").rstrip(". ")
