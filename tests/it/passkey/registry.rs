//! The list of a user's passkeys.

use insta::assert_snapshot;

use super::*;

#[tokio::test]
async fn a_user_lists_names_and_deletes_passkeys() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    assert_eq!(get(&ada, "list-user-passkeys").await.body, "[]");
    let registered = register(&ada, &Authenticator::eddsa(1)).await.json();
    let id = registered["id"].clone();
    assert_snapshot!(get(&ada, "list-user-passkeys").await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    [{"name":"laptop","publicKey":"pAEBAycgBiFYIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","credentialID":"P_BNtnzock3rRvPycU3aaQ","counter":0,"deviceType":"singleDevice","backedUp":false,"transports":"internal,hybrid","createdAt":"2026-01-01T00:00:00.000Z","aaguid":"00000000-0000-0000-0000-000000000000","id":"NUtTIR4fMm2dQd2shJ7jKKvKdLdJVRmU"}]
    "#);
    let named = post(&ada, "update-passkey", json!({ "id": id, "name": "phone" })).await;
    assert_snapshot!(named, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"passkey":{"name":"phone","publicKey":"pAEBAycgBiFYIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c","userId":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn","credentialID":"P_BNtnzock3rRvPycU3aaQ","counter":0,"deviceType":"singleDevice","backedUp":false,"transports":"internal,hybrid","createdAt":"2026-01-01T00:00:00.000Z","aaguid":"00000000-0000-0000-0000-000000000000","id":"NUtTIR4fMm2dQd2shJ7jKKvKdLdJVRmU"}}
    "#);
    assert_snapshot!(post(&ada, "delete-passkey", json!({ "id": id })).await, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"status":true}
    "#);
    for answer in [
        post(&ada, "delete-passkey", json!({ "id": id })).await,
        post(&ada, "update-passkey", json!({ "id": id, "name": "x" })).await,
    ] {
        assert!(is(&answer, 404, "PASSKEY_NOT_FOUND"), "{answer}");
    }
    assert_eq!(server.rows(r#"select 1 from "passkey""#), 0);
}

/// GHSA-4vcf-q4xf-f48m.
#[tokio::test]
async fn a_user_changes_no_passkey_of_another_user() {
    let server = with_plugin().start();
    let (ada, authenticator) = registered(&server, "ada").await;
    let eve = server.signed_up("eve").await;
    let id = get(&ada, "list-user-passkeys").await.json()[0]["id"].clone();
    let deleted = post(&eve, "delete-passkey", json!({ "id": id })).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (401, ""));
    let named = post(&eve, "update-passkey", json!({ "id": id, "name": "mine" })).await;
    let not_allowed = "YOU_ARE_NOT_ALLOWED_TO_REGISTER_THIS_PASSKEY";
    assert!(is(&named, 401, not_allowed), "{named}");
    assert_eq!(get(&eve, "list-user-passkeys").await.body, "[]");
    let row = get(&ada, "list-user-passkeys").await.json()[0].clone();
    assert_eq!(
        (&row["name"], &row["credentialID"]),
        (&json!("laptop"), &json!(authenticator.credential_id()))
    );
}

#[tokio::test]
async fn passkeys_are_deleted_with_their_user() {
    let server = with_plugin()
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .start();
    let (ada, mut authenticator) = registered(&server, "ada").await;
    let body = json!({ "password": "password1234" });
    assert_eq!(ada.post("/delete-user", &body).send().await.status, 200);
    let answer = sign_in(&server.anonymous(), &mut authenticator).await;
    assert!(is(&answer, 401, "PASSKEY_NOT_FOUND"), "{answer}");
    assert_eq!(server.rows(r#"select 1 from "passkey""#), 0);
}
