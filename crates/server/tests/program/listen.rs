//! The address and the port, from the command line and the environment, and the URLs that are made from them.

use std::{net::TcpListener, path::Path, process::Command};

use portcullis_test_database::TestDatabase;

use crate::support::{Running, portcullis, stderr};

/// Returns a port that is free on every loopback address.
fn free_port() -> u16 {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The program in this folder with this database and its default address.
fn program(directory: &Path, database: &TestDatabase) -> Command {
    let mut command = portcullis(directory);
    command.env("DATABASE_URL", database.url());
    command
}

#[test]
fn the_port_is_that_of_the_command_line_or_of_the_environment() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let port = free_port().to_string();
    let program = || program(directory.path(), &database);
    for command in [
        program().args(["--port", &port]),
        program()
            .args(["--port", &port])
            .env("PORTCULLIS_BIND", "127.0.0.1:1"),
        program().args(["--port", &port]).env("PORT", "1"),
        program()
            .args(["--bind", &format!("127.0.0.1:{port}")])
            .env("PORT", "1"),
        program().env("PORT", &port),
        program().env("PORTCULLIS_PORT", &port),
        program()
            .env("PORTCULLIS_BIND", format!("127.0.0.1:{port}"))
            .env("PORT", "1"),
    ] {
        let server = Running::start(command);
        assert_eq!(
            server.address.to_string(),
            format!("127.0.0.1:{port}"),
            "{command:?}"
        );
        assert_eq!(server.get("/health/live"), 200);
    }
}

#[test]
fn the_base_url_of_development_is_made_from_the_address() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let port = free_port().to_string();
    for (bind, host) in [
        ("127.0.0.1", "localhost"),
        ("127.0.0.2", "127.0.0.2"),
        ("localhost", "localhost"),
    ] {
        let mut command = program(directory.path(), &database);
        let mut server = Running::start(command.args(["--bind", bind, "--port", &port]));
        server.wait_for_line(&format!("http://{host}:{port}/api/auth"));
        server.wait_for_line(&format!("http://{host}:{port}/dev/inbox"));
    }
    let mut command = program(directory.path(), &database);
    command.env("PORTCULLIS_BIND", format!("127.0.0.1:{port}"));
    let mut server = Running::start(command.env("BETTER_AUTH_URL", "http://localhost:8080"));
    server.wait_for_line("http://localhost:8080/api/auth");
}

#[test]
fn an_invalid_option_is_reported_with_its_name() {
    let directory = tempfile::tempdir().unwrap();
    for (arguments, problem) in [
        (
            &["--bind", "example.com"][..],
            "--bind: `bind`: \"example.com\" is neither",
        ),
        (
            &["--bind", "unix:/run/x", "--port", "80"],
            "--port: `bind` contains Unix sockets only",
        ),
        (&["--port", "65536"], "invalid value '65536' for '--port <N>'"),
    ] {
        let output = portcullis(directory.path())
            .arg("check")
            .args(arguments)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(stderr(&output).contains(problem), "{}", stderr(&output));
    }
}
