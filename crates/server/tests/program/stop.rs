use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use nix::sys::signal::Signal;
use portcullis_test_database::TestDatabase;
use tempfile::TempDir;

use crate::support::{Exchange, PATIENCE, Running, UserLock, in_development, wait_until};

const SIGN_IN: &str = r#"{"email":"unknown@example.com","password":"long enough"}"#;

/// A server with a sign-in in flight, which waits for a lock.
struct Busy {
    server: Running,
    exchange: Exchange,
    lock: UserLock,
    _database: TestDatabase,
    _directory: TempDir,
}

impl Busy {
    fn new() -> Self {
        let (directory, database, server) = idle();
        let mut lock = UserLock::take(&database);
        let exchange = server.post("/api/auth/sign-in/email", SIGN_IN);
        lock.wait_for_request();
        Self {
            server,
            exchange,
            lock,
            _database: database,
            _directory: directory,
        }
    }
}

#[test]
fn a_request_in_flight_is_answered_before_the_server_ends() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let mut busy = Busy::new();
        busy.server.signal(signal);
        busy.server.wait_for_line("stopping");
        drop(busy.lock);
        assert_eq!(busy.exchange.answer(), 401);
        assert!(busy.server.wait().success());
    }
}

#[test]
fn a_second_signal_ends_the_server_at_once() {
    let mut busy = Busy::new();
    busy.server.signal(Signal::SIGTERM);
    busy.server.wait_for_line("stopping");
    busy.server.signal(Signal::SIGTERM);
    assert_eq!(busy.exchange.answer(), 0);
    assert_eq!(busy.server.wait().code(), Some(1));
}

/// A server without a request in flight.
fn idle() -> (TempDir, TestDatabase, Running) {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let server = Running::start(&mut in_development(directory.path(), database.url()));
    server.wait_for_status("/health/ready", 200);
    (directory, database, server)
}

/// Sends a request on a connection that is kept alive and returns the answer; empty if none comes.
fn ask(stream: &mut TcpStream, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    let mut answer = String::new();
    let mut buffer = [0; 1024];
    if stream.write_all(request.as_bytes()).is_err() {
        return answer;
    }
    while !answer.ends_with('}') {
        match stream.read(&mut buffer) {
            Ok(length @ 1..) => answer += &String::from_utf8_lossy(buffer.get(..length).unwrap_or_default()),
            _ => return String::new(),
        }
    }
    answer
}

fn connect(server: &Running) -> TcpStream {
    let stream = TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

#[test]
fn a_request_right_after_the_signal_is_answered_and_is_the_last_on_its_connection() {
    let (_directory, _database, mut server) = idle();
    let mut kept = connect(&server);
    let first = ask(&mut kept, "/api/auth/ok");
    assert!(
        first.contains("200 OK") && !first.contains("connection: close"),
        "{first}"
    );

    server.signal(Signal::SIGTERM);
    server.wait_for_line("stopping");
    // In this order: the server accepts no connection after the last open one has closed.
    let mut fresh = connect(&server);
    while {
        let answer = ask(&mut fresh, "/api/auth/ok");
        assert!(answer.contains("200 OK"), "{answer}");
        // The server logs that it stops before it announces the end of connections.
        !answer.contains("connection: close")
    } {}
    let last = ask(&mut kept, "/health/ready");
    assert!(
        last.contains(" 503 ") && last.contains("connection: close"),
        "{last}"
    );
    assert!(server.wait().success());
}

#[test]
fn clients_that_respect_connection_close_lose_no_request() {
    for _ in 0..3 {
        let (_directory, _database, mut server) = idle();
        let answers = Arc::new(AtomicUsize::new(0));
        let clients: Vec<_> = (0..8)
            .map(|_| {
                let (mut stream, answers) = (connect(&server), Arc::clone(&answers));
                thread::spawn(move || {
                    loop {
                        let answer = ask(&mut stream, "/api/auth/ok");
                        answers.fetch_add(1, Ordering::Relaxed);
                        if answer.is_empty() || answer.contains("connection: close") {
                            return answer;
                        }
                    }
                })
            })
            .collect();
        wait_until(|| answers.load(Ordering::Relaxed) >= 100);
        server.signal(Signal::SIGTERM);
        for client in clients {
            let last = client.join().unwrap();
            assert!(last.contains("200 OK"), "a request was lost: {last:?}");
        }
        assert!(server.wait().success());
        assert!(!server.said().contains("ERROR"), "{}", server.said());
    }
}

#[test]
fn a_connection_that_stays_idle_does_not_keep_the_server_from_ending() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_development(directory.path(), database.url());
    // Longer than the test waits for the end.
    let mut server = Running::start(program.env("PORTCULLIS_LIMITS__DRAIN_TIMEOUT", "600"));
    let mut kept = connect(&server);
    assert!(ask(&mut kept, "/api/auth/ok").contains("200 OK"));
    server.signal(Signal::SIGTERM);
    assert!(server.wait().success());
}
