//! Teams.

use serde_json::{Value, json};

use super::{active, create, done, get, joined, post, read, refused, text, unread, with_plugin, with_teams};

#[tokio::test]
async fn teams_are_created_changed_listed_and_removed() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    server.clock.advance(chrono::TimeDelta::seconds(1));
    let at = "2026-01-01T00:00:01.000Z";
    let team = done(&ada, "create-team", json!({ "name": "Sales" })).await;
    let expected =
        json!({ "name": "Sales", "organizationId": id, "createdAt": at, "updatedAt": at, "id": team["id"] });
    assert_eq!(team, expected);
    server.clock.advance(chrono::TimeDelta::seconds(1));
    let change = json!({ "teamId": team["id"], "data": { "name": "Support", "id": "other" } });
    let changed = done(&ada, "update-team", change).await;
    assert_eq!(
        json!([changed["name"], changed["id"], changed["updatedAt"]]),
        json!(["Support", team["id"], "2026-01-01T00:00:02.000Z"])
    );
    let teams = read(&ada, "list-teams").await;
    assert_eq!(
        json!([teams[0]["name"], teams[1]["name"]]),
        json!(["acme", "Support"])
    );
    let removed = done(&ada, "remove-team", json!({ "teamId": team["id"] })).await;
    assert_eq!(removed, json!({ "message": "Team removed successfully." }));
    refused(
        &ada,
        "remove-team",
        json!({ "teamId": team["id"] }),
        (400, "TEAM_NOT_FOUND"),
    )
    .await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn teams_are_changed_only_by_members_who_may() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let default = active(&ada).await[1].clone();
    let team = text(&done(&ada, "create-team", json!({ "name": "Sales" })).await["id"]);
    let member = joined(&server, &ada, &id, "bob", "member").await.caller;
    let stranger = server.signed_up("mallory").await;
    let of = |team: &str| json!({ "teamId": team, "organizationId": id });
    let update = |organization: &str| json!({ "teamId": team, "data": { "name": "n", "organizationId": organization } });
    for (caller, path, body, status, code) in [
        (
            &stranger,
            "create-team",
            json!({ "name": "n" }),
            400,
            "NO_ACTIVE_ORGANIZATION",
        ),
        (
            &stranger,
            "create-team",
            json!({ "name": "n", "organizationId": id }),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION",
        ),
        (
            &member,
            "create-team",
            json!({ "name": "n" }),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_CREATE_TEAMS_IN_THIS_ORGANIZATION",
        ),
        (
            &stranger,
            "update-team",
            update(&id),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM",
        ),
        (
            &member,
            "update-team",
            update(&id),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_TEAM",
        ),
        (
            &ada,
            "update-team",
            json!({ "teamId": "none", "data": {} }),
            400,
            "TEAM_NOT_FOUND",
        ),
        (
            &stranger,
            "remove-team",
            of(&team),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM",
        ),
        (
            &member,
            "remove-team",
            of(&team),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_DELETE_TEAMS_IN_THIS_ORGANIZATION",
        ),
        (
            &ada,
            "remove-team",
            of(default.as_str().unwrap()),
            403,
            "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_TEAM",
        ),
    ] {
        refused(caller, path, body, (status, code)).await;
    }
    unread(&stranger, "list-teams", (400, "NO_ACTIVE_ORGANIZATION")).await;
    let foreign = (403, "YOU_ARE_NOT_ALLOWED_TO_ACCESS_THIS_ORGANIZATION_AS_AN_OWNER");
    unread(&stranger, &format!("list-teams?organizationId={id}"), foreign).await;
    for path in ["update-team", "remove-team"] {
        let body = json!({ "teamId": team, "data": { "name": "n" } });
        assert_eq!(post(&stranger, path, body).await.body, "null", "{path}");
    }
    let answer = post(
        &ada,
        "update-team",
        json!({ "teamId": team, "data": { "createdAt": "2026" } }),
    )
    .await;
    assert_eq!(
        answer.json()["message"],
        "[body.data.createdAt] Invalid input: expected date, received string"
    );
}

#[tokio::test]
async fn the_last_team_is_not_removed() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    let team = active(&ada).await[1].clone();
    done(&ada, "set-active-team", json!({ "teamId": null })).await;
    refused(
        &ada,
        "remove-team",
        json!({ "teamId": team }),
        (400, "UNABLE_TO_REMOVE_LAST_TEAM"),
    )
    .await;
}

#[tokio::test]
async fn a_member_of_a_team_works_in_it() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    let default = active(&ada).await[1].clone();
    let team = done(&ada, "create-team", json!({ "name": "Sales" })).await["id"].clone();
    let foreign = (403, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM");
    refused(&ada, "set-active-team", json!({ "teamId": team }), foreign).await;
    refused(
        &ada,
        "set-active-team",
        json!({ "teamId": "none" }),
        (400, "TEAM_NOT_FOUND"),
    )
    .await;
    let answer = post(&ada, "set-active-team", json!({ "teamId": null })).await;
    assert_eq!(answer.body, "null");
    assert!(answer.header("set-cookie").is_some(), "{answer}");
    assert_eq!(active(&ada).await[1], Value::Null);
    let answer = post(&ada, "set-active-team", json!({})).await;
    assert_eq!(
        (answer.body.as_str(), answer.header("set-cookie")),
        ("null", None)
    );
    unread(&ada, "list-team-members", (400, "YOU_DO_NOT_HAVE_AN_ACTIVE_TEAM")).await;
    let query = format!("list-team-members?teamId={}", text(&team));
    unread(&ada, &query, (400, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM")).await;
    assert_eq!(
        done(&ada, "set-active-team", json!({ "teamId": default })).await["id"],
        default
    );
    assert_eq!(active(&ada).await[1], default);
    assert_eq!(
        done(&ada, "set-active-team", json!({})).await["id"],
        default,
        "the current one"
    );
    assert_eq!(read(&ada, "list-user-teams").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn members_join_and_leave_teams() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let team = text(&done(&ada, "create-team", json!({ "name": "Sales" })).await["id"]);
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let body = json!({ "teamId": team, "userId": bob.user });
    let added = done(&ada, "add-team-member", body.clone()).await;
    let at = "2026-01-01T00:00:00.000Z";
    assert_eq!(
        added,
        json!({ "teamId": team, "userId": bob.user, "createdAt": at, "id": added["id"] })
    );
    assert_eq!(
        done(&ada, "add-team-member", body.clone()).await,
        added,
        "a second time changes nothing"
    );
    let listed = read(&bob.caller, &format!("list-team-members?teamId={team}")).await;
    assert_eq!(listed, json!([added]));
    let removed = done(&ada, "remove-team-member", body.clone()).await;
    assert_eq!(removed, json!({ "message": "Team member removed successfully." }));
    refused(
        &ada,
        "remove-team-member",
        body.clone(),
        (400, "USER_IS_NOT_A_MEMBER_OF_THE_TEAM"),
    )
    .await;

    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_CREATE_A_NEW_MEMBER");
    refused(&bob.caller, "add-team-member", body.clone(), forbidden).await;
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_REMOVE_A_TEAM_MEMBER");
    refused(&bob.caller, "remove-team-member", body.clone(), forbidden).await;
    let unknown = json!({ "teamId": "none", "userId": bob.user });
    let stranger = json!({ "teamId": team, "userId": 5 });
    for path in ["add-team-member", "remove-team-member"] {
        refused(&ada, path, unknown.clone(), (400, "TEAM_NOT_FOUND")).await;
        refused(
            &ada,
            path,
            stranger.clone(),
            (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"),
        )
        .await;
    }
    let mallory = server.signed_up("mallory").await;
    refused(
        &mallory,
        "add-team-member",
        body.clone(),
        (400, "NO_ACTIVE_ORGANIZATION"),
    )
    .await;

    done(&ada, "add-team-member", body).await;
    done(&ada, "remove-member", json!({ "memberIdOrEmail": bob.member })).await;
    assert_eq!(
        read(&bob.caller, "list-user-teams").await,
        json!([]),
        "the teams end with the membership"
    );
}

#[tokio::test]
async fn teams_can_be_enabled_later() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let later = with_teams().replica_of(&server).start();
    let ada = later.signed_in("ada").await;
    done(&ada, "set-active", json!({ "organizationId": id })).await;
    assert_eq!(get(&ada, "list-teams").await.json(), json!([]));
    done(&ada, "create-team", json!({ "name": "Sales" })).await;
}
