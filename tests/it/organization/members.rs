//! Members of organizations.

use serde_json::{Value, json};

use super::{active, create, done, get, joined, own_member, post, read, refused, text, unread, with_plugin};

#[tokio::test]
async fn a_caller_reads_the_own_membership() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    assert_eq!(get(&ada, "get-active-member").await.body, "null");
    unread(&ada, "get-active-member-role", (400, "NO_ACTIVE_ORGANIZATION")).await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let member = read(&bob.caller, "get-active-member").await;
    let at = "2026-01-01T00:00:00.000Z";
    let user = json!({ "id": bob.user, "name": "bob", "email": "bob@example.com", "image": null });
    let expected = json!({ "organizationId": id, "userId": bob.user, "role": "member", "createdAt": at, "id": bob.member, "user": user });
    assert_eq!(member, expected);
    for (query, role) in [
        (String::new(), "owner"),
        (format!("?userId={}", bob.user), "member"),
        ("?organizationSlug=acme".to_owned(), "owner"),
    ] {
        let answer = read(&ada, &format!("get-active-member-role{query}")).await;
        assert_eq!(answer, json!({ "role": role }));
    }
    let foreign = (403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION");
    unread(&ada, "get-active-member-role?userId=none", foreign).await;
    unread(&ada, "get-active-member-role?organizationId=other", foreign).await;
    unread(
        &ada,
        "get-active-member-role?organizationSlug=other",
        (400, "ORGANIZATION_NOT_FOUND"),
    )
    .await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn members_are_listed_in_pages_with_order_and_filter() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    unread(&ada, "list-members", (400, "NO_ACTIVE_ORGANIZATION")).await;
    let id = create(&ada, "acme").await;
    for (name, role) in [("bob", "admin"), ("carl", "member"), ("dora", "member")] {
        server.clock.advance(chrono::TimeDelta::seconds(1));
        joined(&server, &ada, &id, name, role).await;
    }
    for (query, names, total) in [
        ("", &["ada", "bob", "carl", "dora"][..], 4),
        ("?limit=2", &["ada", "bob"], 4),
        ("?limit=2&offset=2", &["carl", "dora"], 4),
        ("?limit=1000", &["ada", "bob", "carl", "dora"], 4),
        ("?offset=9", &[], 4),
        ("?limit=x&offset=x", &["ada", "bob", "carl", "dora"], 4),
        (
            "?sortBy=createdAt&sortDirection=desc",
            &["dora", "carl", "bob", "ada"],
            4,
        ),
        ("?filterField=role&filterValue=admin", &["bob"], 1),
        (
            "?filterField=role&filterValue=member&filterOperator=ne",
            &["ada", "bob"],
            2,
        ),
        (
            "?filterField=role&filterValue=MEM&filterOperator=contains",
            &["carl", "dora"],
            2,
        ),
        (
            "?filterField=role&filterValue=%25&filterOperator=contains",
            &[],
            0,
        ),
        (
            "?filterField=role&filterValue=m_mber&filterOperator=contains",
            &[],
            0,
        ),
        ("?organizationSlug=acme&limit=1", &["ada"], 4),
    ] {
        let page = read(&ada, &format!("list-members{query}")).await;
        let members = page["members"].as_array().unwrap().iter();
        let found: Vec<_> = members.map(|member| text(&member["user"]["name"])).collect();
        assert_eq!(
            (found.as_slice(), &page["total"]),
            (
                &names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>()[..],
                &json!(total)
            ),
            "{query}"
        );
    }
    unread(&ada, "list-members?sortBy=password", (400, "INVALID_FIELD")).await;
    unread(&ada, "list-members?sortDirection=up", (400, "VALIDATION_ERROR")).await;
    let stranger = server.signed_up("mallory").await;
    let foreign = (403, "YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION");
    unread(&stranger, &format!("list-members?organizationId={id}"), foreign).await;
    unread(&stranger, "list-members?organizationSlug=acme", foreign).await;
    unread(
        &stranger,
        "list-members?organizationSlug=none",
        (400, "ORGANIZATION_NOT_FOUND"),
    )
    .await;
}

#[tokio::test]
async fn members_are_removed_by_id_and_by_address() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let eve = joined(&server, &ada, &id, "eve", "member").await;
    let by_id = done(&ada, "remove-member", json!({ "memberIdOrEmail": bob.member })).await;
    assert!(by_id["member"].get("user").is_none(), "{by_id}");
    let by_address = done(
        &ada,
        "remove-member",
        json!({ "memberIdOrEmail": "EVE@example.com" }),
    )
    .await;
    assert_eq!(by_address["member"]["user"]["id"], eve.user);
    assert_eq!(read(&ada, "list-members").await["total"], 1);
    let missing = (400, "MEMBER_NOT_FOUND");
    refused(
        &ada,
        "remove-member",
        json!({ "memberIdOrEmail": bob.member }),
        missing,
    )
    .await;
    refused(
        &ada,
        "remove-member",
        json!({ "memberIdOrEmail": "x@example.com" }),
        missing,
    )
    .await;
    let stranger = server.signed_up("mallory").await;
    assert_eq!(
        post(&stranger, "remove-member", json!({ "memberIdOrEmail": "x" }))
            .await
            .body,
        "null"
    );
    let body = json!({ "memberIdOrEmail": "ada@example.com", "organizationId": id });
    refused(&stranger, "remove-member", body, missing).await;
}

#[tokio::test]
async fn an_owner_is_removed_only_by_an_owner_and_a_member_removes_no_member() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let owner = own_member(&ada).await;
    let admin = joined(&server, &ada, &id, "bob", "admin").await;
    let member = joined(&server, &ada, &id, "eve", "member").await;
    let only = (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER");
    for caller in [&ada, &admin.caller] {
        refused(caller, "remove-member", json!({ "memberIdOrEmail": owner }), only).await;
    }
    let forbidden = (401, "YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER");
    refused(
        &member.caller,
        "remove-member",
        json!({ "memberIdOrEmail": admin.member }),
        forbidden,
    )
    .await;
    refused(
        &member.caller,
        "remove-member",
        json!({ "memberIdOrEmail": member.member }),
        forbidden,
    )
    .await;
    done(
        &admin.caller,
        "remove-member",
        json!({ "memberIdOrEmail": member.member }),
    )
    .await;
}

#[tokio::test]
async fn roles_of_members_change() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let change = |role: Value| json!({ "memberId": bob.member, "role": role });
    for (role, stored) in [
        (json!("admin"), "admin"),
        (json!(["admin", "member"]), "admin,member"),
    ] {
        assert_eq!(
            done(&ada, "update-member-role", change(role)).await["role"],
            stored
        );
    }
    let answer = post(&ada, "update-member-role", change(json!(""))).await;
    assert_eq!((answer.status, answer.body.as_str()), (400, ""));
    let answer = post(&ada, "update-member-role", change(json!(5))).await;
    assert_eq!(answer.json()["message"], "[body.role] Invalid input");
    let own = json!({ "memberId": own_member(&ada).await, "role": "member" });
    let ownerless = (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER");
    refused(&ada, "update-member-role", own.clone(), ownerless).await;
    let forbidden = (403, "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER");
    refused(&bob.caller, "update-member-role", own, forbidden).await;
    refused(
        &bob.caller,
        "update-member-role",
        change(json!("owner")),
        forbidden,
    )
    .await;
    let unknown = json!({ "memberId": "none", "role": "member" });
    refused(
        &ada,
        "update-member-role",
        unknown.clone(),
        (400, "MEMBER_NOT_FOUND"),
    )
    .await;
    let stranger = server.signed_up("mallory").await;
    refused(
        &stranger,
        "update-member-role",
        unknown,
        (400, "NO_ACTIVE_ORGANIZATION"),
    )
    .await;
    done(&ada, "update-member-role", change(json!("owner"))).await;
    assert_eq!(read(&bob.caller, "get-active-member-role").await["role"], "owner");
}

#[tokio::test]
async fn a_member_leaves_and_the_last_owner_does_not() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "member").await;
    let body = json!({ "organizationId": id });
    let only = (400, "YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER");
    refused(&ada, "leave", body.clone(), only).await;
    let left = done(&bob.caller, "leave", body.clone()).await;
    assert_eq!(
        json!([left["id"], left["user"]["name"]]),
        json!([bob.member, "bob"])
    );
    assert_eq!(active(&bob.caller).await[0], Value::Null);
    refused(&bob.caller, "leave", body, (400, "MEMBER_NOT_FOUND")).await;
}

#[tokio::test]
async fn a_caller_asks_what_the_own_roles_permit() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let ask = |permissions: Value| json!({ "permissions": permissions });
    let nowhere = (400, "NO_ACTIVE_ORGANIZATION");
    refused(
        &ada,
        "has-permission",
        ask(json!({ "team": ["create"] })),
        nowhere,
    )
    .await;
    let id = create(&ada, "acme").await;
    let member = joined(&server, &ada, &id, "bob", "member").await.caller;
    for (caller, permissions, success) in [
        (
            &ada,
            json!({ "organization": ["update", "delete"], "member": ["create"] }),
            true,
        ),
        (&ada, json!({ "organization": ["sell"] }), false),
        (&ada, json!({ "unknown": ["read"] }), false),
        (&ada, json!({}), false),
        (&member, json!({ "ac": ["read"] }), true),
        (&member, json!({ "ac": ["read"], "team": ["create"] }), false),
    ] {
        let answer = done(caller, "has-permission", ask(permissions.clone())).await;
        assert_eq!(
            answer,
            json!({ "error": null, "success": success }),
            "{permissions}"
        );
    }
    let old = json!({ "permission": { "ac": ["read"] } });
    assert_eq!(done(&member, "has-permission", old).await["success"], true);
    for body in [
        json!({}),
        json!({ "permission": {}, "permissions": {} }),
        json!({ "permissions": { "ac": "read" } }),
    ] {
        let answer = post(&ada, "has-permission", body).await;
        assert_eq!(answer.json()["message"], "[body] Invalid input");
    }
    let stranger = server.signed_up("mallory").await;
    let body = json!({ "permissions": { "ac": ["read"] }, "organizationId": id });
    refused(
        &stranger,
        "has-permission",
        body,
        (401, "USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION"),
    )
    .await;
}
