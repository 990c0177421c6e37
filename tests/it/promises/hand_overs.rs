//! The codes of sessions of a device and of their hand-over.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, TestServer};
use serde_json::{Value, json};

use super::Produced;

async fn token(caller: &Caller) -> Value {
    let answer = caller.get("/one-time-token/generate").send().await;
    json!({ "token": answer.json()["token"] })
}

pub(super) async fn met(produced: &Produced) {
    let server = TestServer::with_all_features();
    let (ada, stranger) = (server.signed_up("ada").await, server.anonymous());
    let unknown = json!({ "sessionToken": "unknown" });
    produced.post(&ada, "/multi-session/set-active", unknown).await;

    let path = "/one-time-token/verify";
    let [late, ended, gone] = [token(&ada).await, token(&ada).await, token(&ada).await];
    produced
        .post(&stranger, path, json!({ "token": "unknown" }))
        .await;
    server.execute(r#"update session set "expiresAt" = '2025-12-31'"#);
    produced.post(&stranger, path, ended).await;
    server.execute("delete from session");
    produced.post(&stranger, path, gone).await;
    server.clock.advance(TimeDelta::hours(1));
    produced.post(&stranger, path, late).await;

    let closed = TestServer::with()
        .set(
            "PORTCULLIS_PLUGINS__ONE_TIME_TOKEN__DISABLE_CLIENT_REQUEST",
            "true",
        )
        .start();
    let ada = closed.signed_up("ada").await;
    produced.note(&ada.get("/one-time-token/generate").send().await);
}
