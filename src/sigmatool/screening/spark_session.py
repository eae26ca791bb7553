"""The session of Spark that runs, or one of our own; what is missing is said in a sentence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from ..errors import SettingsError


def session_of(master: str | None) -> tuple[Any, bool]:
    """The session that is running, or one of our own."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SettingsError("the engine spark needs PySpark: pip install 'sigmatool[spark]'.") from None
    running = SparkSession.getActiveSession()
    if running is not None:
        if master is not None and master != running.sparkContext.master:
            raise SettingsError(
                f"a Spark session of {running.sparkContext.master} is running: leave master out, or stop it first."
            )
        return running, False
    _check_java()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    where = master or "local[*]"
    builder = SparkSession.builder.master(where).appName("sigmatool screen")
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    if where.startswith("local"):
        settings |= {
            "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": "4", "spark.log.level": "ERROR",
        }  # fmt: skip
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate(), True
    except Exception as problem:
        raise SettingsError(f"Spark does not start at {where}: {str(problem).strip().splitlines()[0]}") from None


def _check_java() -> None:
    """PySpark without Java dies with a trace; this says what to install."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home and Path(home, "bin", "java").exists() else shutil.which("java")
    told = "the engine spark needs Java 17 or newer: install a Java runtime (on Debian openjdk-17-jre-headless)"
    if java is None:
        raise SettingsError(f"{told}, or set JAVA_HOME to it.")
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(\d+)', done.stderr + done.stdout)
    if found is not None and int(found[1]) < 17:
        raise SettingsError(f"{told}; the one at {java} is version {found[1]}.")
