//! A SQL warehouse as the documents describe it, for a few statements whose rows are written here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::mock::{Asked, Mock, Reply};

/// The secrets by which it is asked.
pub(crate) const TOKEN: &str = "dapi-planted-token";
pub(crate) const CLIENT: (&str, &str) = ("planted-client", "planted-client-secret");
/// The header that belongs to the links of results, and the signature in them.
const LINK_KEY: &str = "planted-link-key";
const SIGNATURE: &str = "planted-signature";
/// Every secret that it gives or takes.
pub(crate) const SECRETS: [&str; 5] = [TOKEN, CLIENT.1, "granted-token", LINK_KEY, SIGNATURE];

/// How a warehouse behaves beside the usual. Each number says how many times.
#[derive(Clone, Debug)]
pub(crate) struct Behaviour {
    /// Requests are answered 429.
    pub(crate) throttled: usize,
    /// Statements are told to run when they are asked after.
    pub(crate) running: usize,
    /// The answers to questions after statements are cut off.
    pub(crate) cut: usize,
    /// Tokens are refused that were granted before.
    pub(crate) expired_tokens: usize,
    /// Links to results are refused.
    pub(crate) expired_links: usize,
    /// Results are larger than an answer may be.
    pub(crate) is_large: bool,
    /// Results are cut off.
    pub(crate) is_truncated: bool,
    /// The last row of results is lost.
    pub(crate) loses_a_row: bool,
    /// The statements that judge never end.
    pub(crate) never_ends: bool,
    /// The statements that judge fail so: the code, the message, the SQLSTATE.
    pub(crate) fails: Option<(&'static str, &'static str, &'static str)>,
    /// The expression whose statements fail.
    pub(crate) culprit: Option<&'static str>,
    /// Nothing is pinned to a version.
    pub(crate) has_no_versions: bool,
    /// The zone of the session.
    pub(crate) zone: &'static str,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            throttled: 0,
            running: 1,
            cut: 0,
            expired_tokens: 0,
            expired_links: 0,
            is_large: false,
            is_truncated: false,
            loses_a_row: false,
            never_ends: false,
            fails: None,
            culprit: None,
            has_no_versions: false,
            zone: "Etc/UTC",
        }
    }
}

#[derive(Debug, Default)]
struct State {
    /// The statements, by their ids: the text, the disposition, how often they were asked after, and whether they were cancelled.
    statements: BTreeMap<String, Statement>,
    throttled: usize,
    cut: usize,
    expired_tokens: usize,
    expired_links: usize,
    granted: usize,
    /// How many requests bore the token that was granted last.
    borne: usize,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Statement {
    pub(crate) text: String,
    is_external: bool,
    asked: usize,
    pub(crate) is_cancelled: bool,
}

/// A warehouse, and the store of its results.
pub(crate) struct Service {
    pub(crate) workspace: Mock,
    pub(crate) store: Mock,
    state: Arc<Mutex<State>>,
}

/// What is answered beside statements.
type More = dyn Fn(&Asked) -> Option<Reply> + Send + Sync;

impl Service {
    pub(crate) fn with(behaviour: Behaviour) -> Self {
        Self::and(behaviour, |_| None)
    }

    /// One that answers more than statements.
    pub(crate) fn and(
        behaviour: Behaviour,
        more: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let state = Arc::<Mutex<State>>::default();
        let (of_store, of_results) = (state.clone(), behaviour.clone());
        let store = Mock::answering(move |asked| linked(asked, &of_store, &of_results));
        let (of_workspace, links) = (state.clone(), store.url());
        let more: Box<More> = Box::new(more);
        let workspace = Mock::answering(move |asked| answer(asked, &of_workspace, &behaviour, &links, &more));
        Self { workspace, store, state }
    }

    /// The statements in their order.
    pub(crate) fn statements(&self) -> Vec<Statement> {
        self.state.lock().unwrap().statements.values().cloned().collect()
    }
}

/// The rows of a result.
type Rows = Vec<Vec<Option<String>>>;

/// Why a statement fails: the code, the message and the SQLSTATE.
type Failure = (&'static str, &'static str, &'static str);

fn rows(statement: &str, behaviour: &Behaviour) -> Result<Rows, Failure> {
    let cells =
        |cells: &[&str]| -> Rows { vec![cells.iter().map(|cell| Some((*cell).to_owned())).collect()] };
    if statement.contains("current_timezone()") {
        return Ok(cells(&[behaviour.zone, "2"]));
    }
    if statement.contains("CAST('no number' AS INT)") {
        return Err(("BAD_REQUEST", "[CAST_INVALID_INPUT] it is malformed", "22018"));
    }
    let none = ("BAD_REQUEST", "[TABLE_OR_VIEW_NOT_FOUND] it cannot be found", "42P01");
    if !statement.contains("`main`.`sales`.`orders`") {
        return Err(none);
    }
    if behaviour.has_no_versions
        && (statement.contains("DESCRIBE HISTORY") || statement.contains("VERSION AS OF"))
    {
        return Err(("BAD_REQUEST", "it is no table of Delta", "42000"));
    }
    if statement.starts_with("DESCRIBE HISTORY") {
        let version = |number: &str, time: &str| cells(&[number, time]).remove(0);
        return Ok(vec![version("7", "2026-11-01T00:00:00.000Z"), version("5", "2025-12-01T00:00:00.000Z")]);
    }
    if statement.starts_with("DESCRIBE QUERY") {
        let columns = [
            ("id", "bigint"),
            ("status", "string"),
            ("note", "string collate UTF8_LCASE"),
            ("loaded", "timestamp"),
            ("parts", "array<string>"),
        ];
        return Ok(columns.iter().map(|(name, kind)| cells(&[name, kind]).remove(0)).collect());
    }
    if let Some(failure) = behaviour.fails {
        return Err(failure);
    }
    if behaviour.culprit.is_some_and(|culprit| statement.contains(culprit)) {
        return Err(("BAD_REQUEST", "[ARITHMETIC_OVERFLOW] overflow of \"X\"", "22003"));
    }
    // Failing rows: their keys and values.
    if statement.contains("\nORDER BY 1") {
        return Ok(["3", "4"].iter().map(|id| cells(&[id, "X"]).remove(0)).collect());
    }
    let selected = statement.split("\nFROM").next().unwrap_or_default();
    let of_line = |line: &str| {
        let is_of_status = line.contains("`status`");
        let count = match () {
            () if line.contains("'O'") => "2",
            // No value is null.
            () if line.contains("count(*) - count(") => "0",
            () if line.contains("count(*)") || is_of_status => "4",
            () => "0",
        };
        Some(count.to_owned())
    };
    Ok(vec![selected.split(",\n").map(of_line).collect()])
}

fn answer(asked: &Asked, state: &Mutex<State>, behaviour: &Behaviour, store: &str, more: &More) -> Reply {
    let mut state = state.lock().unwrap();
    if state.throttled < behaviour.throttled {
        state.throttled += 1;
        let headers = vec![("retry-after", "0".to_owned())];
        return Reply {
            headers,
            ..Reply::of(429, json!({"error_code": "REQUEST_LIMIT_EXCEEDED", "message": "slow"}))
        };
    }
    if asked.path == "/oidc/v1/token" {
        return grant(asked, &mut state);
    }
    let bearer = asked.header("authorization").and_then(|by| by.strip_prefix("Bearer ")).unwrap_or_default();
    let granted = format!("granted-token-{}", state.granted);
    if bearer != TOKEN && bearer != granted {
        return Reply::of(
            401,
            json!({"error_code": "401", "message": "Credential was not sent or is not accepted"}),
        );
    }
    state.borne += 1;
    if let Some(reply) = more(asked) {
        return reply;
    }
    let parts: Vec<&str> =
        asked.path.trim_start_matches("/api/2.0/sql/statements").trim_matches('/').split('/').collect();
    match (asked.method.as_str(), parts.as_slice()) {
        ("POST", [""]) => {
            let body = asked.json();
            assert_eq!((&body["warehouse_id"], &body["format"]), (&json!("w1"), &json!("JSON_ARRAY")));
            let id = format!("s-{:04}", state.statements.len());
            let statement = Statement {
                text: body["statement"].as_str().unwrap().to_owned(),
                is_external: body["disposition"] == "EXTERNAL_LINKS",
                ..Statement::default()
            };
            state.statements.insert(id.clone(), statement);
            Reply::ok(json!({"statement_id": id, "status": {"state": "PENDING"}}))
        }
        ("POST", [id, "cancel"]) => {
            state.statements.get_mut(*id).unwrap().is_cancelled = true;
            Reply::ok("{}")
        }
        ("GET", [id, "result", "chunks", index]) => {
            let statement = state.statements[*id].clone();
            let rows = rows(&statement.text, behaviour).unwrap();
            let index: usize = index.parse().unwrap();
            Reply::ok(chunk(id, index, &rows, &statement, store))
        }
        ("GET", [id]) if state.cut < behaviour.cut => {
            state.cut += 1;
            Reply { is_cut: true, ..Reply::ok(json!({"statement_id": id})) }
        }
        // A token of its own is good for some requests.
        ("GET", [id])
            if state.expired_tokens < behaviour.expired_tokens && bearer == granted && state.borne > 3 =>
        {
            state.expired_tokens += 1;
            Reply::of(401, json!({"error_code": "401", "message": format!("the token of {id} has expired")}))
        }
        ("GET", [id]) => {
            let statement = state.statements.get_mut(*id).unwrap();
            statement.asked += 1;
            let judges = statement.text.contains("karat 0");
            let is_running = statement.asked <= behaviour.running || behaviour.never_ends && judges;
            let status = if statement.is_cancelled {
                json!({"state": "CANCELED"})
            } else if is_running {
                json!({"state": "RUNNING"})
            } else {
                return Reply::ok(ended(id, &statement.clone(), behaviour, store));
            };
            Reply::ok(json!({"statement_id": id, "status": status}))
        }
        _ => Reply::of(404, json!({"error_code": "NOT_FOUND", "message": "there is nothing"})),
    }
}

fn grant(asked: &Asked, state: &mut State) -> Reply {
    use base64::Engine as _;
    let (id, secret) = CLIENT;
    let expected = base64::prelude::BASE64_STANDARD.encode(format!("{id}:{secret}"));
    let is_client = asked.header("authorization") == Some(&format!("Basic {expected}"));
    if !is_client || !asked.body.contains("grant_type=client_credentials") {
        return Reply::of(
            401,
            json!({"error": "invalid_client", "error_description": "Client authentication failed"}),
        );
    }
    state.granted += 1;
    state.borne = 0;
    let token = format!("granted-token-{}", state.granted);
    Reply::ok(json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600}))
}

/// A statement that has ended.
fn ended(id: &str, statement: &Statement, behaviour: &Behaviour, store: &str) -> Value {
    let failed = |code: &str, message: &str, state: &str| {
        let error = json!({"error_code": code, "message": message});
        json!({"statement_id": id, "status": {"state": "FAILED", "error": error, "sql_state": state}})
    };
    let rows = match rows(&statement.text, behaviour) {
        Ok(rows) => rows,
        Err((code, message, state)) => return failed(code, message, state),
    };
    if behaviour.is_large && !statement.is_external && !rows.is_empty() {
        return failed(
            "BAD_REQUEST",
            "Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at \
             most 26214400 bytes. Please execute the statement with disposition=EXTERNAL_LINKS if you want to \
             download the full result.",
            "HY000",
        );
    }
    let mut answer = json!({
        "statement_id": id,
        "status": {"state": "SUCCEEDED"},
        "manifest": {
            "format": "JSON_ARRAY",
            "total_row_count": rows.len(),
            "truncated": behaviour.is_truncated && statement.text.contains("karat 0"),
        },
        "result": chunk(id, 0, &rows, statement, store),
    });
    if behaviour.loses_a_row && statement.text.contains("karat 0") {
        answer["manifest"]["total_row_count"] = json!(rows.len() + 1);
    }
    answer
}

/// A part of a result: every row is one of its own.
fn chunk(id: &str, index: usize, rows: &[Vec<Option<String>>], statement: &Statement, store: &str) -> Value {
    let Some(row) = rows.get(index) else { return json!({}) };
    let next = (index + 1 < rows.len()).then_some(index + 1);
    if !statement.is_external {
        let mut chunk = json!({"chunk_index": index, "row_count": 1, "data_array": [row]});
        if let Some(next) = next {
            chunk["next_chunk_index"] = json!(next);
            chunk["next_chunk_internal_link"] =
                json!(format!("/api/2.0/sql/statements/{id}/result/chunks/{next}"));
        }
        return chunk;
    }
    let mut link = json!({
        "chunk_index": index,
        "row_count": 1,
        "external_link": format!("{store}/{id}/{index}?X-Signature={SIGNATURE}"),
        "expiration": "2026-11-30T00:15:00Z",
        "http_headers": {"x-key": LINK_KEY},
    });
    if let Some(next) = next {
        link["next_chunk_index"] = json!(next);
    }
    json!({"external_links": [link]})
}

/// The store of results: it takes its own key, and is told of nobody's login.
fn linked(asked: &Asked, state: &Mutex<State>, behaviour: &Behaviour) -> Reply {
    assert_eq!(asked.header("authorization"), None, "a store is shown no token");
    assert_eq!(asked.header("x-key"), Some(LINK_KEY));
    let mut state = state.lock().unwrap();
    if state.expired_links < behaviour.expired_links {
        state.expired_links += 1;
        return Reply::of(
            403,
            "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
        );
    }
    let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
    let (id, index) = (parts[0], parts[1].parse::<usize>().unwrap());
    let rows = rows(&state.statements[id].text, behaviour).unwrap();
    Reply { after: Duration::from_millis(5), ..Reply::ok(json!([rows[index]])) }
}
