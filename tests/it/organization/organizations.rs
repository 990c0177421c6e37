//! Organizations themselves.

use serde_json::{Value, json};

use super::{active, create, done, get, joined, post, read, refused, text, unread, with_plugin, with_teams};

#[tokio::test]
async fn a_user_creates_an_organization_and_works_in_it() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let body = json!({ "name": "Acme", "slug": "acme", "logo": "https://x.example/l.png", "metadata": { "plan": "pro" } });
    let created = done(&ada, "create", body).await;
    let (id, member) = (&created["id"], &created["members"][0]);
    let at = "2026-01-01T00:00:00.000Z";
    let expected = json!({
        "name": "Acme", "slug": "acme", "logo": "https://x.example/l.png", "createdAt": at,
        "metadata": { "plan": "pro" }, "id": id,
        "members": [{ "organizationId": id, "userId": member["userId"], "role": "owner", "createdAt": at, "id": member["id"] }],
    });
    assert_eq!(created, expected);
    assert_eq!(active(&ada).await, [id.clone(), Value::Null]);

    let listed = read(&ada, "list").await;
    let metadata = &listed[0]["metadata"];
    assert_eq!(
        metadata, r#"{"plan":"pro"}"#,
        "what is read has the metadata as a text"
    );

    let kept = json!({ "name": "Beta", "slug": "beta", "keepCurrentActiveOrganization": true });
    let second = done(&ada, "create", kept).await;
    assert!(
        second.get("metadata").is_none() && second["logo"].is_null(),
        "{second}"
    );
    assert_eq!(active(&ada).await[0], *id);
    assert_eq!(read(&ada, "list").await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_new_organization_has_a_default_team() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let teams = read(&ada, "list-teams").await;
    let team = &teams[0];
    assert_eq!(
        json!([team["name"], team["organizationId"], team["updatedAt"]]),
        json!(["acme", id, null])
    );
    assert_eq!(active(&ada).await, [json!(id), team["id"].clone()]);
    let members = read(&ada, "list-team-members").await;
    assert_eq!(members.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_creation_with_an_invalid_body_is_rejected_before_the_session_is_read() {
    let server = with_plugin().start();
    for (body, issue) in [
        (
            json!({}),
            "[body.name] Invalid input: expected string, received undefined; [body.slug] Invalid input: expected string, received undefined",
        ),
        (
            json!({ "name": "", "slug": "s", "metadata": [] }),
            "[body.name] Too small: expected string to have >=1 characters; [body.metadata] Invalid input: expected record, received array",
        ),
        (
            json!({ "name": "n", "slug": "s", "keepCurrentActiveOrganization": "no" }),
            "[body.keepCurrentActiveOrganization] Invalid input: expected boolean, received string",
        ),
    ] {
        let answer = post(&server.anonymous(), "create", body).await;
        assert_eq!(
            (answer.status, answer.json()["message"].clone()),
            (400, json!(issue))
        );
    }
    let answer = post(&server.anonymous(), "create", json!({ "name": "n", "slug": "s" })).await;
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
}

#[tokio::test]
async fn a_slug_belongs_to_one_organization_and_its_case_counts() {
    let server = with_plugin().start();
    let (ada, bob) = (server.signed_up("ada").await, server.signed_up("bob").await);
    create(&ada, "acme").await;
    let taken = (400, "ORGANIZATION_ALREADY_EXISTS");
    refused(&bob, "create", json!({ "name": "n", "slug": "acme" }), taken).await;
    refused(
        &bob,
        "check-slug",
        json!({ "slug": "acme" }),
        (400, "SLUG_IS_TAKEN"),
    )
    .await;
    assert_eq!(
        done(&bob, "check-slug", json!({ "slug": "Acme" })).await,
        json!({ "status": true })
    );
    create(&bob, "Acme").await;
    let taken = (400, "ORGANIZATION_SLUG_ALREADY_TAKEN");
    refused(&bob, "update", json!({ "data": { "slug": "acme" } }), taken).await;
    done(&bob, "update", json!({ "data": { "slug": "Acme" } })).await;
}

#[tokio::test]
async fn an_owner_and_an_admin_change_the_organization_and_a_member_does_not() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let admin = joined(&server, &ada, &id, "bob", "admin").await.caller;
    let member = joined(&server, &ada, &id, "eve", "member").await.caller;
    let changed = done(
        &ada,
        "update",
        json!({ "data": { "name": "New", "metadata": { "a": 1 } } }),
    )
    .await;
    assert_eq!(
        json!([changed["name"], changed["metadata"], changed["slug"]]),
        json!(["New", { "a": 1 }, "acme"])
    );
    let body = json!({ "data": { "logo": "l" }, "organizationId": id });
    assert_eq!(done(&admin, "update", body.clone()).await["logo"], "l");
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION");
    refused(&member, "update", body.clone(), forbidden).await;
    let stranger = server.signed_up("mallory").await;
    refused(
        &stranger,
        "update",
        body,
        (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"),
    )
    .await;
    let body = json!({ "data": {} });
    refused(&stranger, "update", body, (400, "ORGANIZATION_NOT_FOUND")).await;
    let answer = post(&ada, "update", json!({ "data": { "name": "" } })).await;
    assert_eq!(
        answer.json()["message"],
        "[body.data.name] Too small: expected string to have >=1 characters"
    );
}

#[tokio::test]
async fn only_an_owner_deletes_the_organization_with_everything_in_it() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let admin = joined(&server, &ada, &id, "bob", "admin").await.caller;
    let stranger = server.signed_up("mallory").await;
    let body = json!({ "organizationId": id });
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION");
    refused(&admin, "delete", body.clone(), forbidden).await;
    refused(
        &stranger,
        "delete",
        body.clone(),
        (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"),
    )
    .await;
    let team = active(&ada).await[1].clone();
    assert_eq!(done(&ada, "delete", body.clone()).await["slug"], "acme");
    assert_eq!(
        active(&ada).await,
        [Value::Null, team],
        "the active team stays, as in Better Auth"
    );
    for table in ["organization", "member", "invitation", "team", "\"teamMember\""] {
        assert_eq!(server.rows(&format!("select from {table}")), 0, "{table}");
    }
    refused(
        &ada,
        "delete",
        body,
        (400, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"),
    )
    .await;
}

#[tokio::test]
async fn a_caller_chooses_the_organization_to_work_in() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let (acme, beta) = (create(&ada, "acme").await, create(&ada, "beta").await);
    let answer = post(&ada, "set-active", json!({ "organizationId": acme })).await;
    assert!(
        answer
            .header("set-cookie")
            .unwrap()
            .starts_with("better-auth.session_token="),
        "{answer}"
    );
    assert_eq!(
        (answer.json()["slug"].clone(), active(&ada).await[0].clone()),
        (json!("acme"), json!(acme))
    );
    assert_eq!(
        done(&ada, "set-active", json!({ "organizationSlug": "beta" })).await["id"],
        beta
    );
    assert_eq!(
        done(&ada, "set-active", json!({})).await["id"],
        beta,
        "the current one"
    );
    assert_eq!(
        done(&ada, "set-active", json!({ "organizationId": null })).await,
        Value::Null
    );
    assert_eq!(active(&ada).await[0], Value::Null);
    let answer = post(&ada, "set-active", json!({})).await;
    assert_eq!(
        (answer.body.as_str(), answer.header("set-cookie")),
        ("null", None)
    );
    let unknown = json!({ "organizationSlug": "gamma" });
    refused(&ada, "set-active", unknown, (400, "ORGANIZATION_NOT_FOUND")).await;
}

/// As in Better Auth: a rejected choice clears the active organization of the session.
#[tokio::test]
async fn a_caller_who_selects_the_organization_of_others_works_in_none() {
    let server = with_plugin().start();
    let (ada, bob) = (server.signed_up("ada").await, server.signed_up("bob").await);
    let (foreign, own) = (create(&ada, "acme").await, create(&bob, "beta").await);
    let rejected = (403, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION");
    refused(&bob, "set-active", json!({ "organizationId": foreign }), rejected).await;
    assert_eq!(active(&bob).await[0], Value::Null);
    done(&bob, "set-active", json!({ "organizationId": own })).await;
    unread(
        &bob,
        &format!("get-full-organization?organizationId={foreign}"),
        rejected,
    )
    .await;
    assert_eq!(active(&bob).await[0], Value::Null);
}

#[tokio::test]
async fn the_whole_organization_is_read_at_once() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    server.clock.advance(chrono::TimeDelta::seconds(1));
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let full = read(&ada, "get-full-organization").await;
    assert_eq!(full["metadata"], Value::Null);
    assert_eq!(full["invitations"][0]["status"], "accepted");
    assert_eq!(full["teams"][0]["name"], "acme");
    let members = full["members"].as_array().unwrap();
    let names: Vec<_> = members
        .iter()
        .map(|member| text(&member["user"]["name"]))
        .collect();
    assert_eq!(names, ["ada", "bob"]);
    let user = json!({ "id": bob.user, "name": "bob", "email": "bob@example.com", "image": null });
    assert_eq!(members[1]["user"], user);

    for (query, count) in [
        ("?organizationSlug=acme", 2),
        ("?membersLimit=1", 1),
        ("?membersLimit=x", 2),
    ] {
        let full = read(&bob.caller, &format!("get-full-organization{query}")).await;
        assert_eq!(full["members"].as_array().unwrap().len(), count, "{query}");
    }
    let stranger = server.signed_up("mallory").await;
    assert_eq!(get(&stranger, "get-full-organization").await.body, "null");
    let unknown = (400, "ORGANIZATION_NOT_FOUND");
    unread(&stranger, "get-full-organization?organizationSlug=x", unknown).await;
}
