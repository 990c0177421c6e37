//! Codes of the plugin `anonymous`.

use portcullis_testkit::{Caller, TestServer, TestServerBuilder};
use serde_json::json;

use super::Produced;

fn with_plugin() -> TestServerBuilder {
    TestServer::with().set("PORTCULLIS_PLUGINS__ANONYMOUS__ENABLED", "true")
}

async fn sign_in(produced: &Produced, caller: &Caller) {
    produced.post(caller, "/sign-in/anonymous", json!({})).await;
}

async fn delete(produced: &Produced, caller: &Caller) {
    produced.post(caller, "/delete-anonymous-user", json!({})).await;
}

pub(super) async fn met(produced: &Produced) {
    let server = with_plugin().start();
    let guest = server.anonymous();
    for _ in 0..2 {
        sign_in(produced, &guest).await;
    }
    server.execute(
        r#"create table orders ("user" text references "user" ("id")); insert into orders select "id" from "user""#,
    );
    delete(produced, &guest).await;
    delete(produced, &server.signed_up("ada").await).await;

    let disabled = with_plugin()
        .set(
            "PORTCULLIS_PLUGINS__ANONYMOUS__DISABLE_DELETE_ANONYMOUS_USER",
            "true",
        )
        .start();
    delete(produced, &disabled.signed_up("ada").await).await;
    let file = "[user.additional_fields.field]\ntype = \"string\"\nrequired = true\n";
    let strict = with_plugin().file(file).start();
    sign_in(produced, &strict.anonymous()).await;
}
