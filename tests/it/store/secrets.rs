//! A secret is in nothing that karat says or writes, whatever slip brought it there: generated.

use std::path::Path;

use ::karat::source::StorageOptions;

use super::s3::{options, without_files};
use super::{HOLDS, error, orders, parquet_bytes, run_with};
use crate::cli::{Ran, karat};

/// What is planted, as keys look, and the part of it that must not be seen.
const SECRETS: [&str; 3] = ["wJalr/XUtn+K7MDENGbPxRfi", "K7MDENGbPxRfi==", "sv=1&sig=aK7MDENGbPxRfi%3D"];
const CORE: &str = "K7MDENGbPxRfi";

/// The options whose values are secrets.
const SECRET_OPTIONS: [&str; 12] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "azure_client_secret",
    "azure_storage_account_key",
    "azure_storage_sas_token",
    "azure_storage_token",
    "google_service_account_key",
    "secret_access_key",
    "session_token",
    "account_key",
    "proxy_url",
];

/// A name, and it with a slip of the hand: a letter left out, doubled or swapped with the next, at any place.
fn slips(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut slips =
        vec![name.to_owned(), name.to_ascii_uppercase(), name.replace('_', "-"), name.replace('_', ".")];
    for at in 0..letters.len() {
        let (mut without, mut twice, mut swapped) = (letters.clone(), letters.clone(), letters.clone());
        without.remove(at);
        twice.insert(at, letters[at]);
        swapped.swap(at, (at + 1) % letters.len());
        slips.extend([without, twice, swapped].map(|letters| letters.into_iter().collect::<String>()));
    }
    slips
}

/// Numbers by chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

#[test]
fn no_message_of_an_option_repeats_its_value_or_a_secret_for_its_name() {
    let mut tried = 0;
    for name in StorageOptions::names() {
        let all = slips(&name);
        let few = if SECRET_OPTIONS.contains(&name.as_str()) { all.len() } else { 5 };
        for slip in all.into_iter().take(few) {
            for secret in SECRETS {
                for (name, value) in [(slip.as_str(), secret), (secret, slip.as_str())] {
                    if let Err(error) = StorageOptions::default().set(name, value) {
                        let told = format!("{error} {:?} {error:?}", error.help);
                        assert!(
                            !told.to_lowercase().contains(&CORE.to_lowercase()),
                            "{name}={value}: {told}"
                        );
                    }
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 5_000, "{tried}");
}

/// Whatever a text is about, it may be quoted.
#[test]
fn no_text_shows_what_is_given_to_a_secret_option() {
    for name in SECRET_OPTIONS {
        for slip in slips(name) {
            for text in [format!("nothing lies at {slip}={CORE}"), format!("{{{slip}: {CORE}, rows: 1}}")] {
                let shown = ::karat::document::without_credentials(&text);
                assert!(!shown.contains(CORE), "{shown}");
            }
        }
    }
}

/// Where a secret may land: as arguments, as `karat.yml`, as a suite, as a variable.
#[derive(Debug, Default)]
struct Slip {
    arguments: Vec<String>,
    project: Option<String>,
    suite: Option<String>,
    definition: Option<String>,
    variable: Option<(String, String)>,
}

fn arguments(arguments: &[&str]) -> Slip {
    Slip { arguments: arguments.iter().map(ToString::to_string).collect(), ..Slip::default() }
}

fn project(text: String) -> Slip {
    Slip { project: Some(text), ..Slip::default() }
}

fn suite(text: String) -> Slip {
    Slip { suite: Some(text), ..Slip::default() }
}

/// All places for a name and a secret.
fn places(name: &str, secret: &str) -> Vec<Slip> {
    let given = format!("{name}={secret}");
    let columns = "columns: {id: [not_nul]}";
    let mut places = vec![
        arguments(&["--storage-option", &given]),
        arguments(&["--storage-option", &format!("{name}:{secret}")]),
        arguments(&["--storage-option", &format!("{name}: {secret}")]),
        arguments(&["--storage-option", &format!("{secret}={name}")]),
        arguments(&["--storage-option", &format!("{name} {secret}")]),
        arguments(&["--storage-option", name, secret]),
        arguments(&["--storage-option", secret]),
        arguments(&[&format!("--storage-option={given}")]),
        arguments(&[&format!("--storage-optin={given}")]),
        arguments(&["--storage-options", &given]),
        arguments(&[&format!("--{given}")]),
        arguments(&["--data", &given]),
        arguments(&["--parameter", &given]),
        arguments(&[&given]),
        project(format!("storage_options:\n  {name}: {secret}\n")),
        project(format!("storage_options:\n  {name}: '{secret}'\n  {name}: x\n")),
        project(format!("storage_options:\n  {name}={secret}\n")),
        project(format!("storage_options:\n  {name}: \"{secret}\n")),
        project(format!("storage_options:\n  {name}: [{secret}]\n")),
        project(format!("storage_options:\n  - {name}: {secret}\n")),
        project(format!("storage_options:\n\t{name}: {secret}\n")),
        project(format!("storage_options: {{{name}: {secret}, timeout: abc}}\n")),
        project(format!("storage_options: {{{name}: {{value: {secret}}}}}\n")),
        project(format!("storage_options: {secret}\n")),
        project(format!("storage_options: &a {secret}\nlayers: *b\n")),
        project(format!("storage_optoins: {{{name}: {secret}}}\n")),
        project(format!("{name}: {secret}\n")),
        project(format!("{name}={secret}\n")),
        project(format!("{{\"{name}\": \"{secret}\"}}\n")),
        project(format!("layers:\n  gold: {{{name}: {secret}}}\n")),
        project(format!("layers: {{gold: {{fail_on: {secret}}}}}\n")),
        project(format!("{secret}: {{fail_on: x}}\n")),
        project(format!("# {name}: {secret}\nlayers: no\n")),
        suite(format!("suite: s\n{name}: {secret}\ncolumns: {{id: [not_null]}}\n")),
        suite(format!("suite: s\nstorage_options: {{{name}: {secret}}}\ncolumns: {{id: [not_null]}}\n")),
        suite(format!("suite: s\ndata: {given}\ncolumns: {{id: [not_null]}}\n")),
        Slip { variable: Some((name.to_ascii_uppercase(), secret.to_owned())), ..Slip::default() },
    ];
    for url in urls(secret) {
        places.extend([
            arguments(&["--data", &url]),
            arguments(&[&url]),
            arguments(&["--storage-option", &format!("aws_endpoint_url={url}")]),
            arguments(&["--storage-option", &format!("proxy_url={url}")]),
            arguments(&["--version", &url]),
            project(format!("storage_options: {{azure_endpoint: '{url}', timeout: x}}\n")),
            suite(format!("suite: s\ndata: '{url}'\ncolumns: {{id: [not_null]}}\n")),
            suite(format!("{{suite: s, data: '{url}', {columns}}}\n")),
            suite(format!("suite: s\n{columns}\ntable: [row_count_same_as: '{url}', not: '{url}']\n")),
            suite(format!("suite: s\ncolumns: {{id: [exists_in: {{dataset: '{url}', colum: id}}]}}\n")),
            Slip { definition: Some(format!("expectation: mine\nsumary: '{url}'\n")), ..Slip::default() },
            Slip { variable: Some(("AWS_ENDPOINT_URL".to_owned(), url.clone())), ..Slip::default() },
            Slip { variable: Some(("HTTPS_PROXY".to_owned(), url)), ..Slip::default() },
        ]);
    }
    places
}

fn urls(secret: &str) -> Vec<String> {
    // As it is, and as URLs have it.
    let encoded = secret.replace('/', "%2F").replace('=', "%3D").replace('&', "%26");
    let mut urls = Vec::new();
    for secret in [secret, &encoded] {
        urls.extend([
            format!("https://me:{secret}@127.0.0.1:1/x.parquet"),
            format!("http://{secret}@127.0.0.1:1/x.parquet"),
            format!("http://127.0.0.1:1/x.parquet?token={secret}"),
            format!("https://127.0.0.1:1/t#{secret}"),
            format!("s3://me:{secret}@lake/x.parquet"),
            format!("s3://lake/x.parquet?X-Amz-Signature={secret}"),
            format!("az://me:{secret}@lake/x.parquet"),
            format!("abfss://c@a.dfs.core.windows.net/x.parquet?sig={secret}"),
            format!("gs://me:{secret}@lake/x.parquet"),
            format!("ftp://me:{secret}@host/x?sig={secret}"),
            format!("postgres://me:{secret}@127.0.0.1:1/db/public.t?sslmode=disable&connect_timeout=1"),
            format!("postgresql://127.0.0.1:1/db/t?user=me&password={secret}&connect_timeout=1"),
            format!("postgres://me:{secret}@127.0.0.1:no/db/t"),
            format!("postgres://me:{secret}@127.0.0.1:1/db?sslmode={secret}"),
            format!("lake/x.parquet?sv=1&sig={secret}"),
        ]);
    }
    urls
}

/// Every command that may meet it.
const COMMANDS: [&[&str]; 9] = [
    &["check", "s.yml"],
    &["check", "s.yml", "--format", "json"],
    &["check", "s.yml", "--format", "gx"],
    &["check", "s.yml", "--docs", "out", "--output", "out/report.txt"],
    &["check", "s.yml", "--history", "out"],
    &["lint", "s.yml"],
    &["plan", "s.yml"],
    &["inspect", "--format", "json"],
    &["import", "gx", "s.yml"],
];

fn run(folder: &Path, slip: &Slip, command: &[&str]) -> Ran {
    let write = |name: &str, text: Option<&String>, otherwise: Option<&str>| {
        let path = folder.join(name);
        match text.map(String::as_str).or(otherwise) {
            Some(text) => std::fs::write(path, text).unwrap(),
            None => drop(std::fs::remove_file(path)),
        }
    };
    write("karat.yml", slip.project.as_ref(), None);
    write("s.yml", slip.suite.as_ref(), Some(HOLDS));
    write("expectations/mine.yml", slip.definition.as_ref(), None);
    let _ = std::fs::remove_dir_all(folder.join("out"));
    let mut karat = without_files(karat())
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")
        .env("AZURE_MSI_ENDPOINT", "http://127.0.0.1:1")
        .env("GCE_METADATA_HOST", "127.0.0.1:1")
        .env("GCE_METADATA_IP", "127.0.0.1:1")
        .env("ALL_PROXY", "http://127.0.0.1:1");
    if let Some((name, value)) = &slip.variable {
        karat = karat.env(name, value);
    }
    let mut arguments: Vec<&str> = command.to_vec();
    if !slip.arguments.iter().any(|argument| argument == "--data")
        && slip.suite.is_none()
        && command[0] == "check"
    {
        arguments.extend(["--data", "s3://lake/x.parquet"]);
    }
    match slip.arguments.as_slice() {
        [flag, place] if command[0] == "inspect" && flag == "--data" => arguments.push(place),
        given => arguments.extend(given.iter().map(String::as_str)),
    }
    if command[0] == "inspect" && !slip.arguments.iter().any(|argument| argument == "--data") {
        arguments.push("s3://lake/x.parquet");
    }
    if command[0] != "import" {
        arguments.extend(["--storage-option", "max_retries=0", "--storage-option", "connect_timeout=1s"]);
    }
    karat.args(arguments).in_dir(folder).run()
}

/// Whether a secret is in what was said, or in a file that was written.
fn leaks(ran: &Ran, folder: &Path) -> Option<String> {
    let mut told = vec![ran.stdout.clone(), ran.stderr.clone()];
    let mut folders = vec![folder.join("out")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                told.push(String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
            }
        }
    }
    told.into_iter().find(|text| text.to_lowercase().contains(&CORE.to_lowercase()))
}

#[test]
fn no_output_holds_a_planted_secret() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("expectations")).unwrap();
    std::fs::write(folder.path().join("x.parquet"), parquet_bytes(orders())).unwrap();
    let rounds = std::env::var("KARAT_SECRETS").map_or(1, |rounds| rounds.parse().unwrap());
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let (mut tried, mut found) = (0, Vec::new());
    for _ in 0..rounds {
        for place in 0..places("x", "y").len() {
            let option = *chance.of(&SECRET_OPTIONS);
            let name = chance.of(&slips(option)).clone();
            let secret = *chance.of(&SECRETS);
            let slip = &places(&name, secret)[place];
            let command = *chance.of(&COMMANDS);
            let ran = run(folder.path(), slip, command);
            tried += 1;
            if ran.stderr.contains("panicked") || leaks(&ran, folder.path()).is_some() {
                found.push(format!("{command:?} {slip:?}\n{ran}"));
            }
        }
    }
    assert!(found.is_empty(), "{} of {tried}:\n{}", found.len(), found.join("\n\n"));
}

#[test]
fn no_error_of_a_store_holds_what_opened_it() {
    // In-process, with every kind of secret that is accepted.
    for (uri, given) in [
        ("s3://lake/x", vec![("aws_access_key_id", SECRETS[0]), ("aws_secret_access_key", SECRETS[0])]),
        ("az://lake/x", vec![("azure_storage_account_name", "a"), ("azure_storage_sas_token", SECRETS[2])]),
        ("az://lake/x", vec![("azure_storage_account_name", "a"), ("azure_storage_token", SECRETS[1])]),
        ("gs://lake/x", vec![("google_service_account_key", "{\"private_key\": \"K7MDENGbPxRfi\"}")]),
    ] {
        let nobody = "http://127.0.0.1:1";
        let more = [
            ("aws_endpoint_url", nobody),
            ("azure_endpoint", nobody),
            ("google_base_url", nobody),
            ("allow_http", "true"),
            ("max_retries", "0"),
        ];
        let message = error(&run_with(HOLDS, uri, options(&[&given[..], &more].concat())));
        assert!(!message.contains(CORE), "{message}");
    }
}
