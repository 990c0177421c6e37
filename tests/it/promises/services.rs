//! The codes of routes that services call.

use portcullis_testkit::{SERVICE_SECRET, TestServer};

use super::Produced;

/// Asks about a token, with the credentials of the service if `is_authenticated`.
async fn ask(produced: &Produced, server: &TestServer, is_authenticated: bool, token: &str) {
    let credentials = format!("client_id=api&client_secret={SERVICE_SECRET}&");
    let credentials = if is_authenticated {
        credentials.as_str()
    } else {
        ""
    };
    let caller = server.anonymous();
    let call = caller.call("POST", "/api/auth/oauth2/revoke").body(
        "application/x-www-form-urlencoded",
        format!("{credentials}token={token}"),
    );
    produced.note(&call.send().await);
}

pub(super) async fn met(produced: &Produced) {
    let server = TestServer::with_all_features();
    let ada = server.signed_up("ada").await;
    let jwt = ada.get("/token").send().await.json()["token"].clone();
    ask(produced, &server, false, "x").await;
    ask(produced, &server, true, "").await;
    ask(produced, &server, true, jwt.as_str().unwrap()).await;
    server.execute("drop table session");
    ask(produced, &server, true, "x").await;
    let away = TestServer::with_every_feature()
        .set("DATABASE_URL", "postgres://user@127.0.0.1:1/none")
        .start();
    ask(produced, &away, true, "x").await;
}
