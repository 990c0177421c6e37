use std::{thread, time::Duration};

use nix::sys::signal::Signal;
use portcullis_test_database::TestDatabase;
use tempfile::TempDir;

use crate::support::{Exchange, Running, in_development};

const SIGN_IN: &str = r#"{"email":"nobody@example.com","password":"long enough"}"#;

/// A server in which a failing sign-in is under way, which takes three seconds.
fn busy() -> (TempDir, TestDatabase, Running, Exchange) {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_development(directory.path(), database.url());
    let server = Running::start(program.env("PORTCULLIS_PASSWORD__REFUSAL_FLOOR_MILLISECONDS", "3000"));
    server.wait_for_status("/health/ready", 200);
    let exchange = server.post("/api/auth/sign-in/email", SIGN_IN);
    thread::sleep(Duration::from_millis(700));
    (directory, database, server, exchange)
}

#[test]
fn a_request_in_flight_is_answered_before_the_server_ends() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let (_directory, _database, mut server, exchange) = busy();
        server.signal(signal);
        assert_eq!(exchange.answer(), 401);
        assert!(server.wait().success());
    }
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let (_directory, _database, mut server, exchange) = busy();
    server.signal(Signal::SIGTERM);
    server.wait_for_line("stopping");
    server.signal(Signal::SIGTERM);
    assert_eq!(exchange.answer(), 0);
    assert_eq!(server.wait().code(), Some(1));
}
