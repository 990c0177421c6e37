//! Options of the deployment.

use serde_json::{Value, json};

use super::{
    active, create, done, invite, joined, key, post, read, refused, text, unread, with_plugin, with_teams,
};

#[tokio::test]
async fn a_deployment_forbids_creation_and_deletion() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let strict = with_plugin()
        .set(&key("ALLOW_USER_TO_CREATE_ORGANIZATION"), "false")
        .set(&key("DISABLE_ORGANIZATION_DELETION"), "true")
        .replica_of(&server)
        .start();
    let ada = strict.signed_in("ada").await;
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_ORGANIZATION");
    refused(&ada, "create", json!({ "name": "n", "slug": "s" }), forbidden).await;
    let disabled = (404, "ORGANIZATION_DELETION_IS_DISABLED");
    refused(&ada, "delete", json!({ "organizationId": id }), disabled).await;
    refused(
        &strict.anonymous(),
        "delete",
        json!({ "organizationId": id }),
        disabled,
    )
    .await;
}

#[tokio::test]
async fn invitations_can_require_a_verified_address() {
    let server = with_plugin()
        .set(&key("REQUIRE_EMAIL_VERIFICATION_ON_INVITATION"), "true")
        .start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = server.signed_up("bob").await;
    let body = json!({ "invitationId": invite(&ada, &id, "bob", "member").await });
    let unverified = (
        403,
        "EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION",
    );
    refused(&bob, "accept-invitation", body.clone(), unverified).await;
    refused(&bob, "reject-invitation", body.clone(), unverified).await;
    let query = format!("get-invitation?id={}", text(&body["invitationId"]));
    unread(&bob, &query, unverified).await;
    assert_eq!(read(&bob, "list-user-invitations").await, json!([]));
    server.execute("update \"user\" set \"emailVerified\" = true");
    let received = read(&bob, "list-user-invitations").await;
    assert_eq!(received.as_array().map(Vec::len), Some(1));
    assert_eq!(post(&bob, "accept-invitation", body).await.status, 200);
}

/// Better Auth accepts them, so that a user who signs up with the address of another person gets that person's
/// invitations (GHSA-fmh4-wcc4-5jm3).
#[tokio::test]
async fn in_production_invitations_require_a_verified_address_unless_the_option_is_set() {
    let production = || {
        with_plugin()
            .set("PORTCULLIS_MODE", "production")
            .set("BETTER_AUTH_SECRET", "Yx7mQ2vT9sLk4RwZ8bNc3HfJ6dGp1KaE")
            .set("PORTCULLIS_ADVANCED__USE_SECURE_COOKIES", "false")
            .set("PORTCULLIS_EMAIL_AND_PASSWORD__REJECT_COMMON_PASSWORDS", "false")
            .set("PORTCULLIS_RATE_LIMIT__ENABLED", "false")
    };
    let lenient = production().set(&key("REQUIRE_EMAIL_VERIFICATION_ON_INVITATION"), "false");
    for (server, status) in [(production().start(), 403), (lenient.start(), 200)] {
        let ada = server.signed_up("ada").await;
        let id = create(&ada, "acme").await;
        let mallory = server.signed_up("mallory").await;
        let body = json!({ "invitationId": invite(&ada, &id, "mallory", "admin").await });
        let answer = post(&mallory, "accept-invitation", body).await;
        assert_eq!(answer.status, status, "{answer}");
    }
}

#[tokio::test]
async fn the_configured_roles_replace_those_of_better_auth() {
    let roles = r#"{"chief":{"organization":["update"],"invitation":["create"]},"guest":{}}"#;
    let server = with_plugin()
        .set(&key("ROLES"), roles)
        .set(&key("CREATOR_ROLE"), "chief")
        .start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    assert_eq!(read(&ada, "get-active-member-role").await["role"], "chief");
    let guest = joined(&server, &ada, &id, "bob", "guest").await.caller;
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION");
    refused(&ada, "delete", json!({ "organizationId": id }), forbidden).await;
    done(&ada, "update", json!({ "data": { "name": "n" } })).await;
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION");
    refused(&guest, "update", json!({ "data": { "name": "n" } }), forbidden).await;
    let only = (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER");
    refused(&ada, "leave", json!({ "organizationId": id }), only).await;
}

#[tokio::test]
async fn the_default_team_can_be_left_out_and_the_last_one_removed() {
    let server = with_teams()
        .set(&key("TEAMS__DEFAULT_TEAM__ENABLED"), "false")
        .set(&key("TEAMS__ALLOW_REMOVING_ALL_TEAMS"), "true")
        .start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    assert_eq!(read(&ada, "list-teams").await, json!([]));
    assert_eq!(active(&ada).await[1], Value::Null);
    let team = done(&ada, "create-team", json!({ "name": "t" })).await["id"].clone();
    done(&ada, "remove-team", json!({ "teamId": team })).await;
}

/// In Better Auth the option has no effect, since the second invitation is rejected first.
#[tokio::test]
async fn a_second_invitation_can_cancel_the_first() {
    let server = with_plugin()
        .set(&key("CANCEL_PENDING_INVITATIONS_ON_RE_INVITE"), "true")
        .start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    invite(&ada, &id, "bob", "member").await;
    server.clock.advance(chrono::TimeDelta::seconds(1));
    invite(&ada, &id, "bob", "admin").await;
    let invitations = read(&ada, "list-invitations").await;
    let states = [0, 1].map(|index| invitations[index]["status"].clone());
    assert_eq!(states, [json!("canceled"), json!("pending")]);
}

#[tokio::test]
async fn the_link_of_an_invitation_leads_to_the_configured_page() {
    let server = with_plugin()
        .set(&key("INVITATION_URL"), "https://app.example.com/join?from=mail")
        .start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let invitation = invite(&ada, &id, "bob", "member").await;
    let message = server.mailbox.next("bob@example.com").await;
    assert_eq!(
        message.url,
        format!("https://app.example.com/join?from=mail&invitationId={invitation}")
    );
}
