//! A standard error that is a pipe without a reader.

use std::{
    io::{BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    path::PathBuf,
    process::{Child, ChildStderr, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use portcullis_test_database::TestDatabase;
use tempfile::TempDir;

use crate::support::{PATIENCE, in_production, stderr, stdout};

/// Number of requests at the level `trace` whose lines are several times as long as the pipe and the buffer together.
const MANY: usize = 20_000;
/// Number of requests that are sent before their answers are read.
const AT_A_TIME: usize = 100;

/// A server whose standard error is a pipe that the test reads when it wants.
struct Unread {
    child: Child,
    socket: PathBuf,
    log: Option<ChildStderr>,
    _database: TestDatabase,
    _directory: TempDir,
}

impl Unread {
    fn start() -> Self {
        let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
        let socket = directory.path().join("socket");
        let mut child = in_production(directory.path(), database.url())
            .env("PORTCULLIS_BIND", format!("unix:{}", socket.display()))
            .env("PORTCULLIS_LOG__LEVEL", "trace")
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = child.stderr.take();
        let server = Self {
            child,
            socket,
            log,
            _database: database,
            _directory: directory,
        };
        let end = Instant::now() + PATIENCE;
        while UnixStream::connect(&server.socket).is_err() {
            assert!(Instant::now() < end, "the server does not listen");
            thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// Sends many requests, so that the log exceeds the buffer.
    fn fill(&self) {
        let request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
        let mut stream = self.connect();
        let mut answers = BufReader::new(stream.try_clone().unwrap());
        for _ in 0..MANY / AT_A_TIME {
            stream.write_all(request.repeat(AT_A_TIME).as_bytes()).unwrap();
            let mut answered = 0;
            while answered < AT_A_TIME {
                let mut line = String::new();
                assert_ne!(
                    answers.read_line(&mut line).unwrap(),
                    0,
                    "the connection was closed"
                );
                answered += usize::from(line.contains("HTTP/1.1 200"));
            }
        }
    }

    fn connect(&self) -> UnixStream {
        let stream = UnixStream::connect(&self.socket).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a GET on a connection of its own and returns the answer.
    fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        let cookie = "better-auth.session_token=none.none";
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn terminate(&self) {
        kill(Pid::from_raw(self.child.id().cast_signed()), Signal::SIGTERM).unwrap();
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

#[test]
fn a_log_that_is_not_read_delays_neither_requests_nor_the_end_of_the_process() {
    let mut server = Unread::start();
    server.fill();
    for path in ["/health/live", "/health/ready", "/api/auth/get-session"] {
        let answer = server.get(path);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
    }

    server.terminate();
    let end = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = server.child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < end, "the server does not end");
        thread::sleep(Duration::from_millis(20));
    };
    assert!(status.success());
}

#[test]
fn a_log_that_is_read_again_reports_the_number_of_lines_that_were_dropped() {
    let mut server = Unread::start();
    server.fill();
    let mut reader = BufReader::new(server.log.take().unwrap());
    let mut log = String::new();
    let mut line = String::new();
    while !line.contains("log lines were dropped") {
        line.clear();
        assert_ne!(reader.read_line(&mut line).unwrap(), 0, "no report");
        log.push_str(&line);
    }
    server.terminate();
    reader.read_to_string(&mut log).unwrap();

    let lines = log.lines().count();
    let reports: Vec<_> = log
        .lines()
        .filter(|line| line.contains("log lines were dropped"))
        .collect();
    let mut dropped = 0;
    for report in reports {
        assert!(report.contains("\"level\":\"ERROR\""), "{report}");
        let (_, number) = report.split_once("\"lines\":").unwrap();
        let number = number.split([',', '}']).next().unwrap();
        dropped += number.parse::<usize>().unwrap();
    }
    let requests = log.matches("\"route\":\"/health/live\",\"status\"").count();
    assert!(requests < MANY, "{requests} requests");
    assert!(lines + dropped >= MANY, "{lines} lines, {dropped} dropped");
    assert!(log.contains("\"message\":\"stopped\""));
}

/// A pipe that holds less than the message, and whose reader does nothing.
#[test]
fn the_error_of_a_command_is_written_completely_or_abandoned() {
    let directory = tempfile::tempdir().unwrap();
    let long = "x".repeat(100_000);
    let mut command = crate::support::portcullis(directory.path());
    command.arg("check").env("PORTCULLIS_LOG__LEVEL", &long);
    let whole = command.output().unwrap();
    assert_eq!(whole.status.code(), Some(1));
    assert!(stderr(&whole).len() > long.len(), "{}", stderr(&whole).len());
    assert!(stderr(&whole).ends_with('\n'));

    let mut child = command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let end = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("the command does not end");
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn the_log_of_a_command_is_written_completely() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let output = in_production(directory.path(), database.url())
        .env("PORTCULLIS_LOG__LEVEL", "trace")
        .env("PORTCULLIS_DELIVERY__TRANSPORT", "inbox")
        .env("PORTCULLIS_MODE", "development")
        .args(["check", "--mail-to", "ada@example.com"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(
        stdout(&output)
            .ends_with("test message: printed on standard error; the transport \"inbox\" sends nothing\n")
    );
    assert!(
        stderr(&output).contains("test for ada@example.com: "),
        "{}",
        stderr(&output)
    );
    assert!(stderr(&output).ends_with('\n'));
}
