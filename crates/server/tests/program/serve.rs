use std::{fs, net::TcpListener, path::Path};

use diesel::{Connection, PgConnection, connection::SimpleConnection};
use nix::sys::signal::Signal;
use portcullis_persistence::DatabaseUrl;
use portcullis_test_database::{Server, TestDatabase};

use crate::support::{Running, in_development, in_production, portcullis, stderr};

const SIGN_UP: &str = r#"{"name":"N","email":"n@example.com","password":"long enough"}"#;

#[test]
fn development_migrates_an_empty_database_and_serves() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let mut server = Running::start(&mut in_development(directory.path(), database.url()));
    server.wait_for_line("development mode");
    server.wait_for_line("from `database.url`, migrated");
    for path in ["/health/live", "/health/ready", "/api/auth/ok"] {
        assert_eq!(server.get(path), 200, "{path}");
    }
    assert_eq!(server.post("/api/auth/sign-up/email", SIGN_UP).answer(), 200);
    assert!(directory.path().join(".portcullis/secret").is_file());
}

#[test]
fn development_shows_messages_on_the_console_and_in_the_inbox() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let mut server = Running::start(&mut in_development(directory.path(), database.url()));
    server.wait_for_line("http://localhost:3000/dev/inbox");
    assert_eq!(server.post("/api/auth/sign-up/email", SIGN_UP).answer(), 200);
    let asked = server.post("/api/auth/request-password-reset", r#"{"email":"n@example.com"}"#);
    assert_eq!(asked.answer(), 200);
    server.wait_for_line("reset-password for n@example.com: http://localhost:3000/api/auth/reset-password/");
    assert_eq!(server.get("/dev/inbox"), 200);
}

#[test]
fn without_configuration_a_private_database_is_created_and_stopped_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut program = portcullis(directory.path());
    let mut server = Running::start(program.env("PORTCULLIS_BIND", "127.0.0.1:0"));
    let line = server.wait_for_line("a private PostgreSQL in ");
    let folder = Path::new(line.split_once(" in ").unwrap().1).to_owned();
    let sign_up = server.post("/api/auth/sign-up/email", SIGN_UP).answer();
    server.signal(Signal::SIGTERM);
    let status = server.wait();
    let is_running = fs::read_dir(&folder)
        .unwrap()
        .any(|entry| entry.unwrap().path().join("postmaster.pid").exists());
    fs::remove_dir_all(&folder).unwrap();

    assert_eq!(sign_up, 200);
    assert!(status.success());
    assert!(!is_running);
}

#[test]
fn production_serves_a_current_database() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let server = Running::start(&mut in_production(directory.path(), database.url()));
    assert_eq!(server.get("/health/ready"), 200);
    assert!(!server.greeting.contains("development mode"));
    assert!(!directory.path().join(".portcullis").exists());
}

#[test]
fn the_start_is_one_line_with_the_version_the_mode_and_the_addresses() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let server = Running::start(&mut in_production(directory.path(), database.url()));
    let lines: Vec<_> = server
        .greeting
        .lines()
        .filter(|line| line.contains("listening"))
        .collect();
    let [line] = lines[..] else {
        panic!("expected one line: {}", server.greeting)
    };
    let (_timestamp, line) = line.split_once(r#","level""#).unwrap();
    let (version, address) = (env!("CARGO_PKG_VERSION"), server.address);
    let url = DatabaseUrl::parse(database.url()).unwrap();
    let host = url.hosts().unwrap();
    assert_eq!(
        line,
        format!(r#":"INFO","message":"portcullis {version} listening","mode":"production","#)
            + &format!(
                r#""base_url":"https://auth.example.com","bind":"{address}","database_host":"{host}","#
            )
            + r#""target":"portcullis_server::command::serve"}"#
    );
}

#[test]
fn the_start_logs_each_warning_about_the_configuration() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_production(directory.path(), database.url());
    program.env("BETTER_AUTH_TRUSTED_ORIGINS", "http://app.example.com");
    let server = Running::start(&mut program);
    let warnings: Vec<_> = server
        .greeting
        .lines()
        .filter(|line| line.contains("configuration warning: "))
        .collect();
    assert_eq!(warnings.len(), 2, "{}", server.greeting);
    for (warning, key) in warnings.iter().zip(["trusted_origins", "rate_limit.enabled"]) {
        assert!(
            warning.contains("\"WARN\"") && warning.contains(&format!("`{key}`")),
            "{warning}"
        );
    }
}

#[test]
fn the_inbox_page_can_be_disabled() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let mut program = in_development(directory.path(), database.url());
    let mut server = Running::start(program.env("PORTCULLIS_DEV__INBOX", "false"));
    server.wait_for_line("Ctrl-C stops the server");
    assert!(!server.said().contains("/dev/inbox"), "{}", server.said());
    assert_eq!(server.get("/dev/inbox"), 404);
    assert_eq!(server.post("/api/auth/sign-up/email", SIGN_UP).answer(), 200);
    let asked = server.post("/api/auth/request-password-reset", r#"{"email":"n@example.com"}"#);
    assert_eq!(asked.answer(), 200);
    server.wait_for_line("reset-password for n@example.com: http://localhost:3000/api/auth/reset-password/");
}

#[test]
fn production_does_not_start_if_the_schema_is_behind() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let output = in_production(directory.path(), database.url()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("run `portcullis migrate`"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn production_does_not_start_on_a_database_with_features_that_it_does_not_enforce() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut connection = PgConnection::establish(database.url()).unwrap();
    let banned = r#"
        ALTER TABLE "user" ADD "banned" boolean;
        INSERT INTO "user" ("id", "name", "email", "emailVerified", "banned") VALUES ('u', 'n', 'n@example.com', true, true)
    "#;
    connection.batch_execute(banned).unwrap();
    let output = in_production(directory.path(), database.url()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("some users are banned"),
        "{}",
        stderr(&output)
    );

    let server = Running::start(&mut in_development(directory.path(), database.url()));
    assert_eq!(server.get("/health/ready"), 200);
}

#[test]
fn a_server_that_other_machines_can_reach_does_not_start_without_a_mode() {
    let directory = tempfile::tempdir().unwrap();
    let output = portcullis(directory.path())
        .env("PORTCULLIS_BIND", "0.0.0.0:0")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("`mode` must be set"),
        "{}",
        stderr(&output)
    );
    assert!(!directory.path().join(".portcullis").exists());
}

#[test]
fn an_address_in_use_is_reported_with_the_options_that_change_it() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut program = in_development(directory.path(), database.url());
    program.env("PORTCULLIS_BIND", taken.local_addr().unwrap().to_string());
    let output = program.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let printed = stderr(&output);
    let expected = format!(
        "cannot listen on {}: Address already in use",
        taken.local_addr().unwrap()
    );
    assert!(printed.contains(&expected), "{printed}");
    assert!(
        printed.contains("choose another port with `--port N` (key `port` or `bind`)"),
        "{printed}"
    );
}

#[test]
fn production_waits_for_an_unreachable_database_and_becomes_ready() {
    let directory = tempfile::tempdir().unwrap();
    let mut database = Server::start();
    let url = database.url("postgres");
    let migrated = in_production(directory.path(), &url)
        .arg("migrate")
        .output()
        .unwrap();
    assert!(migrated.status.success());
    database.stop();

    let server = Running::start(&mut in_production(directory.path(), &url));
    assert_eq!(server.get("/health/live"), 200);
    assert_eq!(server.get("/health/ready"), 503);
    database.restart();
    server.wait_for_status("/health/ready", 200);
}

#[test]
fn production_ends_if_the_awaited_database_lacks_the_schema() {
    let directory = tempfile::tempdir().unwrap();
    let mut database = Server::start();
    let url = database.url("postgres");
    database.stop();

    let mut server = Running::start(&mut in_production(directory.path(), &url));
    assert_eq!(server.get("/health/ready"), 503);
    database.restart();
    let line = server.wait_for_line("the schema of the database cannot be used");
    assert!(
        line.contains("ERROR") && line.contains("run `portcullis migrate`"),
        "{line}"
    );
    assert_eq!(server.wait().code(), Some(1));
}
