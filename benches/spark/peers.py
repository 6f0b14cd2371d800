"""The 40 checks of benches/lineitem.yml in the way of others, over the same Spark; see run.

    peers.py gx|dqx FOLDER

Each has an environment of its own. Prints how many rules judged them, how many held, and the seconds that took, without
the start of the interpreter and the session.
"""

import datetime
import os
import sys
import time

from pyspark.sql import SparkSession

CHECKS = [
    *(("not_null", name) for name in "order_id part_id supplier_id line_number quantity extended_price".split()),
    ("not_null", "ship_date"),
    ("not_null", "ship_mode"),
    ("between", "order_id", 1, None),
    ("between", "line_number", 1, 7),
    ("between", "quantity", 1, 50),
    ("between", "extended_price", 900, 105_000),
    ("between", "discount", 0, 0.1),
    ("between", "tax", 0, 0.08),
    ("between", "ship_date", datetime.date(1992, 1, 1), datetime.date(1998, 12, 31)),
    ("aggregate", "quantity", "avg", 20, 30),
    ("aggregate", "quantity", "sum", 1, None),
    ("aggregate", "extended_price", "min", 900, None),
    ("aggregate", "extended_price", "max", None, 105_000),
    ("aggregate", "extended_price", "avg", 30_000, 45_000),
    ("aggregate", "extended_price", "stddev", 1, None),
    ("aggregate", "discount", "median", 0.03, 0.07),
    ("aggregate", "ship_date", "max", datetime.date(1998, 1, 1), None),
    ("in_set", "return_flag", ["A", "N", "R"]),
    ("in_set", "line_status", ["F", "O"]),
    ("in_set", "ship_instructions", ["COLLECT COD", "DELIVER IN PERSON", "NONE", "TAKE BACK RETURN"]),
    ("in_set", "ship_mode", ["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"]),
    ("not_in_set", "ship_mode", ["N/A", "TBD"]),
    ("distinct", "return_flag", 3),
    ("distinct", "line_status", 2),
    ("distinct", "ship_mode", 7),
    ("length", "return_flag", 1, 1),
    ("length", "comment", 10, 43),
    ("matches", "comment", "^[ -~]+$"),
    ("not_matches", "comment", "<script"),
    ("unique", "order_id", "line_number"),
    ("rows", "receipt_date > ship_date"),
    ("rows", "extended_price >= 900 * quantity"),
    ("rows", "line_status = 'F' or ship_date > '1995-06-17'"),
    ("rows", "discount <= 0.1 and tax <= 0.08"),
]


def great_expectations(rows):
    """The rules that judged the checks, those that held, and the seconds."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations import expectations as gxe

    aggregates = {
        "avg": gxe.ExpectColumnMeanToBeBetween,
        "sum": gxe.ExpectColumnSumToBeBetween,
        "min": gxe.ExpectColumnMinToBeBetween,
        "max": gxe.ExpectColumnMaxToBeBetween,
        "stddev": gxe.ExpectColumnStdevToBeBetween,
        "median": gxe.ExpectColumnMedianToBeBetween,
    }

    def expectation(check):
        match check:
            case ("not_null", column):
                return gxe.ExpectColumnValuesToNotBeNull(column=column)
            case ("between", column, least, most):
                return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=least, max_value=most)
            case ("aggregate", column, function, least, most):
                return aggregates[function](column=column, min_value=least, max_value=most)
            case ("in_set", column, values):
                return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=values)
            case ("not_in_set", column, values):
                return gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=values)
            case ("distinct", column, number):
                return gxe.ExpectColumnUniqueValueCountToBeBetween(column=column, min_value=number, max_value=number)
            case ("length", column, least, most):
                return gxe.ExpectColumnValueLengthsToBeBetween(column=column, min_value=least, max_value=most)
            case ("matches", column, pattern):
                return gxe.ExpectColumnValuesToMatchRegex(column=column, regex=pattern)
            case ("not_matches", column, pattern):
                return gxe.ExpectColumnValuesToNotMatchRegex(column=column, regex=pattern)
            case ("unique", *columns):
                return gxe.ExpectCompoundColumnsToBeUnique(column_list=columns)
            case ("rows", condition):
                return gxe.UnexpectedRowsExpectation(
                    unexpected_rows_query=f"SELECT * FROM {{batch}} WHERE NOT ({condition})"
                )

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_spark("spark", persist=False).add_dataframe_asset(name="rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": rows})
    suite = gx.ExpectationSuite(name="lineitem", expectations=[expectation(check) for check in CHECKS])
    begun = time.monotonic()
    results = batch.validate(suite, result_format="BASIC").results
    return len(results), sum(bool(result.success) for result in results), time.monotonic() - begun


def dqx(rows):
    """The rules that judged the checks, those that held, and the seconds."""
    from unittest.mock import create_autospec

    from databricks.labs.dqx import check_funcs as of
    from databricks.labs.dqx.engine import DQEngineCore
    from databricks.labs.dqx.rule import DQDatasetRule, DQRowRule
    from databricks.sdk import WorkspaceClient
    from pyspark.sql import functions as F

    def row(function, column=None, **arguments):
        return DQRowRule(check_func=function, column=column, check_func_kwargs=arguments)

    def whole(function, column, **arguments):
        return DQDatasetRule(check_func=function, column=column, check_func_kwargs=arguments)

    def rules(check):
        match check:
            case ("not_null", column):
                return [row(of.is_not_null, column)]
            case ("between", column, least, None):
                return [row(of.is_not_less_than, column, limit=least)]
            case ("between", column, least, most):
                return [row(of.is_in_range, column, min_limit=least, max_limit=most)]
            case ("aggregate", column, function, least, most):
                sides = [(of.is_aggr_not_less_than, least), (of.is_aggr_not_greater_than, most)]
                return [
                    whole(side, column, aggr_type=function, limit=F.lit(limit))
                    for side, limit in sides
                    if limit is not None
                ]
            case ("in_set", column, values):
                # A text would be read as an expression.
                return [row(of.is_in_list, column, allowed=[F.lit(value) for value in values])]
            case ("not_in_set", column, values):
                return [row(of.is_not_in_list, column, forbidden=[F.lit(value) for value in values])]
            case ("distinct", column, number):
                return [whole(of.is_aggr_equal, column, aggr_type="count_distinct", limit=number)]
            case ("length", column, least, most):
                return [row(of.sql_expression, expression=f"length({column}) between {least} and {most}")]
            case ("matches", column, pattern):
                return [row(of.regex_match, column, regex=pattern)]
            case ("not_matches", column, pattern):
                return [row(of.regex_match, column, regex=pattern, negate=True)]
            case ("unique", *columns):
                return [DQDatasetRule(check_func=of.is_unique, columns=columns)]
            case ("rows", condition):
                return [row(of.sql_expression, expression=condition)]

    # What it asks of a workspace is who it is; nothing is judged there.
    engine = DQEngineCore(create_autospec(WorkspaceClient), spark=rows.sparkSession)
    checks = [rule for check in CHECKS for rule in rules(check)]
    begun = time.monotonic()
    failing = engine.get_invalid(engine.apply_checks(rows, checks)).count()
    return len(checks), len(checks) if failing == 0 else 0, time.monotonic() - begun


def main():
    spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
    rows = spark.read.format("delta").load(sys.argv[2])
    rules, held, seconds = {"gx": great_expectations, "dqx": dqx}[sys.argv[1]](rows)
    print(rules, held, f"{seconds:.2f}")


if __name__ == "__main__":
    main()
