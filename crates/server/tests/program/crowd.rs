//! Clients that open many connections, or read no answers.

use std::{
    io::Write,
    net::TcpStream,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use portcullis_test_database::TestDatabase;

use crate::support::{Running, in_development, wait_until};

/// Returns the same command in a process with this limit of open files.
fn with_open_files(command: &Command, files: u32) -> Command {
    let mut limited = Command::new("sh");
    limited
        .args(["-c", &format!("ulimit -n {files}; exec \"$0\" \"$@\"")])
        .arg(command.get_program())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    if let Some(directory) = command.get_current_dir() {
        limited.current_dir(directory);
    }
    limited
}

#[test]
fn idle_connections_of_one_client_do_not_take_all_descriptors() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let command = in_development(directory.path(), database.url());
    let server = Running::start(&mut with_open_files(&command, 256));
    server.wait_for_status("/health/ready", 200);

    let crowd: Vec<TcpStream> = (0..1000)
        .map(|_| TcpStream::connect(server.address).unwrap())
        .collect();
    for _ in 0..20 {
        assert_eq!(server.get("/health/ready"), 200);
    }
    drop(crowd);
    wait_until(|| server.said().contains("limit of open files"));
    let log = server.said();
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn a_connection_that_its_client_aborts_during_a_request_logs_no_error() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let server = Running::start(&mut in_development(directory.path(), database.url()));
    server.wait_for_status("/health/ready", 200);
    let requests = "GET /api/auth/get-session HTTP/1.1\r\nHost: x\r\n\r\n".repeat(500);
    for _ in 0..20 {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(requests.as_bytes()).unwrap();
    }
    server.wait_for_status("/health/ready", 200);
    let log = server.said();
    assert!(!log.contains("ERROR"), "{log}");
}

#[test]
fn clients_that_send_requests_and_read_no_answers_take_little_memory() {
    const CLIENTS: u32 = 100;
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let mut program = in_development(directory.path(), database.url());
    let server = Running::start(program.env("PORTCULLIS_DATABASE__POOL_SIZE", "4"));
    server.wait_for_status("/health/ready", 200);
    let before = server.memory();

    let requests = "GET /api/auth/get-session HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2000);
    let sending: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (requests, address) = (requests.clone(), server.address);
            thread::spawn(move || {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
                let end = Instant::now() + Duration::from_secs(10);
                while Instant::now() < end && stream.write(requests.as_bytes()).is_ok() {}
                stream
            })
        })
        .collect();
    let streams: Vec<TcpStream> = sending.into_iter().map(|thread| thread.join().unwrap()).collect();
    let taken = server.memory().saturating_sub(before);
    drop(streams);
    assert!(taken < 50, "{taken} MiB");
}
