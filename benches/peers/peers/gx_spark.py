"""Great Expectations on Spark, local on all processors, the JVM's start included."""

from __future__ import annotations

from pathlib import Path

import great_expectations as gx
from pyspark.sql import SparkSession

from checks import Suite
from peers.gx_forms import validate
from peers.program import Answer, serve


def run(suite: Suite, folder: Path, _orders: Path) -> Answer:
    spark = (
        SparkSession.builder.master("local[*]")
        .config("spark.driver.memory", "12g")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.log.level", "ERROR")
        .getOrCreate()
    )
    rows = spark.read.parquet(str(folder)).select(*suite.columns)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_spark("spark", persist=False)
    answer = validate(suite, source, rows)
    spark.stop()
    return answer


if __name__ == "__main__":
    serve(run)
