//! The page of symptoms names the lines of `portcullis check`: each is printed for its cause.

use std::{collections::BTreeSet, fs, path::Path};

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use portcullis_test_database::TestDatabase;

use crate::support::{in_production, portcullis, stderr, stdout};

const JWT: (&str, &str) = ("PORTCULLIS_PLUGINS__JWT__ENABLED", "true");

/// The beginning of a line, or a part of it, and variables that cause it in production.
const CAUSES: [(&str, &[(&str, &str)]); 12] = [
    (
        "note: the trusted origin",
        &[("BETTER_AUTH_TRUSTED_ORIGINS", "https://app.example.org")],
    ),
    (
        "note: the session cookie is",
        &[
            ("BETTER_AUTH_URL", "http://auth.example.com"),
            ("PORTCULLIS_ADVANCED__USE_SECURE_COOKIES", "false"),
            ("PORTCULLIS_ADVANCED__DEFAULT_COOKIE_ATTRIBUTES__SECURE", "true"),
        ],
    ),
    (
        "which needs",
        &[
            (
                "PORTCULLIS_ADVANCED__DEFAULT_COOKIE_ATTRIBUTES__SAME_SITE",
                "none",
            ),
            ("PORTCULLIS_ADVANCED__USE_SECURE_COOKIES", "false"),
        ],
    ),
    (
        "browsers reject such cookies",
        &[
            ("PORTCULLIS_ADVANCED__CROSS_SUB_DOMAIN_COOKIES__ENABLED", "true"),
            (
                "PORTCULLIS_ADVANCED__CROSS_SUB_DOMAIN_COOKIES__DOMAIN",
                "example.org",
            ),
        ],
    ),
    ("session cookie:", &[]),
    (
        "would match nothing",
        &[("BETTER_AUTH_TRUSTED_ORIGINS", "https://app.example.com/")],
    ),
    ("trusted proxies: none", &[]),
    (
        "has no effect without",
        &[("PORTCULLIS_ADVANCED__IP_ADDRESS__IP_ADDRESS_HEADERS", "x-real-ip")],
    ),
    (
        "must be https in production",
        &[("BETTER_AUTH_URL", "http://auth.example.com")],
    ),
    ("JWTs: iss", &[JWT]),
    (
        "note: `plugins.jwt.jwt.issuer`",
        &[
            JWT,
            ("PORTCULLIS_PLUGINS__JWT__JWT__ISSUER", "http://auth.example.com"),
        ],
    ),
    ("is required in production", &[("BETTER_AUTH_URL", "")]),
];

/// Lines about the data in a database, or of development mode.
const OTHERS: [&str; 7] = [
    "clock:",
    "messages: none are sent",
    "queued messages:",
    "that can never sign in",
    "warning: none of",
    "warning: users who cannot sign in",
    "configuration: valid (development mode)",
];

const DATA: &str = r#"
    INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
        VALUES ('1', 'N', 'Ada@example.com', true, now(), now());
    INSERT INTO "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
        VALUES ('1', '1', 'credential', '1', 'md5:unknown', now(), now());
    INSERT INTO "portcullis_message" VALUES ('1', 's', 3, now(), now(), NULL)"#;

/// Returns the texts in the last column of the page.
fn listed() -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/development-and-production.md");
    let text = fs::read_to_string(page).unwrap();
    let rows = text.lines().filter(|line| line.matches(" | ").count() == 3);
    let cells = rows.filter_map(|row| Some(row.trim_end_matches(" |").rsplit_once(" | ")?.1.to_owned()));
    cells
        .filter(|cell| cell.starts_with('`') && cell != "`check` prints")
        .map(|cell| cell.trim_matches(['`', ' ']).to_owned())
        .map(|cell| {
            if cell.starts_with("note: `") {
                cell + "`"
            } else {
                cell
            }
        })
        .collect()
}

#[test]
fn the_page_lists_the_lines_that_are_tested() {
    let tested = CAUSES.iter().map(|(line, _)| *line).chain(OTHERS);
    let tested: BTreeSet<_> = tested.map(str::to_owned).collect();
    assert_eq!(listed(), tested);
}

#[test]
fn the_check_finds_the_causes_in_the_configuration() {
    let directory = tempfile::tempdir().unwrap();
    for (line, variables) in CAUSES {
        let mut program = in_production(directory.path(), "postgres://127.0.0.1:1/none");
        let output = program
            .envs(variables.iter().copied())
            .args(["check", "--offline"])
            .output()
            .unwrap();
        let printed = stdout(&output) + &stderr(&output);
        assert!(printed.contains(line), "{line}: {printed}");
    }
    let output = portcullis(directory.path())
        .args(["check", "--offline"])
        .output()
        .unwrap();
    assert!(stdout(&output).starts_with("configuration: valid (development mode)"));
}

#[test]
fn the_check_finds_the_causes_in_the_database() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut connection = PgConnection::establish(database.url()).unwrap();
    connection.batch_execute(DATA).unwrap();
    let run = |secret: &str, arguments: &[&str]| {
        let mut program = in_production(directory.path(), database.url());
        program.envs([JWT, ("BETTER_AUTH_SECRET", secret)]);
        let output = program.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    run("n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e", &["keys", "rotate"]);
    let printed = run("Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE", &["check"]);
    for line in OTHERS.iter().filter(|line| !line.contains("development")) {
        assert!(printed.contains(line), "{line}: {printed}");
    }
}
