//! Proofs of the keys of `limits` and `log`.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use futures_util::future::{Either, select};
use portcullis_testkit::{TestServer, open_transaction};
use serde_json::json;

use super::{
    database::{WHILE, wait_until_blocked},
    looks::{ADA, sign_up},
    program::{Program, read},
    proof::{Proof, program, server},
};

/// The status of a sign-in whose body has more than a thousand bytes.
async fn long_body(server: &TestServer) -> String {
    let body = json!({ "email": ADA, "password": "password1234", "more": "x".repeat(1100) });
    let caller = server.anonymous();
    caller.post("/sign-in/email", &body).send().await.to_string()
}

/// The status of a request whose head has more than a thousand bytes.
async fn long_head(server: &TestServer) -> String {
    let caller = server.anonymous();
    let call = caller.get("/ok").header("x-more", &"x".repeat(1100));
    call.send().await.to_string()
}

async fn long_name(server: &TestServer) -> String {
    sign_up(server, json!({ "name": "Augusta" })).await.1.to_string()
}

async fn long_url(server: &TestServer) -> String {
    let image = format!("https://example.com/{}", "x".repeat(100));
    sign_up(server, json!({ "image": image })).await.1.to_string()
}

async fn long_text(server: &TestServer) -> String {
    sign_up(server, json!({ "motto": "x".repeat(100) }))
        .await
        .1
        .to_string()
}

async fn user_agent(server: &TestServer) -> String {
    let caller = server.anonymous();
    let body = json!({ "name": "Ada", "email": ADA, "password": "password1234" });
    let call = caller
        .post("/sign-up/email", &body)
        .header("user-agent", "abcdefgh");
    call.send().await;
    server.shown(r#"select "userAgent" from session"#).unwrap()
}

/// The status of a request that waits for a lock, which is released after [`WHILE`].
async fn waiting(server: &TestServer) -> String {
    let (ada, _) = sign_up(server, json!({})).await;
    let sessions = server.open_transaction("lock table session");
    let asked = Box::pin(ada.get("/get-session").send());
    let answer = match select(asked, Box::pin(tokio::time::sleep(WHILE))).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), asked)) => {
            drop(sessions);
            asked.await
        }
    };
    answer.status.to_string()
}

/// Whether the program answers a request that waits for a lock while the program stops.
async fn stopping(program: &Program) -> String {
    let running = program.serve();
    let users = open_transaction(&program.database, r#"lock table "user""#);
    let mut stream = running.sign_in();
    wait_until_blocked(&program.database).await;
    running.terminate();
    running.wait_for_line("stopping");
    let answer = read(&mut stream, WHILE);
    drop(users);
    let answer = answer
        .or_else(|| read(&mut stream, 10 * WHILE))
        .unwrap_or_default();
    if answer.contains(" 401 ") {
        "answered"
    } else {
        "cut"
    }
    .to_owned()
}

/// Whether a connection is kept open when a request arrives on another one.
async fn older_connection(program: &Program) -> String {
    let running = program.serve();
    let request = b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let [mut older, _newer] = [(); 2].map(|()| {
        let mut stream = TcpStream::connect(running.address).unwrap();
        stream.write_all(request).unwrap();
        stream.set_read_timeout(Some(WHILE)).unwrap();
        assert_ne!(stream.read(&mut [0; 4096]).unwrap(), 0);
        stream
    });
    let is_closed = older.read(&mut [0; 1]).is_ok();
    if is_closed { "closed" } else { "kept" }.to_owned()
}

/// The number of threads that serve requests.
async fn threads(program: &Program) -> String {
    let running = program.serve();
    running.anonymous().call("GET", "/health/live").send().await;
    let threads = running.threads();
    let workers = threads.iter().filter(|name| name.starts_with("actix-server wo"));
    format!("{} workers", workers.count())
}

/// The program's log, from start to end.
async fn log(program: &Program) -> String {
    program.log()
}

fn logged(key: &'static str, value: &str, seen: [&'static str; 2]) -> Proof {
    program(key, value, log, seen)
        .with("mode", "development")
        .with("bind", "unix:{folder}/socket")
}

pub(super) fn proofs() -> Vec<Proof> {
    vec![
        server("limits.body", "1024", long_body, ["401\n", "413\n"]),
        server("limits.head", "1024", long_head, ["200\n", "431\n"]),
        server("limits.name", "6", long_name, ["200\n", "400\n"]),
        server("limits.url", "64", long_url, ["200\n", "400\n"]),
        server("limits.text", "64", long_text, ["200\n", "400\n"])
            .with("user.additional_fields", r#"{"motto": {"type": "string"}}"#),
        server("limits.user_agent", "3", user_agent, ["abcdefgh", ""]),
        server("limits.request_timeout", "1", waiting, ["200", "503"])
            .with("database.operation_timeout", "60"),
        program("limits.drain_timeout", "0", stopping, ["answered", "cut"])
            .with("database.operation_timeout", "60")
            .with("limits.request_timeout", "60"),
        program("limits.connections", "1", older_connection, ["kept", "closed"]),
        program("limits.workers", "3", threads, ["1 workers", "3 workers"]).instead_of("1"),
        logged("log.format", "text", ["{\"timestamp\"", ""]).instead_of("json"),
        logged("log.level", "error", ["\"stopping: ", ""]),
    ]
}
