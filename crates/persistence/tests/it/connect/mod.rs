//! Errors of connections that a server refuses: each states what to do, and contains no host, user or database.

mod tls;

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use portcullis_persistence::{
    DatabaseUrl, DeclaredFields,
    migrations::{MigrateError, inspect},
};
use portcullis_test_database::Server;

/// Roles and databases to which the server refuses connections.
const FIXTURES: &[&str] = &[
    "CREATE ROLE plain LOGIN",
    "CREATE ROLE nologin NOLOGIN",
    "CREATE ROLE limited LOGIN CONNECTION LIMIT 0",
    "CREATE ROLE by_password LOGIN PASSWORD 'right'",
    "CREATE ROLE by_peer LOGIN",
    "CREATE ROLE rejected LOGIN",
    "CREATE ROLE unlisted LOGIN",
    "CREATE DATABASE limited CONNECTION LIMIT 0",
    "CREATE DATABASE closed ALLOW_CONNECTIONS false",
    "CREATE DATABASE guarded",
    "REVOKE CONNECT ON DATABASE guarded FROM PUBLIC",
];

/// A database, a user and a password, and the beginning of the reason why the server refuses them.
const REFUSALS: &[(&str, &str, &str, &str)] = &[
    (
        "missing",
        "postgres",
        "",
        "the database does not exist: create it",
    ),
    ("postgres", "absent", "", "the user does not exist: create it"),
    (
        "postgres",
        "nologin",
        "",
        "the user may not sign in to the server",
    ),
    (
        "postgres",
        "limited",
        "",
        "the user has as many connections as it may",
    ),
    (
        "limited",
        "plain",
        "",
        "the database has as many connections as it may",
    ),
    ("closed", "postgres", "", "the database accepts no connections"),
    ("guarded", "plain", "", "the user may not connect to the database"),
    ("postgres", "by_password", "", "the URL contains no password"),
    (
        "postgres",
        "by_password",
        "wrong",
        "the server rejected the user name or the password",
    ),
    (
        "postgres",
        "by_peer",
        "",
        "the server accepts the user of the URL only from the system user",
    ),
    (
        "postgres",
        "rejected",
        "",
        "pg_hba.conf of the server does not allow this client",
    ),
    (
        "postgres",
        "unlisted",
        "",
        "pg_hba.conf of the server does not allow this client",
    ),
];

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

/// Returns why the connection fails.
fn reason(url: &str) -> &'static str {
    let url = DatabaseUrl::parse(url).unwrap();
    let error = inspect(&url, &DeclaredFields::default()).unwrap_err();
    match error {
        MigrateError::Unreachable(reason) => reason,
        _ => "",
    }
}

fn assert_reason(url: &str, expected: &str) {
    let reason = reason(url);
    assert!(reason.starts_with(expected), "{expected}: {reason}");
}

fn setting(connection: &mut PgConnection, name: &str) -> String {
    let query = sql_query("SELECT current_setting($1) AS \"value\"").bind::<Text, _>(name);
    query.get_result::<Setting>(connection).unwrap().value
}

/// Replaces the rules by which the server accepts clients.
fn set_rules(connection: &mut PgConnection, rules: &[&str]) {
    let file = setting(connection, "hba_file");
    let rows: Vec<_> = rules.iter().map(|rule| format!("('{rule}')")).collect();
    let rows = rows.join(", ");
    connection
        .batch_execute(&format!(
            "COPY (VALUES {rows}) TO '{file}'; SELECT pg_reload_conf()"
        ))
        .unwrap();
}

/// Returns a URL with another user, and a password if it is not empty.
fn as_user(url: &str, user: &str, password: &str) -> String {
    let url = url.replace("user=postgres", &format!("user={user}"));
    if password.is_empty() {
        url
    } else {
        format!("{url}&password={password}")
    }
}

#[test]
fn a_connection_that_the_server_refuses_is_reported_with_what_to_do() {
    let server = Server::start();
    let mut admin = PgConnection::establish(&server.url("postgres")).unwrap();
    for statement in FIXTURES {
        admin.batch_execute(statement).unwrap();
    }
    set_rules(
        &mut admin,
        &[
            "local all postgres,plain,nologin,limited,absent trust",
            "local all by_password scram-sha-256",
            "local all by_peer peer",
            "local all rejected reject",
        ],
    );
    for (database, user, password, expected) in REFUSALS {
        assert_reason(&as_user(&server.url(database), user, password), expected);
    }
    let right = as_user(&server.url("postgres"), "by_password", "right");
    inspect(&DatabaseUrl::parse(&right).unwrap(), &DeclaredFields::default()).unwrap();
}

#[test]
fn a_parameter_that_cannot_be_satisfied_is_reported_with_what_to_do() {
    let server = Server::start();
    for (parameter, expected) in [
        (
            "target_session_attrs=standby",
            "`target_session_attrs` in the URL requires a standby or a read-only server",
        ),
        (
            "target_session_attrs=read-only",
            "`target_session_attrs` in the URL requires a standby or a read-only server",
        ),
        (
            "channel_binding=require",
            "the server does not offer channel binding to this user",
        ),
        (
            "gssencmode=require",
            "GSSAPI encryption, which `gssencmode=require`",
        ),
        (
            "target_session_attrs=other",
            "a parameter of the URL has an invalid value",
        ),
        (
            "connect_timeout=soon",
            "a parameter of the URL has an invalid value",
        ),
    ] {
        assert_reason(&format!("{}&{parameter}", server.url("postgres")), expected);
    }
}

/// Long enough for the end of a rejected attempt on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// Takes a connection as soon as one is free: the server still counts an attempt that it has just rejected.
fn free_connection(url: &str) -> PgConnection {
    let end = Instant::now() + PATIENCE;
    loop {
        match PgConnection::establish(url) {
            Ok(connection) => return connection,
            Err(error) => assert!(Instant::now() < end, "{error}"),
        }
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_server_without_free_connections_is_reported_with_what_to_do() {
    let settings = ["max_connections=4", "superuser_reserved_connections=1"];
    let server = Server::start_with(&settings.map(str::to_owned));
    let url = server.url("postgres");
    let mut connections = vec![PgConnection::establish(&url).unwrap()];
    connections[0].batch_execute("CREATE ROLE plain LOGIN").unwrap();
    let plain = as_user(&url, "plain", "");
    connections.extend((0..2).map(|_| free_connection(&plain)));
    assert_reason(&plain, "the server has as many connections as it may");
    connections.push(free_connection(&url));
    assert_reason(&url, "the server has as many connections as it may");
}

#[test]
fn a_server_that_does_not_answer_or_does_not_run_is_reported_with_what_to_do() {
    let mut server = Server::start();
    let url = server.url("postgres");
    server.freeze();
    assert_reason(&url, "the server did not answer in time");
    server.thaw();
    server.stop();
    assert_reason(&url, "the socket does not exist: start the server");
}

#[test]
fn a_host_that_cannot_be_found_is_reported_with_what_to_do() {
    // No name server is asked for a name with a label that is too long.
    let host = "h".repeat(64);
    assert_reason(
        &format!("postgres://u@{host}.test/d"),
        "the host name cannot be resolved",
    );
}

#[test]
fn a_server_that_is_not_postgresql_is_reported_with_what_to_do() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _request = stream.read(&mut [0; 64]).unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        }
    });
    for mode in ["prefer", "disable"] {
        let url = format!("postgres://u@{address}/d?sslmode={mode}");
        assert_reason(&url, "no PostgreSQL server answers at this host and port");
    }
}
