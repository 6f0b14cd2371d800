# Databricks notebook source
# MAGIC %md
# MAGIC # A gate between silver and gold
# MAGIC This notebook has not been run on Databricks: karat's own tests have no workspace. What it calls of karat is tested elsewhere.

# COMMAND ----------

# MAGIC %pip install karat-dq

# COMMAND ----------

import karat

dbutils.widgets.text("table", "main.silver.orders")
dbutils.widgets.text("suite", "/Workspace/Shared/suites/silver/orders.yml")

# COMMAND ----------

# MAGIC %md
# MAGIC By its name in Unity Catalog: karat reads the table's log and files itself, with credentials that the catalog lends for a time. With
# MAGIC `DATABRICKS_WAREHOUSE_ID`, what may not be read that way (views, row filters, masks) is judged by that SQL warehouse.

# COMMAND ----------

import os

context = dbutils.notebook.entry_point.getDbutils().notebook().getContext()
os.environ.setdefault("DATABRICKS_HOST", context.apiUrl().get())
os.environ.setdefault("DATABRICKS_TOKEN", context.apiToken().get())
run = karat.check(
    dbutils.widgets.get("suite"),
    f"uc://{dbutils.widgets.get('table')}",
    progress=lambda done, total: print(f"{done / max(total, 1):.0%}", end="\r"),
)
displayHTML(run.html())

# COMMAND ----------

# MAGIC %md
# MAGIC Or by its place: karat reads the table's log itself, proves what its statistics prove, names the version, and keeps within its memory.
# MAGIC The credentials of the object store come from a secret scope; an external location that the cluster may not list is refused.

# COMMAND ----------

location = spark.sql(f"DESCRIBE DETAIL {dbutils.widgets.get('table')}").first()["location"]
run = karat.check(
    dbutils.widgets.get("suite"),
    location.replace("abfss://", "abfs://").replace("dbfs:/", "/dbfs/"),
    storage_options={"azure_storage_sas_key": dbutils.secrets.get("lake", "sas")},
)
displayHTML(run.html())

# COMMAND ----------

# MAGIC %md
# MAGIC Or by the rows of a frame, all of which come to the driver: for what is small, or no table.

# COMMAND ----------

frame = spark.table(dbutils.widgets.get("table")).limit(100_000)
of_frame = karat.check(dbutils.widgets.get("suite"), frame)
displayHTML(of_frame.html())

# COMMAND ----------

# What follows in the job can ask for these; a failed gate fails the task.
dbutils.jobs.taskValues.set(key="karat_verdict", value=run.verdict)
dbutils.jobs.taskValues.set(key="karat_failures", value=[failure.check for failure in run.failures()][:50])
run.raise_for_status()
