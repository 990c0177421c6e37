//! The plugin `admin`.

mod bans;
mod changes;
mod first_admin;
mod impersonation;
mod keys;
mod lists;
mod partial_roles;
mod permissions;
mod services;
mod sessions;

use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::{Value, json};

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
}

/// Signs up a user whose roles are these.
async fn holding(server: &TestServer, name: &str, roles: &str) -> Caller {
    let caller = server.signed_up(name).await;
    server.execute(&format!(
        "update \"user\" set role = '{roles}' where name = '{name}'"
    ));
    caller
}

async fn administrator(server: &TestServer) -> Caller {
    holding(server, "root", "admin").await
}

async fn id(caller: &Caller) -> String {
    let session = caller.get("/get-session").send().await.json();
    session["user"]["id"].as_str().unwrap().to_owned()
}

async fn post(caller: &Caller, path: &str, body: Value) -> Answer {
    caller.post(path, &body).send().await
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.code())
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

async fn sign_in(server: &TestServer, name: &str) -> (Caller, Answer) {
    let caller = server.anonymous();
    let body = json!({ "email": format!("{name}@example.com"), "password": "password1234" });
    let answer = caller.post("/sign-in/email", &body).send().await;
    (caller, answer)
}

/// Returns the number of rows of a table that fulfil the condition after its name, if there is one.
fn count(server: &TestServer, rows: &str) -> i64 {
    server.rows(&format!("select 1 from {rows}"))
}
