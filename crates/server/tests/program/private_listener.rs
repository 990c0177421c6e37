//! The private listener of the program, and what the log shows of services.

use std::{
    fs,
    io::{Read, Write},
    os::unix::net::UnixStream,
    path::Path,
};

use nix::sys::signal::Signal;
use portcullis_test_database::TestDatabase;

use crate::support::{PATIENCE, Running, in_production, wait_until};

const SECRET: &str = "Vt6xQm2RkZp9sWc4yLh8NbJ3fGd7TaEu";
const WRONG: &str = "Zq8rT2mWk5uYc1xVb7nHs4pLd9gJf3aE";
/// Base64 of `api:` and these secrets.
const BASIC: &str = "YXBpOlZ0NnhRbTJSa1pwOXNXYzR5TGg4TmJKM2ZHZDdUYUV1";
const WRONG_BASIC: &str = "YXBpOlpxOHJUMm1XazV1WWMxeFZiN25IczRwTGQ5Z0pmM2FF";
const TOKEN: &str = "a-token-that-must-not-be-logged";
const INTROSPECT: &str = "POST /api/auth/oauth2/introspect";
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

fn at_private_listener(socket: &Path, line: &str) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let body = format!("token={TOKEN}");
    let request = format!(
        "{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n{FORM}\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn introspected(server: &Running, basic: &str) -> String {
    let head = format!("{FORM}Authorization: Basic {basic}\r\n");
    server.exchange(INTROSPECT, &head, &format!("token={TOKEN}"))
}

#[test]
fn a_private_listener_survives_a_reload_and_no_secret_of_a_service_is_logged() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    let socket = directory.path().join("private.sock");
    let file = format!(
        "log.level = \"trace\"\n[clients.api]\nsecret = \"{SECRET}\"\n[plugins.introspection]\nprivate_bind = \"unix:{}\"\n",
        socket.display()
    );
    fs::write(directory.path().join("portcullis.toml"), file).unwrap();
    let mut server = Running::start(&mut in_production(directory.path(), database.url()));
    server.wait_for_status("/health/ready", 200);
    wait_until(|| {
        server
            .said()
            .contains("listening for services without authentication")
    });

    for _ in 0..2 {
        let answer = at_private_listener(&socket, INTROSPECT);
        assert!(answer.ends_with(r#"{"active":false}"#), "{answer}");
        assert!(at_private_listener(&socket, "GET /api/auth/get-session").starts_with("HTTP/1.1 404"));
        assert!(at_private_listener(&socket, "GET /health/live").starts_with("HTTP/1.1 200"));
        assert!(introspected(&server, BASIC).starts_with("HTTP/1.1 200"));
        assert!(introspected(&server, WRONG_BASIC).starts_with("HTTP/1.1 401"));
        let form = format!("token={TOKEN}&client_id=api&client_secret={WRONG}");
        assert!(
            server
                .exchange(INTROSPECT, FORM, &form)
                .starts_with("HTTP/1.1 401")
        );

        server.signal(Signal::SIGHUP);
        server.wait_for_line("the server of the previous configuration has stopped");
    }
    server.signal(Signal::SIGTERM);
    assert!(server.wait().success());
    assert!(!socket.exists());
    wait_until(|| {
        let log = server.said();
        log.contains("invalid_client") && log.contains("/oauth2/introspect")
    });
    let log = server.said();
    for secret in [SECRET, WRONG, BASIC, WRONG_BASIC, TOKEN] {
        assert!(!log.contains(secret), "{secret} is logged:\n{log}");
    }
}
