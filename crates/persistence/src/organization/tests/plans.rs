//! Query plans of lists and look-ups, whose cost must not grow with the number of all rows.

use std::num::NonZeroU32;

use diesel::{PgConnection, connection::SimpleConnection as _};
use portcullis_application::ports::Repositories;
use portcullis_domain::{
    email::EmailAddress,
    id::UserId,
    organization::{MemberQuery, OrganizationId},
};

use super::fields;
use crate::unit_of_work::tests::{Fixture, plans::plans};

/// 10,000 users, 1,000 organizations with 100 members each, one with 20,000, and an invitation for each member.
const MANY: &str = r#"
    INSERT INTO "user" ("id", "name", "email", "emailVerified")
        SELECT 'u' || n, 'n', 'u' || n || '@example.com', true FROM generate_series(0, 19999) AS n;
    INSERT INTO "organization" ("id", "name", "slug", "createdAt")
        SELECT 'o' || n, 'n', 'o' || n, now() FROM generate_series(0, 999) AS n;
    INSERT INTO "organization" ("id", "name", "slug", "createdAt") VALUES ('big', 'n', 'big', now());
    INSERT INTO "member" ("id", "organizationId", "userId", "role", "createdAt")
        SELECT 'm' || n, 'o' || n / 100, 'u' || n % 10000, 'member', now() - n * interval '1 second'
        FROM generate_series(0, 99999) AS n;
    INSERT INTO "member" ("id", "organizationId", "userId", "role", "createdAt")
        SELECT 'b' || n, 'big', 'u' || n, 'member', now() - n * interval '1 second' FROM generate_series(0, 19999) AS n;
    INSERT INTO "invitation" ("id", "organizationId", "email", "status", "expiresAt", "inviterId")
        SELECT 'i' || n, 'o' || n / 100, 'u' || n % 10000 || '@example.com', 'pending', now(), 'u1'
        FROM generate_series(0, 99999) AS n;
    ANALYZE
"#;

async fn world() -> Fixture {
    let world = Fixture::with_pool_of(1).declaring(fields());
    let fill = |connection: &mut PgConnection| connection.batch_execute(MANY);
    world.read().run("fill", fill).await.unwrap();
    world
}

/// Returns the custom and the generic plan of a statement that the store has prepared.
async fn plans_of(world: &Fixture, pattern: &'static str, values: &'static str) -> Vec<String> {
    let plans = move |connection: &mut PgConnection| plans(connection, pattern, values);
    world.read().run("plans", plans).await.unwrap()
}

#[tokio::test]
async fn a_page_of_a_large_organizations_members_is_read_from_an_index_without_sorting() {
    let world = world().await;
    let query = MemberQuery {
        limit: NonZeroU32::new(10),
        offset: 50,
        ..MemberQuery::default()
    };
    let mut read = world.read();
    let page = read
        .members()
        .list(&OrganizationId::new("big"), &query)
        .await
        .unwrap();
    assert_eq!((page.members.len(), page.total), (10, 20_000));
    let plans = plans_of(&world, "%\"member\"%\"user\"%OFFSET%", "'big', 10, 50").await;
    let custom = plans.first().unwrap();
    let index = r#"Index Scan using "portcullis_member_organizationId_createdAt_idx""#;
    assert!(
        custom.contains(index) && custom.contains("Index Scan using user_pkey"),
        "{custom}"
    );
    assert!(!custom.contains("Seq Scan"), "{custom}");
    assert!(
        plans.iter().all(|plan| !plan.contains("Seq Scan on member")),
        "{plans:?}"
    );
}

#[tokio::test]
async fn organizations_and_invitations_of_a_user_are_found_with_indexes() {
    let world = world().await;
    let mut read = world.read();
    let listed = read
        .organizations()
        .list_of_user(&UserId::new("u7"))
        .await
        .unwrap();
    assert_eq!(listed.len(), 11);
    let email = EmailAddress::from_stored("u7@example.com");
    assert_eq!(read.invitations().list_pending(&email).await.unwrap().len(), 10);
    for (pattern, values, index) in [
        (
            "%\"member\" INNER JOIN \"organization\"%",
            "'u7'",
            r#""member_userId_idx""#,
        ),
        (
            "%\"invitation\" INNER JOIN \"organization\"%",
            "'u7@example.com', 'pending'",
            "invitation_email_idx",
        ),
    ] {
        for plan in plans_of(&world, pattern, values).await {
            assert!(plan.contains(index), "{plan}");
            // The table of organizations is small.
            let plan = plan.replace("Seq Scan on organization", "");
            assert!(!plan.contains("Seq Scan"), "{plan}");
        }
    }
}

#[tokio::test]
async fn a_membership_is_found_and_members_and_invitations_are_counted_with_indexes() {
    let world = world().await;
    let (organization, user) = (OrganizationId::new("o7"), UserId::new("u777"));
    let mut read = world.read();
    let found = read.members().find_of_user(&organization, &user).await.unwrap();
    assert_eq!(found.unwrap().member.user_id, user);
    assert_eq!(read.members().count(&organization).await.unwrap(), 100);
    assert_eq!(
        read.members()
            .count_with_role(&organization, "member")
            .await
            .unwrap(),
        100
    );
    let now = chrono::DateTime::UNIX_EPOCH;
    assert_eq!(
        read.invitations().count_open(&organization, now).await.unwrap(),
        100
    );
    for (pattern, values) in [
        ("%\"member\"%\"user\"%\"userId\" = $2%", "'o7', 'u777', 1"),
        (
            "%\"invitation\"%\"expiresAt\" > $3%",
            "'o7', 'pending', '2020-01-01'",
        ),
    ] {
        for plan in plans_of(&world, pattern, values).await {
            assert!(!plan.contains("Seq Scan"), "{pattern}: {plan}");
        }
    }
}
