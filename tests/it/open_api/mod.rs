//! The plugin `open_api`: `GET /open-api/generate-schema` and `GET /reference`.

mod administration;
mod answers;
mod api_keys;
mod backends;
mod document;
mod guests;
mod hand_overs;
mod http_api;
mod organizations;
mod page;
mod passkeys;
mod proven_addresses;
mod providers;

use portcullis_testkit::{TestServer, TestServerBuilder};
use serde_json::Value;

fn production() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_MODE", "production")
        .set("BETTER_AUTH_URL", "https://auth.example.com")
        .set("BETTER_AUTH_SECRET", "Yx7mQ2vT9sLk4RwZ8bNc3HfJ6dGp1KaE")
}

async fn document(server: &TestServer) -> Value {
    let answer = server.anonymous().get("/open-api/generate-schema").send().await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/json")),
        "{answer}"
    );
    answer.json()
}

/// Every operation of the document with its path and method.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let items = document["paths"].as_object().unwrap();
    items.iter().flat_map(|(path, item)| {
        let members = item.as_object().unwrap();
        let operations = members.iter().filter(|(_, member)| member.is_object());
        operations.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}
