//! The first administrator.

use portcullis_testkit::TestServer;

use super::{holding, sign_in, with_plugin};

fn naming_ada() -> TestServer {
    with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__FIRST_ADMIN_EMAIL", "Ada@example.com")
        .start()
}

async fn role_after_sign_in(server: &TestServer, name: &str) -> String {
    let (_, answer) = sign_in(server, name).await;
    answer.json()["user"]["role"].as_str().unwrap().to_owned()
}

fn verify(server: &TestServer) {
    server.execute("update \"user\" set \"emailVerified\" = true");
}

#[tokio::test]
async fn the_named_user_becomes_administrator_once_the_address_is_verified() {
    let server = naming_ada();
    server.signed_up("ada").await;
    server.signed_up("bob").await;
    assert_eq!(role_after_sign_in(&server, "ada").await, "user");
    verify(&server);
    assert_eq!(role_after_sign_in(&server, "bob").await, "user");
    assert_eq!(role_after_sign_in(&server, "ada").await, "admin");
}

#[tokio::test]
async fn a_user_who_is_not_named_stays_a_user() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    verify(&server);
    assert_eq!(role_after_sign_in(&server, "ada").await, "user");
}

#[tokio::test]
async fn only_the_first_administrator_is_made_by_the_configuration() {
    let server = naming_ada();
    server.signed_up("ada").await;
    holding(&server, "root", "admin").await;
    verify(&server);
    assert_eq!(role_after_sign_in(&server, "ada").await, "user");
}
