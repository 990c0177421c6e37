//! Devices whose sign-ins need no second factor.

use futures_util::future::join_all;
use portcullis_testkit::{Caller, TestServer};
use serde_json::json;

use super::{ADA, PASSWORD, User, challenged, cookie, post, protected, sign_in, with_plugin};

/// A client that the user trusts, signed in.
async fn trusting(server: &TestServer, user: &User, name: &str) -> Caller {
    let client = challenged(server, name).await;
    let code = user.code(server, 0);
    let answer = post(
        &client,
        "verify-totp",
        json!({ "code": code, "trustDevice": true }),
    )
    .await;
    assert_eq!(answer.status, 200, "{answer}");
    client
}

async fn is_asked(client: &Caller, name: &str) -> bool {
    sign_in(client, name).await.body.contains("twoFactorRedirect")
}

#[tokio::test]
async fn a_trusted_device_signs_in_without_a_second_factor_and_gets_a_new_token() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    let device = trusting(&server, &ada, "ada").await;
    let first = cookie(&device, "trust_device").unwrap();
    assert!(!is_asked(&device, "ada").await);
    let second = cookie(&device, "trust_device").unwrap();
    assert_ne!(first, second);
    let thief = server.anonymous();
    thief.set_cookie("better-auth.trust_device", &first);
    assert!(is_asked(&thief, "ada").await);
    assert!(
        cookie(&thief, "trust_device").is_none(),
        "a token that is not accepted is cleared"
    );
}

#[tokio::test]
async fn the_token_of_a_device_works_once_under_twenty_parallel_requests() {
    let server = with_plugin().start();
    let ada = protected(&server, "ada").await;
    let device = trusting(&server, &ada, "ada").await;
    let token = cookie(&device, "trust_device").unwrap();
    let clients: Vec<_> = (0..20).map(|_| server.anonymous()).collect();
    for client in &clients {
        client.set_cookie("better-auth.trust_device", &token);
    }
    let asked = join_all(clients.iter().map(|client| is_asked(client, "ada"))).await;
    assert_eq!(asked.iter().filter(|asked| !**asked).count(), 1);
}

#[tokio::test]
async fn a_trusted_device_of_another_user_is_not_trusted() {
    let server = with_plugin().start();
    let eve = protected(&server, "eve").await;
    protected(&server, "ada").await;
    let device = trusting(&server, &eve, "eve").await;
    assert!(is_asked(&device, "ada").await);
}

#[tokio::test]
async fn trust_ends_with_its_lifetime_and_with_a_new_password() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__TRUST_DEVICE_MAX_AGE", "3600")
        .start();
    let ada = protected(&server, "ada").await;
    let device = trusting(&server, &ada, "ada").await;
    server.clock.advance(chrono::TimeDelta::minutes(61));
    assert!(is_asked(&device, "ada").await);

    let device = trusting(&server, &ada, "ada").await;
    let body = json!({ "currentPassword": PASSWORD, "newPassword": "password5678" });
    assert_eq!(device.post("/change-password", &body).send().await.status, 200);
    let body = json!({ "email": ADA, "password": "password5678" });
    let answer = device.post("/sign-in/email", &body).send().await;
    assert!(answer.body.contains("twoFactorRedirect"), "{answer}");
}
