//! Requests at the same time.

use futures_util::future::join_all;
use serde_json::json;

use super::{create, done, invite, joined, key, own_member, post, read, text, with_plugin, with_teams};

#[tokio::test]
async fn one_of_twenty_parallel_acceptances_succeeds() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = server.signed_up("bob").await;
    let body = json!({ "invitationId": invite(&ada, &id, "bob", "member").await });
    let answers = join_all((0..20).map(|_| post(&bob, "accept-invitation", body.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| answer.status < 500));
    assert_eq!(server.rows("select from member"), 2);
}

#[tokio::test]
async fn an_invitation_is_either_accepted_or_canceled() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = server.signed_up("bob").await;
    for _ in 0..5 {
        let body = json!({ "invitationId": invite(&ada, &id, "bob", "member").await });
        let accept = post(&bob, "accept-invitation", body.clone());
        let cancel = post(&ada, "cancel-invitation", body.clone());
        let (accepted, _canceled) = futures_util::future::join(accept, cancel).await;
        let members = server.rows("select from member where role = 'member'");
        assert_eq!(members, i64::from(accepted.status == 200), "{accepted}");
        server.execute("delete from member where role = 'member'");
    }
}

#[tokio::test]
async fn two_owners_never_leave_an_organization_without_one() {
    let server = with_plugin().start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let bob = joined(&server, &ada, &id, "bob", "owner").await;
    let body = json!({ "organizationId": id });
    let role = |member: &str| json!({ "memberId": member, "role": "member", "organizationId": id });
    let own = own_member(&ada).await;
    for round in 0..20 {
        let answers = if round % 2 == 0 {
            let (ada, bob) = (
                post(&ada, "leave", body.clone()),
                post(&bob.caller, "leave", body.clone()),
            );
            futures_util::future::join(ada, bob).await
        } else {
            let ada = post(&ada, "update-member-role", role(&own));
            let bob = post(&bob.caller, "update-member-role", role(&bob.member));
            futures_util::future::join(ada, bob).await
        };
        let successes = [&answers.0, &answers.1]
            .iter()
            .filter(|answer| answer.status == 200)
            .count();
        assert_eq!(successes, 1, "{} {}", answers.0, answers.1);
        assert_eq!(server.rows("select from member where role = 'owner'"), 1);
        server.execute("delete from member");
        for (member, email) in [(&own, "ada"), (&bob.member, "bob")] {
            server.execute(&format!(
                "insert into member (id, \"organizationId\", \"userId\", role, \"createdAt\")
                 select '{member}', '{id}', id, 'owner', now() from \"user\" where email = '{email}@example.com'"
            ));
        }
    }
}

#[tokio::test]
async fn the_last_place_of_an_organization_is_taken_once() {
    let server = with_plugin().set(&key("MEMBERSHIP_LIMIT"), "2").start();
    let ada = server.signed_up("ada").await;
    let id = create(&ada, "acme").await;
    let mut invited = Vec::new();
    for name in ["bob", "carl", "dora", "eve"] {
        let caller = server.signed_up(name).await;
        let invitation = invite(&ada, &id, name, "member").await;
        invited.push((caller, json!({ "invitationId": invitation })));
    }
    let acceptances = invited
        .iter()
        .map(|(caller, body)| post(caller, "accept-invitation", body.clone()));
    let answers = join_all(acceptances).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.code(), "ORGANIZATION_MEMBERSHIP_LIMIT_REACHED");
    }
    assert_eq!(server.rows("select from member"), 2);
    assert_eq!(server.rows("select from invitation where status = 'pending'"), 3);
}

#[tokio::test]
async fn parallel_creations_respect_slugs_and_limits() {
    let server = with_teams()
        .set(&key("ORGANIZATION_LIMIT"), "3")
        .set(&key("TEAMS__MAXIMUM_TEAMS"), "3")
        .start();
    let (ada, bob) = (server.signed_up("ada").await, server.signed_up("bob").await);
    let body = json!({ "name": "n", "slug": "popular" });
    let answers = join_all([&ada, &bob].map(|caller| post(caller, "create", body.clone()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| answer.status < 500));
    let bodies = (0..10).map(|n| json!({ "name": "n", "slug": format!("slug{n}") }));
    join_all(bodies.map(|body| post(&bob, "create", body))).await;
    let organizations = read(&bob, "list").await;
    assert_eq!(organizations.as_array().unwrap().len(), 3);
    let id = text(&organizations[0]["id"]);
    let team = json!({ "name": "t", "organizationId": id });
    join_all((0..10).map(|_| post(&bob, "create-team", team.clone()))).await;
    let teams = read(&bob, &format!("list-teams?organizationId={id}")).await;
    assert_eq!(teams.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_last_team_stays_if_two_are_removed_at_once() {
    let server = with_teams().start();
    let ada = server.signed_up("ada").await;
    create(&ada, "acme").await;
    done(&ada, "create-team", json!({ "name": "Sales" })).await;
    done(&ada, "set-active-team", json!({ "teamId": null })).await;
    let teams = read(&ada, "list-teams").await;
    let ids = [0, 1].map(|index| json!({ "teamId": teams[index]["id"] }));
    let answers = join_all(ids.map(|body| post(&ada, "remove-team", body))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(server.rows("select from team"), 1);
}
