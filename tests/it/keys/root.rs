//! Proofs of the keys outside of sections.

use std::net::TcpListener;

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    delivery::mail,
    looks::{ADA, sign_up, signing_up},
    program::Program,
    proof::{Proof, program, server},
};

/// Ada's session cookie: the first token that a test server makes, signed with the secret of test servers.
const SIGNED: &str = "=3gDzF0usdirt1pJPdJAbH5bHdZ0Jb88F.3W0Fv%2FkP6k0X0xyUxiWJGHt5WMG6nJ3g3gMSQvI%2FChk%3D";
const OTHER_SECRET: &str = "another-secret-that-is-long-enough-for-this-very-test";
const ALIASES: [(&str, &str); 3] = [
    ("BETTER_AUTH_SECRET", ""),
    ("BETTER_AUTH_URL", ""),
    ("BETTER_AUTH_TRUSTED_ORIGINS", ""),
];

/// The status of the development inbox.
async fn inbox(server: &TestServer) -> String {
    server
        .anonymous()
        .call("GET", "/dev/inbox")
        .send()
        .await
        .status
        .to_string()
}

/// The address on which the server listens, and its status there.
async fn address(program: &Program) -> String {
    let running = program.serve();
    let answer = running.anonymous().call("GET", "/health/live").send().await;
    format!("{} at {}", answer.status, running.address)
}

/// Returns a port that is free on this machine, outside the range from which systems choose ports for other programs.
fn free_port() -> String {
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (20_000..30_000).find(is_free).unwrap().to_string()
}

/// The link in a mail to Ada.
async fn link(server: &TestServer) -> String {
    sign_up(server, json!({})).await;
    let caller = server.anonymous();
    caller
        .post("/request-password-reset", &json!({ "email": ADA }))
        .send()
        .await;
    server.mailbox.next(ADA).await.url
}

/// The error page, or the redirect to another one.
async fn error_page(server: &TestServer) -> String {
    server
        .anonymous()
        .get("/error?error=token_expired")
        .send()
        .await
        .to_string()
}

async fn ok(server: &TestServer) -> String {
    server.anonymous().get("/ok").send().await.to_string()
}

async fn ok_elsewhere(server: &TestServer) -> String {
    server
        .anonymous()
        .call("GET", "/auth/ok")
        .send()
        .await
        .to_string()
}

/// The answer to a page on another origin.
async fn trusted_page(server: &TestServer) -> String {
    let caller = server.anonymous();
    let call = caller.get("/ok").header("origin", "https://friend.test");
    call.send().await.to_string()
}

/// Ada's session after a sign-up with `X-Forwarded-For`.
async fn ip_address(server: &TestServer) -> String {
    let caller = server.anonymous();
    let body = json!({ "name": "Ada", "email": ADA, "password": "password1234" });
    let call = caller.post("/sign-up/email", &body);
    let call = call.header("x-real-ip", "198.51.100.7");
    call.header("x-forwarded-for", "203.0.113.7").send().await;
    caller.get("/get-session").send().await.body
}

async fn hash(server: &TestServer) -> String {
    sign_up(server, json!({})).await;
    server.shown("select left(password, 9) from account").unwrap()
}

pub(super) fn proofs() -> Vec<Proof> {
    let bare = |proof: Proof| {
        ALIASES
            .iter()
            .fold(proof, |proof, (name, value)| proof.with(name, value))
    };
    let secrets = format!("{OTHER_SECRET};{}", portcullis_testkit::SECRET);
    let mut proofs = vec![
        server("mode", "production", inbox, ["200", "404"])
            .with("advanced.use_secure_cookies", "false")
            .with("secret", "n3Vr1tQpZc8yLw0bKf6hXs2mGd9jTa4e"),
        server("dev.inbox", "false", inbox, ["200", "404"]),
        program(
            "bind",
            "127.0.0.2:0",
            address,
            ["200 at 127.0.0.1:", "200 at 127.0.0.2:"],
        ),
        program("port", &free_port(), address, ["", ""])
            .with("bind", "127.0.0.1")
            .instead_of("0"),
        server(
            "base_url",
            "http://localhost:4000",
            link,
            ["http://localhost:3000/", "http://localhost:4000/"],
        )
        .with("trusted_origins", "http://localhost:3000"),
        server("base_path", "/auth", ok, ["200\n", "404\n"]),
        server("base_path", "/auth", ok_elsewhere, ["404\n", "200\n"]),
        server("disabled_paths", "/ok", ok, ["200\n", "404\n"]),
        mail("app_name", "Acme", ["Portcullis", "Acme"]),
        server("secret", OTHER_SECRET, signing_up, [SIGNED, ""]),
        bare(server("secrets", &secrets, signing_up, [SIGNED, ""]).instead_of(portcullis_testkit::SECRET)),
        server(
            "trusted_origins",
            "https://friend.test",
            trusted_page,
            ["", "access-control-allow-origin: https://friend.test"],
        ),
        server(
            "trusted_proxies",
            "127.0.0.1/32",
            ip_address,
            [r#""ipAddress":"127.0.0.1""#, r#""ipAddress":"203.0.113.7""#],
        ),
        server(
            "advanced.ip_address.ip_address_headers",
            "x-real-ip",
            ip_address,
            [r#""ipAddress":"203.0.113.7""#, r#""ipAddress":"198.51.100.7""#],
        )
        .with("trusted_proxies", "127.0.0.1/32"),
        server("compatibility.shared_database", "true", hash, ["$argon2id", ""]),
    ];
    proofs.extend(pages());
    proofs
}

fn pages() -> [Proof; 2] {
    [
        server(
            "default_redirect_url",
            "https://app.example.com/",
            error_page,
            [r#"<a href="/">"#, r#"<a href="https://app.example.com/">"#],
        ),
        server(
            "on_api_error.error_url",
            "https://app.example.com/error",
            error_page,
            [
                "200\n",
                "location: https://app.example.com/error?error=token_expired",
            ],
        ),
    ]
}
