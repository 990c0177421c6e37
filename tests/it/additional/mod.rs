//! `user.additional_fields` and `session.additional_fields`: a deployment's own fields, from the body to the column.

mod declarations;
mod rules;
mod types;

use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder, base64url};
use serde_json::{Map, Value, json};

/// An optional field of each type.
const EVERY_TYPE: &str = r#"
    [user.additional_fields]
    motto = { type = "string", required = false }
    age = { type = "number", required = false }
    member = { type = "boolean", required = false }
    born = { type = "date", required = false }
    tags = { type = "string[]", required = false }
    scores = { type = "number[]", required = false }
    plan = { type = ["free", "paid"], required = false }
"#;

fn declared(file: &str) -> TestServerBuilder {
    TestServer::with()
        .file(file)
        .set("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
}

/// Signs up with the members of `more` in the body.
async fn sign_up(caller: &Caller, name: &str, more: &Value) -> Answer {
    let mut body =
        json!({ "name": name, "email": format!("{name}@example.com"), "password": "password1234" });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    caller.post("/sign-up/email", &body).send().await
}

async fn update(caller: &Caller, body: &Value) -> Answer {
    caller.post("/update-user", body).send().await
}

async fn user(caller: &Caller) -> Value {
    caller.get("/get-session").send().await.json()["user"].clone()
}

/// The claims of the caller's JWT.
async fn claims(caller: &Caller) -> Value {
    let answer = caller.get("/token").send().await.json();
    let token = answer["token"].as_str().unwrap().to_owned();
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64url(payload)).unwrap()
}

/// The members of `of` that have the names of those of `like`.
fn part(of: &Value, like: &Value) -> Value {
    let names = like.as_object().unwrap().keys();
    Value::Object(
        names
            .map(|name| (name.clone(), of[name].clone()))
            .collect::<Map<_, _>>(),
    )
}

/// A value of each type.
fn first() -> Value {
    json!({
        "motto": "sapere aude", "age": 36, "member": true, "born": "1815-12-10T00:00:00.000Z",
        "tags": ["a", "b"], "scores": [1, 2.5], "plan": "paid",
    })
}
