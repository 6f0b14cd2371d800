//! The help of every command.

use super::karat;

fn help(command: &str) -> String {
    let ran = karat().args([command, "--help"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran}");
    ran.stdout
}

#[test]
fn of_karat() {
    let ran = karat().arg("--help").run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(ran.stdout, @r"
    The data-quality gate of the lakehouse: declarative suites, one scan, no silent green.

    Usage: karat [OPTIONS] <COMMAND>

    Commands:
      init         Find data, and begin a project with a draft of a suite for each dataset
      check        Judge data by suites
      inspect      Show what is known of data, without reading its rows
      lint         Find what is wrong with suites, without reading data
      diff         Say which checks of suites have become stronger or weaker
      history      Show the runs that are kept, one check over time, and what has changed
      docs         Build the site of the runs that are kept, or show it
      rows         List all rows that fail, with all their columns and the reasons
      split        Write the rows that pass and those that fail apart, to two tables
      plan         Show what a suite would measure, without measuring it
      profile      Show what data holds: nulls, ranges, frequent values, and what is suspicious
      suggest      Draft a suite from what data hold
      list         List the catalogue of expectations, with the project's own
      explain      Explain an expectation, or what concerns them all
      import       Write a suite of another tool as a suite of karat
      demo         Make a small lakehouse with seeded faults, and check it
      schema       Print the JSON Schema of suites, or of what karat writes
      completions  Print the completions of a shell
      man          Print the manual page, or write those of all commands
      help         Print this message or the help of the given subcommand(s)

    Options:
          --color <WHEN>  When to print in colours [default: auto] [possible values: auto, always,
                          never]
      -h, --help          Print help
      -V, --version       Print version

    Exit codes:
      0    passed under its policy
      1    the gate failed: the data is not as it must be
      2    nothing was judged: bad usage, a suite that does not parse, an empty selection
      3    karat could not tell: data unreadable, or a check could not be evaluated and none failed
      130  interrupted; 143 and 129: ended by SIGTERM or SIGHUP
    ");
    insta::assert_snapshot!(karat().arg("--version").run(), @r"
    exit 0
    --- stdout
    karat [VERSION]
    ");
}

#[test]
fn of_inspect() {
    insta::assert_snapshot!(help("inspect"), @r"
    Show what is known of data, without reading its rows

    Usage: karat inspect [OPTIONS] <URI>

    Arguments:
      <URI>  A dataset of the project by its name, a Delta table, or a file, folder or glob of Parquet,
             CSV, NDJSON or Arrow

    Options:
          --version <N>                  The version of a Delta table
          --timestamp <T>                The version of a Delta table that was current then (RFC 3339)
          --storage-option <NAME=VALUE>  What opens an object store, beside the environment (see `karat
                                         explain sources`); repeatable
          --engine <ENGINE>              What judges the data [default: what karat.yml says, or auto:
                                         the system that holds it, as the URI says] [possible values:
                                         auto, polars, duckdb, postgres, redshift, spark, databricks]
          --duckdb-library <FILE>        The shared library of DuckDB [default: the one that the system
                                         finds by its name]
          --spark <URL>                  The server of Spark Connect, `sc://host:port/;parameter=value`
                                         [default: that of `SPARK_REMOTE`]
          --statement-timeout <SECONDS>  After how many seconds a statement of PostgreSQL, Redshift,
                                         Spark or Databricks is ended [default: never]
          --fetch <ROWS>                 Fetch tables of at most so many rows, to judge here what their
                                         system cannot say exactly [default: fetch nothing]
          --env <NAME>                   The environment, one of those of karat.yml
          --var <NAME=VALUE>             The value of a variable, ${NAME} in suites and karat.yml;
                                         repeatable, and given by `KARAT_VAR_NAME` too
          --format <FORMAT>              How to show it [default: text] [possible values: text, json]
          --color <WHEN>                 When to print in colours [default: auto] [possible values:
                                         auto, always, never]
      -h, --help                         Print help
    ");
}

#[test]
fn of_check() {
    insta::assert_snapshot!(help("check"), @r"
    Judge data by suites

    Usage: karat check [OPTIONS] [SUITE|DIR]...

    Arguments:
      [SUITE|DIR]...  Suites, or folders of suites; - reads one from standard input [default: those of
                      the project]

    Options:
          --layer <LAYER>                Only the suites of a layer: bronze, silver or gold, or one of
                                         the project
          --env <NAME>                   The environment, one of those of karat.yml
          --var <NAME=VALUE>             The value of a variable, ${NAME} in suites and karat.yml;
                                         repeatable, and given by `KARAT_VAR_NAME` too
          --parameter <NAME=VALUE>       A value for a parameter of Great Expectations suites; may be
                                         repeated
          --data <URI>                   The data to judge, instead of the suite's own: a Delta table,
                                         or a file, folder or glob of Parquet, CSV, NDJSON or Arrow
          --version <N>                  The version of a Delta table
          --timestamp <T>                The version of a Delta table that was current then (RFC 3339)
          --storage-option <NAME=VALUE>  What opens an object store, beside the environment (see `karat
                                         explain sources`); repeatable
          --changes <FROM..TO>           Only the rows that these versions of a Delta table inserted or
                                         updated (`3..7`, or `3..`)
          --engine <ENGINE>              What judges the data [default: what karat.yml says, or auto:
                                         the system that holds it, as the URI says] [possible values:
                                         auto, polars, duckdb, postgres, redshift, spark, databricks]
          --duckdb-library <FILE>        The shared library of DuckDB [default: the one that the system
                                         finds by its name]
          --spark <URL>                  The server of Spark Connect, `sc://host:port/;parameter=value`
                                         [default: that of `SPARK_REMOTE`]
          --statement-timeout <SECONDS>  After how many seconds a statement of PostgreSQL, Redshift,
                                         Spark or Databricks is ended [default: never]
          --fetch <ROWS>                 Fetch tables of at most so many rows, to judge here what their
                                         system cannot say exactly [default: fetch nothing]
          --format <FORMAT[=FILE]>       How to show the result, and where, if not on standard output;
                                         repeatable: text, json, html, gx (as Great Expectations would),
                                         junit, sarif, markdown (for a comment), github, gitlab, azure,
                                         or auto: text, and what the build server reads that runs it
                                         (see `karat explain outputs`)
          --gx-result-format <LEVEL>     How much gx tells: BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE (at
                                         most 10,000 failing rows of a check) [default: SUMMARY]
          --index-columns <COLUMN,…>     The columns that name a failing row, instead of the suite's key
          --output <FILE>                Where to write what would go to standard output
          --docs <SITE>                  Add the run to the data docs in a folder, a site to browse (see
                                         `karat explain docs`)
          --history <DIR|delta:URI>      Keep the run in a folder or a Delta table, and say what has
                                         changed since those before (see `karat explain history`)
          --fail-on <VERDICT>            What stops the gates, instead of each layer's policy [possible
                                         values: error, warn]
          --samples <N>                  How many failing rows to show for each check; 0 for none of
                                         any, and no frequent values [default: 10]
          --mask <HOW>                   What stands for values of personal columns (pii) in failing
                                         rows: withhold leaves them out [default], hash shows hashes
                                         with the key of `KARAT_MASK_KEY`, by which rows can be joined
                                         (see `karat explain personal`) [possible values: withhold,
                                         hash]
          --select <NAME>                Only the checks with this id, expectation, column or tag;
                                         repeatable
          --trust <WHOSE>                Which statistics may replace reading rows: log (those of a
                                         Delta table's log, and of footers), footer or none, which reads
                                         every row [default: log]
          --no-vacuous                   Fail a check that had no row to judge
          --stop-on-layer                Skip the layers after one whose gate did not pass
          --memory <SIZE>                How much memory to take at most (see `karat explain memory`):
                                         2GB, 512MiB [default: three quarters of the machine's]
          --now <T>                      The time that counts as now (RFC 3339)
          --threads <N>                  How many threads work at once [default: as many as the machine
                                         or its cgroup has processors]
      -v, --verbose                      Show failing rows
      -q, --quiet                        Show only what did not pass
          --staged <PATH>                Judge the Delta table as it would be with these Parquet files:
                                         a file, folder or glob (see `karat explain publish`)
          --into <TABLE>                 The table to which the staged files are to be appended, instead
                                         of the suite's data
          --publish                      Append the staged files to the table, in one commit, if every
                                         gate lets it through as it would be with them
          --color <WHEN>                 When to print in colours [default: auto] [possible values:
                                         auto, always, never]
      -h, --help                         Print help

    Variables stand for options that are not given: KARAT_DATA=URI for --data URI
    (see `karat explain reference`).
    ");
}

#[test]
fn of_lint() {
    insta::assert_snapshot!(help("lint"), @r"
    Find what is wrong with suites, without reading data

    Usage: karat lint [OPTIONS] [SUITE|DIR]...

    Arguments:
      [SUITE|DIR]...  Suites, or folders of suites; - reads one from standard input [default: those of
                      the project]

    Options:
          --layer <LAYER>                Only the suites of a layer: bronze, silver or gold, or one of
                                         the project
          --env <NAME>                   The environment, one of those of karat.yml
          --var <NAME=VALUE>             The value of a variable, ${NAME} in suites and karat.yml;
                                         repeatable, and given by `KARAT_VAR_NAME` too
          --parameter <NAME=VALUE>       A value for a parameter of Great Expectations suites; may be
                                         repeated
          --data <URI>                   The data to judge, instead of the suite's own: a Delta table,
                                         or a file, folder or glob of Parquet, CSV, NDJSON or Arrow
          --version <N>                  The version of a Delta table
          --timestamp <T>                The version of a Delta table that was current then (RFC 3339)
          --storage-option <NAME=VALUE>  What opens an object store, beside the environment (see `karat
                                         explain sources`); repeatable
          --changes <FROM..TO>           Only the rows that these versions of a Delta table inserted or
                                         updated (`3..7`, or `3..`)
          --engine <ENGINE>              What judges the data [default: what karat.yml says, or auto:
                                         the system that holds it, as the URI says] [possible values:
                                         auto, polars, duckdb, postgres, redshift, spark, databricks]
          --duckdb-library <FILE>        The shared library of DuckDB [default: the one that the system
                                         finds by its name]
          --spark <URL>                  The server of Spark Connect, `sc://host:port/;parameter=value`
                                         [default: that of `SPARK_REMOTE`]
          --statement-timeout <SECONDS>  After how many seconds a statement of PostgreSQL, Redshift,
                                         Spark or Databricks is ended [default: never]
          --fetch <ROWS>                 Fetch tables of at most so many rows, to judge here what their
                                         system cannot say exactly [default: fetch nothing]
          --locked                       Judge by the columns in schema.lock, and open no data
          --update-lock                  Write the columns of the data to schema.lock, beside karat.yml
          --color <WHEN>                 When to print in colours [default: auto] [possible values:
                                         auto, always, never]
      -h, --help                         Print help

    Variables stand for options that are not given: KARAT_DATA=URI for --data URI
    (see `karat explain reference`).
    ");
}

#[test]
fn of_plan() {
    insta::assert_snapshot!(help("plan"), @r"
    Show what a suite would measure, without measuring it

    Usage: karat plan [OPTIONS] <SUITE>

    Arguments:
      <SUITE>  The suite; - reads it from standard input

    Options:
          --parameter <NAME=VALUE>       A value for a parameter of a Great Expectations suite; may be
                                         repeated
          --trust <WHOSE>                Which statistics may replace reading rows: log, footer or none
                                         [default: log]
          --env <NAME>                   The environment, one of those of karat.yml
          --var <NAME=VALUE>             The value of a variable, ${NAME} in suites and karat.yml;
                                         repeatable, and given by `KARAT_VAR_NAME` too
          --data <URI>                   The data to judge, instead of the suite's own: a Delta table,
                                         or a file, folder or glob of Parquet, CSV, NDJSON or Arrow
          --version <N>                  The version of a Delta table
          --timestamp <T>                The version of a Delta table that was current then (RFC 3339)
          --storage-option <NAME=VALUE>  What opens an object store, beside the environment (see `karat
                                         explain sources`); repeatable
          --changes <FROM..TO>           Only the rows that these versions of a Delta table inserted or
                                         updated (`3..7`, or `3..`)
          --engine <ENGINE>              What judges the data [default: what karat.yml says, or auto:
                                         the system that holds it, as the URI says] [possible values:
                                         auto, polars, duckdb, postgres, redshift, spark, databricks]
          --duckdb-library <FILE>        The shared library of DuckDB [default: the one that the system
                                         finds by its name]
          --spark <URL>                  The server of Spark Connect, `sc://host:port/;parameter=value`
                                         [default: that of `SPARK_REMOTE`]
          --statement-timeout <SECONDS>  After how many seconds a statement of PostgreSQL, Redshift,
                                         Spark or Databricks is ended [default: never]
          --fetch <ROWS>                 Fetch tables of at most so many rows, to judge here what their
                                         system cannot say exactly [default: fetch nothing]
          --staged <PATH>                Judge the Delta table as it would be with these Parquet files:
                                         a file, folder or glob (see `karat explain publish`)
          --into <TABLE>                 The table to which the staged files are to be appended, instead
                                         of the suite's data
          --color <WHEN>                 When to print in colours [default: auto] [possible values:
                                         auto, always, never]
      -h, --help                         Print help

    Variables stand for options that are not given: KARAT_DATA=URI for --data URI
    (see `karat explain reference`).
    ");
}

#[test]
fn of_list() {
    insta::assert_snapshot!(help("list"), @r"
    List the catalogue of expectations, with the project's own

    Usage: karat list [OPTIONS]

    Options:
          --format <FORMAT>   How to show it [default: text] [possible values: text, json]
          --env <NAME>        The environment, one of those of karat.yml
          --var <NAME=VALUE>  The value of a variable, ${NAME} in suites and karat.yml; repeatable, and
                              given by `KARAT_VAR_NAME` too
          --color <WHEN>      When to print in colours [default: auto] [possible values: auto, always,
                              never]
      -h, --help              Print help
    ");
}

#[test]
fn of_explain() {
    insta::assert_snapshot!(help("explain"), @r"
    Explain an expectation, or what concerns them all

    Usage: karat explain [OPTIONS] [NAME]

    Arguments:
      [NAME]  An expectation, by its id or its name in Great Expectations, or a topic [default: a list
              of both]

    Options:
          --format <FORMAT>   How to show it [default: text] [possible values: text, json]
          --env <NAME>        The environment, one of those of karat.yml
          --var <NAME=VALUE>  The value of a variable, ${NAME} in suites and karat.yml; repeatable, and
                              given by `KARAT_VAR_NAME` too
          --color <WHEN>      When to print in colours [default: auto] [possible values: auto, always,
                              never]
      -h, --help              Print help
    ");
}

#[test]
fn of_import() {
    insta::assert_snapshot!(help("import"), @r"
    Write a suite of another tool as a suite of karat

    Usage: karat import [OPTIONS] <FROM> <FILE>

    Arguments:
      <FROM>  What the suite is written for [possible values: gx]
      <FILE>  The suite; - reads it from standard input

    Options:
          --output <FILE>  Where karat's suite is written [default: standard output]
          --color <WHEN>   When to print in colours [default: auto] [possible values: auto, always,
                           never]
      -h, --help           Print help
    ");
}

#[test]
fn of_schema() {
    insta::assert_snapshot!(help("schema"), @r"
    Print the JSON Schema of suites, or of what karat writes

    Usage: karat schema [OPTIONS] [OF]

    Arguments:
      [OF]  What it is the schema of: suites or karat.yml, for editors; the report, as `karat check
            --format json` writes it; what inspect, profile or diff prints with `--format json`; the
            first line of a run's file in a history, or the columns of the Delta table of one, as Spark
            reads them [default: suite] [possible values: suite, project, report, inspect, profile,
            diff, history, history-table, site]

    Options:
          --color <WHEN>  When to print in colours [default: auto] [possible values: auto, always,
                          never]
      -h, --help          Print help

    An editor with the YAML language server checks and completes a suite whose first line names the
    schema:
      karat schema > suite.schema.json
      # yaml-language-server: $schema=suite.schema.json
    ");
}

#[test]
fn of_completions() {
    insta::assert_snapshot!(help("completions"), @r"
    Print the completions of a shell

    Usage: karat completions [OPTIONS] <SHELL>

    Arguments:
      <SHELL>  The shell that completes [possible values: bash, elvish, fish, powershell, zsh]

    Options:
          --color <WHEN>  When to print in colours [default: auto] [possible values: auto, always,
                          never]
      -h, --help          Print help

    Where a shell looks for it:
      bash        karat completions bash > ~/.local/share/bash-completion/completions/karat
      zsh         karat completions zsh > a folder of $fpath, as _karat
      fish        karat completions fish > ~/.config/fish/completions/karat.fish
      powershell  karat completions powershell >> $PROFILE
      elvish      karat completions elvish >> ~/.config/elvish/rc.elv
    ");
}

#[test]
fn of_man() {
    insta::assert_snapshot!(help("man"), @r"
    Print the manual page, or write those of all commands

    Usage: karat man [OPTIONS] [DIR]

    Arguments:
      [DIR]  A folder for the pages of all commands [default: the page of karat itself, on standard
             output]

    Options:
          --color <WHEN>  When to print in colours [default: auto] [possible values: auto, always,
                          never]
      -h, --help          Print help
    ");
}

#[test]
fn of_demo() {
    insta::assert_snapshot!(help("demo"), @r#"
    Make a small lakehouse with seeded faults, and check it

    Usage: karat demo [OPTIONS] [DIR]

    Arguments:
      [DIR]  Where to make it; the folder must not hold a lakehouse yet [default: karat-demo]

    Options:
          --color <WHEN>  When to print in colours [default: auto] [possible values: auto, always,
                          never]
      -h, --help          Print help

    The lakehouse is seeded with these faults, and karat must find exactly them:
      bronze/customers name.trimmed                  6  Names end in stray spaces (only a warning).
      bronze/customers email.email                   9  E-mail addresses have no @ (within the tolerance
      of 1 %, so the check passes).
      bronze/customers phone.matches                 8  Phone numbers are cut off.
      bronze/customers nation_id.between             3  Customers belong to nation 99, which does not
      exist.
      bronze/customers account_balance.between       2  Balances are the placeholder 99,999,999.99.
      bronze/customers segment.in_set                5  Market segments are written in lower case.
      bronze/customers _rescued_data.null            2  Records have fields that the table has no column
      for (only a warning).
      bronze/line_items order_id.exists_in           4  Line items belong to an order that does not
      exist.
      bronze/line_items quantity.between             6  Line items are for a quantity of 0.
      bronze/line_items discount.between             4  Discounts are written as 5 instead of 0.05.
      bronze/line_items ship_mode.not_in_set        11  Ship modes are a placeholder: "N/A", "TBD" or
      empty.
      bronze/line_items primary_key.unique           4  Line items were loaded twice; both rows of each
      count.
      bronze/line_items received_after_shipped       5  Line items were received before they were
      shipped.
      bronze/line_items returned_only_if_shipped     3  Line items were returned but are still to be
      shipped.
      bronze/orders customer_id.not_null             5  Orders have no customer.
      bronze/orders customer_id.exists_in            4  Orders belong to a customer who does not exist.
      bronze/orders status.in_set                   12  Orders have a status that does not exist: "X" or
      "?".
      bronze/orders total_price.between              3  Orders have a negative total.
      bronze/orders order_date.matches               6  Dates are written as 03/13/1996.
      bronze/orders priority.trimmed                10  Priorities end in a stray space (only a
      warning).
      bronze/orders clerk.matches                    8  Clerks lost the zeros of their number:
      "Clerk#7".
      bronze/orders comment.length_between           4  Comments are empty (only for information, so the
      check passes).
      bronze/orders primary_key.unique              14  Orders were loaded twice; both rows of each
      count.
      gold/revenue_by_segment order_count.between    5  August 1998 ends after two days, so each of its
      segments has too few orders: a warning, and gold stops on warnings.
    "#);
}
