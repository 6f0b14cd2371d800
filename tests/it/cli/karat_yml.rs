//! `karat.yml`: layers, datasets, variables, environments and defaults.

use super::Project;

const ORDERS: &str = "suite: orders\ndata: orders\ncolumns:\n  status: [not_null]\n";

/// A project with its orders under a name.
fn project(karat_yml: &str) -> Project {
    Project::new().file("karat.yml", karat_yml)
}

#[test]
fn datasets_have_names() {
    let project = project("datasets: {orders: {uri: orders.parquet, layer: silver}, customers: c.parquet}\n")
        .file("suites/orders.yml", ORDERS)
        .file("wrong/typo.yml", &ORDERS.replace("data: orders", "data: ordrs"))
        .file("wrong/layer.yml", &format!("layer: gold\n{ORDERS}"));
    let ran = project.check(&[]);
    assert!(ran.stdout.starts_with("orders  orders.parquet  6 rows in 1 file\n"), "{ran}");
    assert!(ran.stdout.contains("(silver stops on fail and error"), "{ran}");
    assert_eq!(project.check(&["suites/orders.yml", "--data", "orders"]).stdout, ran.stdout);
    insta::assert_snapshot!(project.check(&["wrong"]), @r#"
    exit 2
    --- stderr
    error: the suite is of the layer gold, and its dataset "orders" of silver
     --> wrong/layer.yml:3:7
      |
    3 | data: orders
      |       ^^^^^^
      |
      = help: take the layer out of one of them: of the suite, or of karat.yml

    error: no dataset "ordrs"
     --> wrong/typo.yml:2:7
      |
    2 | data: ordrs
      |       ^^^^^
      |
      = help: did you mean "orders"?
    "#);
}

#[test]
fn layers_have_names_and_an_order_of_their_own() {
    let suite = |name: &str, layer: &str, check: &str| {
        format!("suite: {name}\nlayer: {layer}\ndata: orders.parquet\ncolumns:\n  status: [{check}]\n")
    };
    let project = project("layers: [raw, staging: {fail_on: warn}, mart]\ndefaults: {stop_on_layer: true}\n")
        .file("suites/a.yml", &suite("a", "mart", "{in_set: [O]}"))
        .file("suites/b.yml", &suite("b", "staging", "{not_null: null, severity: warning}"))
        .file("suites/c.yml", &suite("c", "raw", "{distinct_count: {min: 1}}"));
    insta::assert_snapshot!(project.check(&[]), @r"
    exit 1
    --- stdout
    c  orders.parquet  6 rows in 1 file

      ✓ status  distinct_count at least 1  observed 4

    gate PASSED: 1 passed  (raw stops on fail and error; trust footer)  1 scan, [TIME]

    b  orders.parquet  6 rows in 1 file

      ! status  not_null  1 of 6 rows fails (16.7 %); severity warning

    gate FAILED: 1 warned  (staging stops on warn, fail and error; trust footer)  2 scans, [TIME]

    a  orders.parquet

      - status  in_set [O]  an earlier layer did not pass

    gate SKIPPED: 1 skipped  (mart stops on fail and error)

      ✓ c  1 passed
      ✗ b  1 warned
      - a  1 skipped

    FAILED: 1 of 3 gates passed, 1 skipped  [TIME]
    ");
    assert_eq!(project.check(&["--layer", "raw"]).code, 0);
    insta::assert_snapshot!(project.check(&["--layer", "gold"]), @r#"
    exit 2
    --- stderr
    error: no layer "gold": a layer is raw, staging or mart
    "#);
}

#[test]
fn variables_have_values_with_types() {
    let suite = "suite: orders\ndata: ${FILE}.parquet\ncolumns:\n  order_id:\n    - between: {min: \"${LEAST:-1}\"}\n      where: status = ${STATUS} or status = '${STATUS}' or order_id = ${ONE}\n";
    let project = project(
        "variables: {FILE: orders, ONE: 1, STATUS: O}\nenvironments: {dev: {variables: {STATUS: F}}}\n",
    )
    .file("suites/orders.yml", suite);
    let demand = |arguments: &[&str]| {
        let ran = project.check(&[arguments, &["--format", "json"]].concat());
        let report: serde_json::Value =
            serde_json::from_str(&ran.stdout.replace("[TIME]", "0")).unwrap_or_else(|_| panic!("{ran}"));
        let check = &report["suites"][0]["checks"][0];
        (check["where"].as_str().unwrap().to_owned(), check["arguments"]["min"].clone())
    };
    let none: &[&str] = &[];
    assert_eq!(demand(none), ("(status = 'O') OR (status = 'O') OR (order_id = 1)".to_owned(), 1.into()));
    assert_eq!(demand(&["--env", "dev"]).0, "(status = 'F') OR (status = 'F') OR (order_id = 1)");
    assert_eq!(
        demand(&["--env", "dev", "--var", "STATUS=x", "--var", "ONE=-2"]).0,
        "(status = 'x') OR (status = 'x') OR (order_id = (-2))"
    );
    // No value is read as SQL.
    let (injected, _) = demand(&["--var", "STATUS=x' OR '1' = '1"]);
    assert_eq!(
        injected,
        "(status = 'x'' OR ''1'' = ''1') OR (status = 'x'' OR ''1'' = ''1') OR (order_id = 1)"
    );
    assert_eq!(
        demand(&["--var", "ONE=1 OR 1 = 1"]).0,
        "(status = 'O') OR (status = 'O') OR (order_id = '1 OR 1 = 1')"
    );
    assert_eq!(demand(&["--var", "LEAST=\"2\""]).1, "2");
    let of_process = super::karat().args(["check", "--format", "json"]).in_dir(project.path());
    let ran = of_process.env("KARAT_VAR_STATUS", "P").env("KARAT_ENV", "dev").run();
    assert!(ran.stdout.contains("status = 'P'"), "{ran}");
    insta::assert_snapshot!(project.check(&["--env", "prod"]), @r#"
    exit 2
    --- stderr
    error: no environment "prod"
     --> karat.yml:2:15
      |
    2 | environments: {dev: {variables: {******: *}}}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: the environments are dev
    "#);
    insta::assert_snapshot!(project.check(&["--var", "1=2"]), @r#"
    exit 2
    --- stderr
    error: invalid value '1=2' for '--var <NAME=VALUE>': "1" is not the name of a variable: letters, digits and _, as in LAKE

    For more information, try '--help'.
    "#);
}

/// Wherever quotes stand in front of a variable, its value is never read as SQL.
#[test]
fn quotes_in_comments_and_defaults_do_not_let_a_value_out() {
    const VALUE: &str = "X=b OR 1=1";
    for (rows, reads) in [
        ("status <> ${A:-it's} AND status = ${X}", "(status <> 'it''s') AND (status = 'b OR 1=1')"),
        ("amount < 2 /* it's */ AND status = ${X}", "(amount < 2) AND (status = 'b OR 1=1')"),
        ("amount < 2 -- it's\\n AND status = ${X}", "(amount < 2) AND (status = 'b OR 1=1')"),
    ] {
        let suite = format!("suite: s\ndata: orders.parquet\ntable:\n  - rows: \"{rows}\"\n");
        let project = project("").file("orders.yml", &suite);
        let ran = project.check(&["orders.yml", "--var", VALUE, "--format", "json"]);
        assert_eq!(ran.code, 1, "{rows}: {ran}");
        let plan = super::karat().args(["plan", "orders.yml", "--var", VALUE]).in_dir(project.path()).run();
        assert!(plan.stdout.contains("'b OR 1=1'"), "{rows} is not {reads}: {plan}");
    }
    let looked_up = "suite: s\ndata: orders.parquet\ncolumns:\n  order_id:\n    - exists_in: {data: orders.parquet, column: order_id, data_where: \"status = ${X}\"}\n";
    let project = project("").file("orders.yml", looked_up);
    let ran = project.check(&["orders.yml", "--var", VALUE]);
    assert!(ran.code == 1 && ran.stdout.contains("6 of 6 rows fail"), "{ran}");
    let commented = looked_up.replace("status = ${X}", "1 = 1 /* ${X} */");
    let ran = project.file("orders.yml", &commented).check(&["orders.yml", "--var", VALUE]);
    assert!(ran.code == 2 && ran.stderr.contains("within a comment, where no value can be"), "{ran}");
}

#[test]
fn a_variable_without_a_value_is_an_error_at_its_place() {
    let project = project("variables: {LAKE: lake}\n")
        .file("a.yml", "suite: a\ndata: ${LAK}/orders\ncolumns:\n  order_id:\n    - matches: '^a${2}$'\n      where: status = ${OTHER}\n    - in_set: ['$${LAKE}', \"${LAKE}\"]\n      where: \"`a${LAKE}` = 1\"\n");
    insta::assert_snapshot!(project.check(&["a.yml"]), @r#"
    exit 2
    --- stderr
    error: the variable LAK has no value
     --> a.yml:2:7
      |
    2 | data: ${LAK}/orders
      |       ^^^^^^
      |
      = help: did you mean "LAKE"?

    error: the variable OTHER has no value
     --> a.yml:6:23
      |
    6 |       where: status = ${OTHER}
      |                       ^^^^^^^^
      |
      = help: give it with --var OTHER=…, under variables: in karat.yml, or write ${OTHER:-default}

    error: a variable stands within a quoted name, where no value can be
     --> a.yml:8:17
      |
    8 |       where: "`a${LAKE}` = 1"
      |                 ^^^^^^^
    "#);
}

/// Files that are wrong, with what is said of each.
const WRONG: [(&str, &str); 14] = [
    ("datasets: {orders: {url: x}}\n", "a dataset has no \"url\""),
    ("datasets: {orders: {layer: silver}}\n", "\"uri\" is missing"),
    ("datasets: {orders: {uri: x, layer: platinum}}\n", "expected bronze, silver or gold"),
    ("dataset: {}\n", "a project has no \"dataset\""),
    ("layers: [a, a]\n", "a second layer \"a\""),
    ("layers: []\n", "a project has at least one layer"),
    ("layers: {gold: {fails_on: warn}}\n", "a layer has no \"fails_on\""),
    ("environments: {dev: {layers: [a]}}\n", "an environment has no \"layers\""),
    ("variables: {a-b: 1}\n", "is not the name of a variable"),
    ("variables: {a: [1]}\n", "expected a text, a number or a date"),
    ("defaults: {sample: 1}\n", "defaults have no \"sample\""),
    ("defaults: {vacuous: maybe}\n", "expected pass or fail"),
    ("docs: ${SITE}\n", "the variable"),
    ("suites: []\n", "expected a path or a list of paths"),
];

#[test]
fn what_is_wrong_with_the_file_is_told_with_its_place() {
    for (karat_yml, message) in WRONG {
        let project = project(karat_yml)
            .file("suites/orders.yml", "suite: o\ndata: orders.parquet\ncolumns: {status: [not_null]}\n");
        let ran = project.check(&[]);
        assert_eq!(ran.code, 2, "{karat_yml}: {ran}");
        assert!(
            ran.stderr.contains(message) && ran.stderr.contains("--> karat.yml:1:"),
            "{karat_yml}: {ran}"
        );
    }
}

/// What an editor takes is what the reader takes.
#[test]
fn the_schema_for_editors_agrees_with_the_reader() {
    let validator = jsonschema::validator_for(&karat::project::editor_schema()).unwrap();
    let takes = |text: &str| {
        let node = karat::document::parse(text, karat::document::Syntax::Yaml).unwrap();
        validator.is_valid(&node.to_json())
    };
    let page = include_str!("../../../expectations/project.md");
    let examples = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let examples: Vec<&str> = examples.filter(|text| !text.starts_with("suite:")).collect();
    assert_eq!(examples.len(), 3);
    for text in
        examples.iter().copied().chain(["", "layers: [raw, mart: {fail_on: warn}]\n", "suites: [a, b]\n"])
    {
        assert!(takes(text), "the schema refuses {text}");
        let project = project(text)
            .file("suites/orders.yml", "suite: o\ndata: orders.parquet\ncolumns: {status: [not_null]}\n")
            .file("a/o.yml", "suite: o\ndata: orders.parquet\ncolumns: {status: [not_null]}\n");
        assert_ne!(project.check(&["a/o.yml"]).code, 2, "the reader refuses {text}");
    }
    for text in WRONG
        .iter()
        .map(|(text, _)| *text)
        .filter(|text| !text.contains("platinum") && !text.contains("SITE") && !text.contains("[a, a]"))
    {
        assert!(!takes(text), "the schema takes {text}");
    }
}

#[test]
fn a_run_of_the_project_writes_its_docs() {
    let project = project("docs: site\nsuites: [checks]\ndatasets: {orders: orders.parquet}\n")
        .file("checks/orders.yml", ORDERS);
    let ran = project.check(&[]);
    assert!(ran.stderr.contains("docs: site/index.html"), "{ran}");
    assert!(project.path().join("site/index.json").is_file());
    std::fs::remove_dir_all(project.path().join("site")).unwrap();
    project.check(&["checks/orders.yml"]);
    assert!(!project.path().join("site").exists());
}

/// Suites of one dataset read it once, and each says so.
#[test]
fn suites_of_one_dataset_read_it_once() {
    let project = project("datasets: {orders: orders.parquet}\n")
        .file("suites/a.yml", &ORDERS.replace("suite: orders", "suite: a"))
        .file("suites/b.yml", "suite: b\ndata: orders\ncolumns: {order_id: [not_null, unique]}\n");
    insta::assert_snapshot!(project.check(&[]), @r"
    exit 1
    --- stdout
    a  orders.parquet  6 rows in 1 file

      ✗ status  not_null  1 of 6 rows fails (16.7 %)

    gate FAILED: 1 failed  (the gate stops on fail and error; trust footer)  2 scans for 2 suites at once, [TIME]

    b  orders.parquet  6 rows in 1 file

      ✓ order_id  not_null
      ✓ order_id  unique

    gate PASSED: 2 passed  (the gate stops on fail and error; trust footer)  2 scans for 2 suites at once, [TIME]

      ✗ a  1 failed
      ✓ b  2 passed

    FAILED: 1 of 2 gates passed  [TIME]
    ");
}

/// Three layers, eight datasets, twenty suites: a fault in silver stops gold.
#[test]
fn a_project_of_three_layers_runs_by_itself() {
    const LAYERS: [(&str, usize, usize); 3] = [("bronze", 3, 6), ("silver", 3, 8), ("gold", 2, 6)];
    let mut karat_yml = "defaults: {stop_on_layer: true}\ndatasets:\n".to_owned();
    let mut suites = Vec::new();
    for (layer, datasets, of_layer) in LAYERS {
        for number in 0..datasets {
            karat_yml += &format!("  {layer}_{number}: {{uri: {layer}_{number}.parquet, layer: {layer}}}\n");
        }
        for number in 0..of_layer {
            let check = if number % 2 == 0 { "not_null" } else { "{in_set: [O, F]}" };
            let data = number % datasets;
            let text =
                format!("suite: {layer}/{number}\ndata: {layer}_{data}\ncolumns:\n  status: [{check}]\n");
            suites.push((format!("suites/{layer}/{number}.yml"), text));
        }
    }
    let mut project = project(&karat_yml);
    for (path, text) in suites {
        project = project.file(&path, &text);
    }
    let write = |fault: bool| {
        for (layer, datasets, _) in LAYERS {
            for number in 0..datasets {
                let wrong = if fault && (layer, number) == ("silver", 1) { "X" } else { "O" };
                let mut frame = polars::df!["status" => ["O", "F", wrong]].unwrap();
                project.parquet(&format!("{layer}_{number}.parquet"), &mut frame);
            }
        }
    };
    write(false);
    let ran = project.check(&["-q"]);
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("PASSED: 20 of 20 gates passed"), "{ran}");
    write(true);
    let ran = project.check(&["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout.replace("[TIME]", "0")).unwrap();
    let verdicts = |layer: &str| -> Vec<String> {
        let suites = report["suites"].as_array().unwrap().iter();
        let of_layer = suites.filter(|suite| suite["layer"] == layer);
        of_layer.map(|suite| suite["verdict"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ran.code, 1);
    assert_eq!(verdicts("bronze"), ["pass"; 6]);
    assert_eq!(verdicts("silver").iter().filter(|verdict| *verdict == "fail").count(), 2);
    assert_eq!(verdicts("gold"), ["skip"; 6]);
}

/// A suite that cannot be read is an error in every output.
#[test]
fn every_output_tells_of_a_suite_that_cannot_be_read() {
    let project = project("datasets: {orders: orders.parquet}\n")
        .file("suites/good.yml", "suite: good\ndata: orders\ncolumns: {order_id: [not_null]}\n")
        .file("suites/typo.yml", "suite: typo\ndata: orders\ncolumns:\n  order_id: [not_nul]\n");
    for format in ["text", "json", "html", "gx", "junit", "sarif", "markdown", "github", "gitlab", "azure"] {
        let ran = project.check(&["--format", format]);
        assert_eq!(ran.code, 3, "{format}: {ran}");
        let says = ["typo.yml", "cannot be read"].iter().all(|part| ran.stdout.contains(part));
        assert!(says, "{format}: {ran}");
    }
    let report = project.check(&["--format", "json"]).stdout.replace("[TIME]", "0");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["statistics"]["errored"], 1);
    assert_eq!(
        (&report["suites"][1]["verdict"], &report["suites"][1]["checks"][0]["line"]),
        (&"error".into(), &4.into())
    );
}
