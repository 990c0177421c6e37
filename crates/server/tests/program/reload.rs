use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use nix::sys::signal::Signal;
use portcullis_test_database::TestDatabase;
use tempfile::TempDir;

use crate::support::{PATIENCE, Running, in_production};

const OK: &str = "/api/auth/ok";
const SIGN_UP: &str = r#"{"name":"N","email":"n@example.com","password":"correct horse battery"}"#;

/// A server in production with a configuration file.
struct Deployment {
    directory: TempDir,
    _database: TestDatabase,
    server: Running,
}

impl Deployment {
    fn start(file: &str) -> Self {
        Self::start_changed(file, |_| {})
    }

    /// Starts a server whose environment is changed.
    fn start_changed(file: &str, change: impl FnOnce(&mut Command)) -> Self {
        let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
        fs::write(directory.path().join("portcullis.toml"), file).unwrap();
        let mut command = in_production(directory.path(), database.url());
        change(&mut command);
        let server = Running::start(&mut command);
        server.wait_for_status("/health/ready", 200);
        Self {
            directory,
            _database: database,
            server,
        }
    }

    /// Changes the file and asks for a reload. Returns the line of the log that contains `outcome`.
    fn reload(&mut self, file: &str, outcome: &str) -> String {
        fs::write(self.directory.path().join("portcullis.toml"), file).unwrap();
        self.server.signal(Signal::SIGHUP);
        self.server.wait_for_line(outcome)
    }
}

const RELOADED: &str = "reloaded the configuration";
const REFUSED: &str = "could not reload the configuration; the previous one stays in effect";
const REPLACED: &str = "the server of the previous configuration has stopped";

#[test]
fn a_reload_applies_the_file_without_a_restart() {
    let mut deployment = Deployment::start("");
    assert_eq!(deployment.server.get(OK), 200);
    assert_eq!(
        deployment
            .server
            .post("/api/auth/sign-up/email", SIGN_UP)
            .answer(),
        200
    );

    deployment.reload("disabled_paths = [\"/ok\"]\nlog.level = \"debug\"", RELOADED);
    deployment.server.wait_for_line(REPLACED);
    assert_eq!(deployment.server.get(OK), 404);
    assert_eq!(deployment.server.get("/health/ready"), 200);
    let sign_in = r#"{"email":"n@example.com","password":"wrong horse battery"}"#;
    assert_eq!(
        deployment
            .server
            .post("/api/auth/sign-in/email", sign_in)
            .answer(),
        401
    );
    deployment.server.wait_for_line("a request was refused");

    deployment.reload("", RELOADED);
    deployment.server.wait_for_line(REPLACED);
    assert_eq!(deployment.server.get(OK), 200);
    deployment.server.signal(Signal::SIGTERM);
    assert!(deployment.server.wait().success());
}

#[test]
fn a_reload_that_cannot_be_used_changes_nothing_and_is_logged() {
    let mut deployment = Deployment::start("");
    for (file, reason) in [
        ("session.expires_in = \"soon\"", "portcullis.toml:2: "),
        ("not TOML", "portcullis.toml:2: "),
        ("log.format = \"text\"", "`log.format`"),
        ("delivery.templates = \"missing\"", "delivery.templates"),
    ] {
        let line = deployment.reload(&format!("disabled_paths = [\"/ok\"]\n{file}"), REFUSED);
        assert!(line.contains("ERROR") && line.contains(reason), "{line}");
        assert_eq!(deployment.server.get(OK), 200, "{file}");
    }
    deployment.server.signal(Signal::SIGTERM);
    assert!(deployment.server.wait().success());
}

/// An editor that replaces a file deletes it for a moment.
#[test]
fn a_reload_without_the_file_of_the_start_changes_nothing() {
    let mut deployment = Deployment::start("disabled_paths = [\"/ok\"]");
    let file = deployment.directory.path().join("portcullis.toml");
    fs::remove_file(&file).unwrap();
    deployment.server.signal(Signal::SIGHUP);
    let line = deployment.server.wait_for_line(REFUSED);
    assert!(line.contains("portcullis.toml cannot be read"), "{line}");
    assert_eq!(deployment.server.get(OK), 404);
    deployment.reload("", RELOADED);
    deployment.server.wait_for_line(REPLACED);
    assert_eq!(deployment.server.get(OK), 200);
}

#[test]
fn an_address_that_cannot_be_used_is_reported_and_the_server_stays() {
    let file = "bind = [\"127.0.0.1:0\"]";
    let mut deployment = Deployment::start_changed(file, |command| {
        command.env_remove("PORTCULLIS_BIND");
    });
    let line = deployment.reload("bind = [\"unix:/missing/socket\"]", REFUSED);
    assert!(line.contains("/missing/socket"), "{line}");
    assert_eq!(deployment.server.get(OK), 200);
    deployment.reload(file, RELOADED);
    assert_eq!(deployment.server.get(OK), 200);
}

#[test]
fn clients_lose_no_request_by_reloads() {
    let mut deployment = Deployment::start("");
    let is_over = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (address, is_over) = (deployment.server.address, Arc::clone(&is_over));
            thread::spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    let mut stream = TcpStream::connect(address).unwrap();
                    stream.set_read_timeout(Some(PATIENCE)).unwrap();
                    while ask(&mut stream) && !is_over.load(Ordering::SeqCst) {
                        // On a busy machine, clients without a pause would leave the server no time to reload.
                        thread::sleep(Duration::from_millis(1));
                    }
                }
            })
        })
        .collect();
    for _ in 0..3 {
        deployment.reload("", RELOADED);
        deployment.server.wait_for_line(REPLACED);
    }
    is_over.store(true, Ordering::SeqCst);
    for client in clients {
        client.join().unwrap();
    }
}

/// Sends a request on a connection that is kept alive. Returns whether the response permits another one.
fn ask(stream: &mut TcpStream) -> bool {
    let request = format!("GET {OK} HTTP/1.1\r\nHost: x\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let (mut answer, mut buffer) = (String::new(), [0; 1024]);
    while !answer.ends_with('}') {
        let length = stream.read(&mut buffer).unwrap();
        assert!(length > 0, "a request was lost: {answer:?}");
        answer += &String::from_utf8_lossy(buffer.get(..length).unwrap());
    }
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    !answer.contains("connection: close")
}
