//! The roles that members give, and members with several rows.

use portcullis_testkit::TestServer;
use serde_json::json;

use super::{
    active, create, done, get, invite, joined, own_member, read, refused, text, unread, with_plugin,
    with_roles, with_teams,
};

const NOT_UPDATED: (u16, &str) = (403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
const NOT_INVITED: (u16, &str) = (403, "YOU_ARE_NOT_ALLOWED_TO_INVITE_A_USER_WITH_THIS_ROLE");

#[tokio::test]
async fn a_member_gives_no_role_that_permits_more_than_its_own() {
    let server = with_roles().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "admin").await;
    let body = json!({ "role": "super", "permission": { "organization": ["delete"] } });
    done(&ada, "create-role", body).await;
    let body = json!({ "role": "helper", "permission": { "member": ["update"] } });
    done(&ada, "create-role", body).await;
    for role in [json!("admin,super"), json!([" super"])] {
        let body = json!({ "memberId": bob.member, "role": role });
        refused(&bob.caller, "update-member-role", body, NOT_UPDATED).await;
        let body = json!({ "email": "x@example.com", "role": role });
        refused(&bob.caller, "invite-member", body, NOT_INVITED).await;
    }
    let body = json!({ "memberId": bob.member, "role": "admin,helper" });
    done(&bob.caller, "update-member-role", body).await;
    let body = json!({ "memberId": bob.member, "role": "admin,super" });
    done(&ada, "update-member-role", body).await;
    let may = json!({ "permissions": { "organization": ["delete"] } });
    assert_eq!(done(&bob.caller, "has-permission", may).await["success"], true);
}

#[tokio::test]
async fn no_member_holds_the_name_of_a_later_role() {
    let server = with_roles().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "admin").await;
    let body = json!({ "memberId": bob.member, "role": "admin,billing" });
    let unknown = (400, "ROLE_NOT_FOUND_BILLING");
    refused(&bob.caller, "update-member-role", body.clone(), unknown).await;
    refused(&ada, "update-member-role", body.clone(), unknown).await;
    let role = json!({ "role": "billing", "permission": { "member": ["update"] } });
    done(&ada, "create-role", role).await;
    done(&bob.caller, "update-member-role", body).await;
}

#[tokio::test]
async fn a_role_that_an_open_invitation_names_is_not_deleted() {
    let server = with_roles().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let role = json!({ "role": "tmp", "permission": { "member": ["update"] } });
    done(&ada, "create-role", role).await;
    let invitation = invite(&ada, &id, "bob", "tmp").await;
    let named = json!({ "roleName": "tmp" });
    let used = "CANNOT_DELETE_A_ROLE_THAT_IS_ASSIGNED_TO_MEMBERS_PLEASE_REASSIGN_THE_MEMBERS_TO_A_DIFFERENT_ROLE_FIRST";
    refused(&ada, "delete-role", named.clone(), (400, used)).await;
    done(&ada, "cancel-invitation", json!({ "invitationId": invitation })).await;
    done(&ada, "delete-role", named).await;
}

/// Adds a second row of a member, which Better Auth stores, with another role.
fn joins_again(server: &TestServer, name: &str, role: &str) {
    server.execute(&format!(
        r#"insert into member (id, "organizationId", "userId", role, "createdAt")
           select '{name}-{role}', m."organizationId", u.id, '{role}', now() + interval '1 year'
           from "user" u join member m on m."userId" = u.id where u.name = '{name}'"#
    ));
}

#[tokio::test]
async fn every_row_of_an_owner_counts() {
    let server = with_plugin()
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "admin").await;
    joins_again(&server, "ada", "member");
    server.execute(
        r#"update member set role = case when role = 'owner' then 'member' else 'owner' end
           where "userId" = (select id from "user" where name = 'ada')"#,
    );
    let row = own_member(&ada).await;
    let only = "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER";
    refused(&ada, "leave", json!({ "organizationId": id }), (400, only)).await;
    let body = json!({ "memberIdOrEmail": row });
    refused(&bob.caller, "remove-member", body, (400, only)).await;
    let body = json!({ "memberId": row, "role": "member" });
    refused(&bob.caller, "update-member-role", body.clone(), NOT_UPDATED).await;
    let without = (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER");
    refused(&ada, "update-member-role", body, without).await;
    let deletion = ada.post("/delete-user", &json!({})).send().await;
    assert_eq!(deletion.code(), "USER_IS_THE_ONLY_OWNER_OF_AN_ORGANIZATION");
    let may = json!({ "permissions": { "organization": ["delete"] } });
    assert_eq!(done(&ada, "has-permission", may).await["success"], true);
}

#[tokio::test]
async fn a_row_of_a_team_has_no_effect_without_the_membership() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let team = active(&ada).await[1].clone();
    done(
        &ada,
        "add-team-member",
        json!({ "teamId": team, "userId": bob.user }),
    )
    .await;
    assert_eq!(read(&bob.caller, "list-user-teams").await[0]["id"], team);
    server.execute("delete from member where role = 'member'");
    assert_eq!(read(&bob.caller, "list-user-teams").await, json!([]));
    let outside = (403, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM");
    refused(&bob.caller, "set-active-team", json!({ "teamId": team }), outside).await;
    let list = format!("list-team-members?teamId={}", text(&team));
    assert_ne!(get(&bob.caller, &list).await.status, 200);
}

#[tokio::test]
async fn a_key_accepts_an_invitation_and_sets_no_active_organization() {
    let server = with_teams()
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLED", "true")
        .set("PORTCULLIS_PLUGINS__API_KEY__ENABLE_SESSION_FOR_API_KEYS", "true")
        .start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let team = active(&ada).await[1].clone();
    let bob = server.signed_up("bob").await;
    let key = text(&bob.post("/api-key/create", &json!({})).send().await.json()["key"]);
    let invitation = json!({ "email": "bob@example.com", "role": "member", "teamId": team });
    let invitation = done(&ada, "invite-member", invitation).await["id"].clone();
    let by_key = server.anonymous();
    for (path, body, expected) in [
        ("accept-invitation", json!({ "invitationId": invitation }), 200),
        ("set-active", json!({ "organizationId": id }), 403),
        ("set-active-team", json!({ "teamId": team }), 403),
        ("create", json!({ "name": "Own", "slug": "own" }), 200),
    ] {
        let call = by_key.post(&format!("/organization/{path}"), &body);
        let answer = call.header("x-api-key", &key).send().await;
        assert_eq!(answer.status, expected, "{path}: {answer}");
        if expected == 403 {
            assert_eq!(answer.code(), "KEY_IS_NOT_ACCEPTED");
        }
    }
    assert_eq!(by_key.cookies(), "", "the client stores no session");
    assert_eq!(active(&bob).await, [json!(null), json!(null)]);
    assert_eq!(read(&bob, "list").await.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_filter_with_a_time_that_the_database_cannot_store_is_rejected() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    for time in ["-4713-01-01", "%2B10000-01-01", "0000-01-01"] {
        let query = format!("list-members?filterField=createdAt&filterOperator=gt&filterValue={time}");
        unread(&ada, &query, (400, "INVALID_FIELD")).await;
    }
}
