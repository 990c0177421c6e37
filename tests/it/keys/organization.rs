//! Proofs of the keys of `plugins.organization`.

use chrono::TimeDelta;
use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer, basic};
use serde_json::{Value, json};

use super::proof::{Proof, refused, server};

const ENABLED: &str = "plugins.organization.enabled";
const TEAMS: &str = "plugins.organization.teams.enabled";
const MAXIMUM_MEMBERS: &str = "plugins.organization.teams.maximum_members_per_team";
const DYNAMIC: &str = "plugins.organization.dynamic_access_control.enabled";
const AC: &str = "plugins.organization.ac";
const ROLES: &str = "plugins.organization.roles";
const CREATOR: &str = "plugins.organization.creator_role";
const OWNER: &str =
    r#"{"chief":{"organization":["update"]},"owner":{"invitation":["create"],"member":["update"]}}"#;

async fn post(caller: &Caller, path: &str, body: Value) -> String {
    let call = caller.post(&format!("/organization/{path}"), &body);
    call.send().await.to_string()
}

async fn get(caller: &Caller, path: &str) -> String {
    caller
        .get(&format!("/organization/{path}"))
        .send()
        .await
        .to_string()
}

/// A user with an organization, and the answer to its creation.
async fn created(server: &TestServer) -> (Caller, String) {
    let ada = server.signed_up("ada").await;
    let answer = post(&ada, "create", json!({ "name": "Acme", "slug": "acme" })).await;
    (ada, answer)
}

async fn creation(server: &TestServer) -> String {
    created(server).await.1
}

async fn creation_by_a_service(server: &TestServer) -> String {
    let caller = server.anonymous();
    let body = json!({ "userId": "none", "name": "n", "slug": "s" });
    let call = caller.post("/portcullis/admin/organizations/create", &body);
    let call = call.header("authorization", &basic("name", SERVICE_SECRET));
    call.send().await.to_string()
}

async fn second_creation(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    post(&ada, "create", json!({ "name": "Beta", "slug": "beta" })).await
}

async fn deletion(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    post(&ada, "delete", json!({ "organizationId": "other" })).await
}

async fn invited(ada: &Caller, name: &str) -> Value {
    let body = json!({ "email": format!("{name}@example.com"), "role": "member" });
    let call = ada.post("/organization/invite-member", &body);
    call.send().await.json()
}

async fn invitation(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    invited(&ada, "bob").await.to_string()
}

async fn second_invitation(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    invited(&ada, "bob").await;
    invited(&ada, "bob").await.to_string()
}

async fn acceptance(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    let id = invited(&ada, "bob").await["id"].clone();
    let bob = server.signed_up("bob").await;
    post(&bob, "accept-invitation", json!({ "invitationId": id })).await
}

async fn acceptance_after_an_hour(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    let id = invited(&ada, "bob").await["id"].clone();
    let bob = server.signed_up("bob").await;
    server.clock.advance(TimeDelta::hours(1));
    post(&bob, "accept-invitation", json!({ "invitationId": id })).await
}

async fn link(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    invited(&ada, "bob").await;
    server.mailbox.next("bob@example.com").await.url
}

async fn teams(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    get(&ada, "list-teams").await
}

async fn second_team(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    post(&ada, "create-team", json!({ "name": "t" })).await
}

async fn last_team(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    let session = ada.get("/get-session").send().await.json()["session"].clone();
    post(&ada, "set-active-team", json!({ "teamId": null })).await;
    post(&ada, "remove-team", json!({ "teamId": session["activeTeamId"] })).await
}

async fn invitation_to_the_default_team(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    let session = ada.get("/get-session").send().await.json()["session"].clone();
    let body = json!({ "email": "bob@example.com", "role": "member", "teamId": session["activeTeamId"] });
    post(&ada, "invite-member", body).await
}

async fn new_role(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    post(&ada, "create-role", json!({ "role": "r", "permission": {} })).await
}

async fn update(server: &TestServer) -> String {
    let (ada, _) = created(server).await;
    post(&ada, "update", json!({ "data": { "name": "n" } })).await
}

/// The proofs of the keys of teams and of roles that organizations create.
fn of_teams_and_roles() -> Vec<Proof> {
    let within_teams = [
        server(
            "plugins.organization.teams.default_team.enabled",
            "false",
            teams,
            [r#""name":"Acme""#, "\n[]"],
        ),
        server(
            "plugins.organization.teams.maximum_teams",
            "1",
            second_team,
            [r#""name":"t""#, "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_TEAMS"],
        ),
        server(
            MAXIMUM_MEMBERS,
            "1",
            invitation_to_the_default_team,
            ["pending", "TEAM_MEMBER_LIMIT_REACHED"],
        ),
        server(
            "plugins.organization.teams.allow_removing_all_teams",
            "true",
            last_team,
            ["UNABLE_TO_REMOVE_LAST_TEAM", "Team removed successfully."],
        ),
    ];
    let teams = within_teams.map(|proof| proof.with(TEAMS, "true"));
    let roles = [
        server(DYNAMIC, "true", new_role, ["404\n", "501\n"]),
        server(AC, "{}", new_role, ["501\n", r#""success":true"#]).with(DYNAMIC, "true"),
        server(
            "plugins.organization.dynamic_access_control.maximum_roles_per_organization",
            "0",
            new_role,
            [r#""success":true"#, "THIS_ORGANIZATION_HAS_TOO_MANY_ROLES"],
        )
        .with(DYNAMIC, "true")
        .with(AC, "{}"),
    ];
    teams.into_iter().chain(roles).collect()
}

#[expect(clippy::too_many_lines, reason = "a table of cases")]
pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = vec![
        server(
            "plugins.organization.allow_user_to_create_organization",
            "false",
            creation,
            [
                r#""slug":"acme""#,
                "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_ORGANIZATION",
            ],
        ),
        server(
            "plugins.organization.organization_limit",
            "1",
            second_creation,
            [
                r#""slug":"beta""#,
                "YOU_HAVE_REACHED_THE_MAXIMUM_NUMBER_OF_ORGANIZATIONS",
            ],
        ),
        server(
            CREATOR,
            "admin",
            creation,
            [r#""role":"owner""#, r#""role":"admin""#],
        ),
        refused(CREATOR, "chief", "there is no role \"chief\""),
        server(
            "plugins.organization.membership_limit",
            "1",
            acceptance,
            [r#""accepted""#, "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED"],
        ),
        server(
            ROLES,
            OWNER,
            update,
            [r#""name":"n""#, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION"],
        ),
        refused(ROLES, r#"{"owner":{"x":1}}"#, "must be a list of actions"),
        refused(ROLES, r#"{"owner":1}"#, "must be a table"),
        refused(ROLES, r#"{"owner":{},"a,b":{}}"#, "needs a name without commas"),
        refused(AC, r#"{"x":1}"#, "must be a list of actions"),
        refused(ROLES, r#"{"owner":{"x":["y"]}}"#, "contains the resource \"x\"").with(AC, "{}"),
        server(TEAMS, "true", teams, ["404\n", r#""name":"Acme""#]),
        server(
            "plugins.organization.invitation_expires_in",
            "60",
            acceptance_after_an_hour,
            [r#""accepted""#, "INVITATION_NOT_FOUND"],
        ),
        server(
            "plugins.organization.invitation_limit",
            "0",
            invitation,
            ["pending", "INVITATION_LIMIT_REACHED"],
        ),
        server(
            "plugins.organization.invitation_url",
            "/join",
            link,
            ["/accept-invitation?invitationId=", "/join?invitationId="],
        ),
        refused(
            "plugins.organization.invitation_url",
            "ftp://x",
            "must be an http or https URL",
        ),
        server(
            "plugins.organization.cancel_pending_invitations_on_re_invite",
            "true",
            second_invitation,
            ["USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION", "pending"],
        ),
        server(
            "plugins.organization.require_email_verification_on_invitation",
            "true",
            acceptance,
            [
                r#""accepted""#,
                "EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION",
            ],
        ),
        server(
            "plugins.organization.disable_organization_deletion",
            "true",
            deletion,
            [
                "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION",
                "ORGANIZATION_DELETION_IS_DISABLED",
            ],
        ),
    ];
    proofs.extend(of_teams_and_roles());
    proofs.push(
        server(
            "clients.NAME.administrator",
            "true",
            creation_by_a_service,
            ["SERVICE_IS_NOT_AN_ADMINISTRATOR", "USER_NOT_FOUND"],
        )
        .with("clients.NAME.secret", SERVICE_SECRET),
    );
    let mut proofs: Vec<_> = proofs
        .into_iter()
        .map(|proof| proof.with(ENABLED, "true"))
        .collect();
    proofs.push(server(ENABLED, "true", creation, ["404\n", r#""slug":"acme""#]));
    proofs
}
