//! Guests who sign in as another user.

use chrono::TimeDelta;
use futures_util::future::join_all;
use portcullis_testkit::{Answer, Caller, MockProvider, TestServer};
use serde_json::json;

use super::{PASSWORD, guest, guests, sign_in, user, users, with_plugin};
use crate::{
    passkey::{self, Authenticator},
    social::{flow, with_provider},
};

async fn sign_in_as(caller: &Caller, name: &str) -> Answer {
    let body = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    caller.post("/sign-in/email", &body).send().await
}

async fn sign_up_as(caller: &Caller, name: &str) -> Answer {
    let body = json!({ "name": name, "email": format!("{name}@example.com"), "password": PASSWORD });
    caller.post("/sign-up/email", &body).send().await
}

#[tokio::test]
async fn a_guest_who_signs_up_or_in_as_another_user_is_deleted() {
    let server = with_plugin().start();
    let caller = guest(&server).await;
    assert_eq!(sign_up_as(&caller, "ada").await.status, 200);
    assert_eq!((guests(&server), users(&server)), (0, 1));
    assert_eq!(user(&caller).await["name"], "ada");

    let caller = guest(&server).await;
    assert_eq!(sign_in_as(&caller, "ada").await.status, 200);
    assert_eq!((guests(&server), users(&server)), (0, 1));
    assert_eq!(server.rows("select from session"), 2);
}

#[tokio::test]
async fn a_guest_who_signs_in_with_a_provider_is_deleted() {
    let mock = MockProvider::for_provider("google");
    let server = with_provider(with_plugin(), "google", &mock).start();
    let caller = guest(&server).await;
    let url = flow::Flow::begin(&caller, "google").await;
    flow::open(&caller, &mock.authorize(&url)).await;
    assert_eq!((guests(&server), users(&server)), (0, 1));
    assert_eq!(user(&caller).await["isAnonymous"], false);
}

#[tokio::test]
async fn a_guest_with_a_bearer_token_is_deleted() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__BEARER__ENABLED", "true")
        .start();
    server.signed_up("ada").await;
    let token = sign_in(&server.anonymous()).await.json()["token"].clone();
    let token = format!("Bearer {}", token.as_str().unwrap());
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let stranger = server.anonymous();
    let call = stranger.post("/sign-in/email", &body);
    assert_eq!(call.header("authorization", &token).send().await.status, 200);
    assert_eq!(guests(&server), 0);
}

#[tokio::test]
async fn a_guest_stays_if_the_sign_in_is_rejected() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let caller = guest(&server).await;
    let body = json!({ "email": "ada@example.com", "password": "password9999" });
    let rejected = caller.post("/sign-in/email", &body).send().await;
    assert_eq!(rejected.status, 401);
    assert_eq!(user(&caller).await["isAnonymous"], true);
}

#[tokio::test]
async fn a_guest_stays_until_the_second_step_is_taken() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set(
            "PORTCULLIS_PLUGINS__TWO_FACTOR__SKIP_VERIFICATION_ON_ENABLE",
            "true",
        )
        .start();
    let ada = server.signed_up("ada").await;
    let enabled = ada.post("/two-factor/enable", &json!({ "password": PASSWORD }));
    let codes = enabled.send().await.json()["backupCodes"].clone();
    let caller = guest(&server).await;
    let challenged = sign_in_as(&caller, "ada").await;
    assert_eq!(challenged.body, r#"{"twoFactorRedirect":true}"#, "{challenged}");
    assert_eq!(guests(&server), 1);
    let rejected = caller.post("/two-factor/verify-backup-code", &json!({ "code": "no" }));
    assert_eq!((rejected.send().await.status, guests(&server)), (401, 1));

    let call = caller.post("/two-factor/verify-backup-code", &json!({ "code": codes[0] }));
    let verified = call.send().await;
    assert_eq!(verified.status, 200, "{verified}");
    let cleared = "better-auth.guest=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax";
    assert!(verified.cookies().any(|line| line == cleared), "{verified}");
    assert_eq!(guests(&server), 0);
}

/// Another person may use the browser before the second step is taken.
#[tokio::test]
async fn a_guest_who_waits_for_a_second_step_is_deleted_only_with_that_sign_in() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__TWO_FACTOR__ENABLED", "true")
        .set(
            "PORTCULLIS_PLUGINS__TWO_FACTOR__SKIP_VERIFICATION_ON_ENABLE",
            "true",
        )
        .start();
    let mut codes = Vec::new();
    for name in ["ada", "bob"] {
        let enable = json!({ "password": PASSWORD });
        let user = server.signed_up(name).await;
        let enabled = user.post("/two-factor/enable", &enable).send().await;
        codes.push(enabled.json()["backupCodes"][0].clone());
    }
    let caller = guest(&server).await;
    for name in ["ada", "bob"] {
        let challenged = sign_in_as(&caller, name).await;
        assert_eq!(challenged.body, r#"{"twoFactorRedirect":true}"#, "{challenged}");
    }
    let body = json!({ "code": codes[1] });
    let verified = caller.post("/two-factor/verify-backup-code", &body).send().await;
    assert_eq!((verified.status, guests(&server)), (200, 1), "{verified}");

    let caller = guest(&server).await;
    sign_in_as(&caller, "ada").await;
    assert!(caller.cookies().contains("better-auth.guest="));
    let signed_out = caller.post("/sign-out", &json!({})).send().await;
    let cleared = "better-auth.guest=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax";
    assert!(signed_out.cookies().any(|line| line == cleared), "{signed_out}");
    let again = caller.post("/sign-out", &json!({})).send().await;
    assert!(!again.cookies().any(|line| line == cleared), "{again}");
}

/// The value of the session cookie in a header `cookie`.
fn session_cookie(cookies: &str) -> &str {
    let mut pairs = cookies.split("; ");
    pairs
        .find_map(|pair| pair.strip_prefix("better-auth.session_token="))
        .unwrap()
}

#[tokio::test]
async fn only_the_guest_whose_live_session_the_client_presents_is_deleted() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let (first, other) = (guest(&server).await, guest(&server).await);
    let own = first.cookies();
    let foreign = session_cookie(&own).to_owned();
    // The token of a session with a wrong signature, and the name of a guest, prove nothing.
    let forged = format!("{}.AAAA", foreign.split('.').next().unwrap());
    for value in [forged.as_str(), user(&first).await["id"].as_str().unwrap()] {
        let attacker = server.anonymous();
        attacker.set_cookie("better-auth.session_token", value);
        assert_eq!(sign_in_as(&attacker, "ada").await.status, 200);
    }
    assert_eq!(guests(&server), 2);

    server.clock.advance(TimeDelta::days(8));
    assert_eq!(sign_in_as(&other, "ada").await.status, 200);
    assert_eq!(guests(&server), 2, "the session has expired");
}

#[tokio::test]
async fn a_guest_in_whose_session_an_administrator_acts_is_not_deleted() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let root = server.signed_up("root").await;
    server.execute(r#"update "user" set role = 'admin'"#);
    let caller = guest(&server).await;
    let id = user(&caller).await["id"].clone();
    let acting = root
        .post("/admin/impersonate-user", &json!({ "userId": id }))
        .send()
        .await;
    assert_eq!(acting.status, 200, "{acting}");
    let refused = super::delete(&root).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (403, "NOT_ALLOWED_WHILE_IMPERSONATING")
    );
    assert_eq!(sign_in_as(&root, "root").await.status, 200);
    assert_eq!(guests(&server), 1);
    assert_eq!(user(&caller).await["id"], id);
}

/// The end of an impersonation makes the client store the administrator's session, which is no sign-in.
#[tokio::test]
async fn a_guest_stays_when_an_impersonation_ends() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ADMIN__ENABLED", "true")
        .start();
    let root = server.signed_up("root").await;
    server.execute(r#"update "user" set role = 'admin'"#);
    let caller = guest(&server).await;
    let id = user(&caller).await["id"].clone();
    root.post("/admin/impersonate-user", &json!({ "userId": id }))
        .send()
        .await;
    let stopped = root.post("/admin/stop-impersonating", &json!({})).send().await;
    assert_eq!(stopped.status, 200, "{stopped}");
    assert_eq!(guests(&server), 1);
}

#[tokio::test]
async fn the_key_of_a_guest_is_no_session_of_the_guest() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
        .start();
    server.signed_up("ada").await;
    let caller = guest(&server).await;
    let key = caller.post("/api-key/create", &json!({})).send().await.json()["key"].clone();
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let stranger = server.anonymous();
    let call = stranger.post("/sign-in/email", &body);
    let answer = call.header("x-api-key", key.as_str().unwrap()).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(guests(&server), 1);
}

#[tokio::test]
async fn a_guest_with_an_account_stays() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let caller = guest(&server).await;
    server.execute(
        r#"update account set "userId" = (select "id" from "user" where "isAnonymous");
        insert into account ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
        select 'other', "id", 'credential', "id", (select password from account limit 1), now(), now()
        from "user" where name = 'ada'"#,
    );
    assert_eq!(sign_in_as(&caller, "ada").await.status, 200);
    assert_eq!(guests(&server), 1);
}

#[tokio::test]
async fn a_guest_with_a_passkey_stays_and_signs_in_with_it_again() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__PASSKEY__ENABLED", "true")
        .start();
    server.signed_up("ada").await;
    let caller = guest(&server).await;
    let mut passkey = Authenticator::es256();
    let registered = passkey::register(&caller, &passkey).await;
    assert_eq!(registered.status, 200, "{registered}");
    assert_eq!(sign_in_as(&caller, "ada").await.status, 200);
    assert_eq!(guests(&server), 1);
    let browser = server.anonymous();
    let answer = passkey::sign_in(&browser, &mut passkey).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(user(&browser).await["isAnonymous"], true);

    // A requested deletion needs no other way in.
    assert_eq!(super::delete(&browser).await.status, 200);
    assert_eq!(guests(&server), 0);
}

/// Only the guest's own passkeys would be asked for otherwise.
#[tokio::test]
async fn a_guest_with_a_passkey_signs_in_with_the_passkey_of_another_user() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__PASSKEY__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let mut hers = Authenticator::es256();
    passkey::register(&ada, &hers).await;
    let caller = guest(&server).await;
    passkey::register(&caller, &Authenticator::eddsa(1)).await;
    let answer = passkey::sign_in(&caller, &mut hers).await;
    assert_eq!(answer.status, 200, "{answer}");
    assert_eq!(user(&caller).await["name"], "ada");
}

#[tokio::test]
async fn a_guest_with_a_verified_address_or_a_verified_phone_number_stays() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__PHONE_NUMBER__ENABLED", "true")
        .start();
    server.signed_up("ada").await;
    for column in [r#""emailVerified""#, r#""phoneNumberVerified""#] {
        let caller = guest(&server).await;
        let left = guests(&server);
        server.execute(&format!(
            r#"update "user" set {column} = true where "isAnonymous""#
        ));
        assert_eq!(sign_in_as(&caller, "ada").await.status, 200);
        assert_eq!(guests(&server), left, "{column}");
    }
}

/// The sign-in succeeds although the guest cannot be deleted.
#[tokio::test]
async fn a_guest_who_is_the_only_owner_of_an_organization_or_to_whom_other_rows_refer_stays() {
    let server = with_plugin()
        .set("PORTCULLIS_PLUGINS__ORGANIZATION__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let caller = guest(&server).await;
    let create = json!({ "name": "own", "slug": "own" });
    let created = caller.post("/organization/create", &create).send().await;
    assert_eq!(created.status, 200, "{created}");
    assert_eq!(sign_in_as(&caller, "ada").await.status, 200);
    assert_eq!((guests(&server), server.rows("select from organization")), (1, 1));

    let caller = guest(&server).await;
    server.execute(
        r#"create table orders ("user" text references "user" ("id") deferrable initially deferred);
        insert into orders select "id" from "user" where "isAnonymous""#,
    );
    assert_eq!(sign_in_as(&caller, "ada").await.status, 200);
    assert_eq!(guests(&server), 2);
    assert_eq!(user(&ada).await["name"], "ada");
}

#[tokio::test]
async fn guests_stay_if_their_deletion_is_disabled() {
    let server = with_plugin()
        .set(
            "PORTCULLIS_PLUGINS__ANONYMOUS__DISABLE_DELETE_ANONYMOUS_USER",
            "true",
        )
        .start();
    let caller = guest(&server).await;
    assert_eq!(sign_up_as(&caller, "ada").await.status, 200);
    assert_eq!((guests(&server), users(&server)), (1, 2));
}

#[tokio::test]
async fn a_user_who_is_no_guest_stays_when_another_user_signs_in() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    server.signed_up("bob").await;
    assert_eq!(sign_in_as(&ada, "bob").await.status, 200);
    assert_eq!(users(&server), 2);
}

/// Twenty requests present the session of one guest.
#[tokio::test]
async fn parallel_sign_ins_of_one_guest_all_succeed() {
    let server = with_plugin().start();
    server.signed_up("ada").await;
    let cookies = guest(&server).await.cookies();
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    let requests = (0..20).map(|_| async {
        let client = server.anonymous();
        let call = client.post("/sign-in/email", &body);
        call.header("cookie", &cookies).send().await.status
    });
    assert_eq!(join_all(requests).await, [200; 20]);
    assert_eq!((guests(&server), users(&server)), (0, 1));
}

/// The copy of a deleted guest's session in a cookie is no session for routes that change something.
#[tokio::test]
async fn a_deleted_guest_is_no_caller_even_with_a_session_cookie_cache() {
    let server = with_plugin()
        .set("PORTCULLIS_SESSION__COOKIE_CACHE__ENABLED", "true")
        .start();
    server.signed_up("ada").await;
    let caller = guest(&server).await;
    let cookies = caller.cookies();
    assert_eq!(sign_in_as(&caller, "ada").await.status, 200);
    let answer = sign_in_again(&server, &cookies).await;
    assert_eq!(answer.status, 200, "the caller is no guest any more: {answer}");
    let client = server.anonymous();
    let deletion = client.post("/delete-anonymous-user", &json!({}));
    assert_eq!(deletion.header("cookie", &cookies).send().await.status, 401);
}

async fn sign_in_again(server: &TestServer, cookies: &str) -> Answer {
    let client = server.anonymous();
    let call = client.post("/sign-in/anonymous", &json!({}));
    call.header("cookie", cookies).send().await
}
