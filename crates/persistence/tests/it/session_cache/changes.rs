//! Changes are seen: at once by the replica that makes them, and by others after a short time.

use portcullis_application::ports::{Repositories, Store};
use portcullis_domain::{
    additional::AdditionalFields, email::EmailAddress, id::UserId, token::SessionToken, user::UserPatch,
};

use super::{BOUND, find, find_after_bound, until_cached, with_sessions};
use crate::fixture::{Fixture, session, time, user};

/// The ways in which the store changes sessions and users.
const WAYS: [&str; 11] = [
    "delete",
    "delete_all",
    "delete_of_user",
    "delete_by_user",
    "delete_others_of_user",
    "delete_oldest",
    "renew",
    "set_fields",
    "set_email",
    "update",
    "delete user",
];

async fn change(db: &mut (impl Repositories + ?Sized), way: &str) {
    let (jane, token) = (user("jane"), SessionToken::new("jane-1"));
    match way {
        "delete" => db.sessions().delete(&token).await.unwrap(),
        "delete_all" => db.sessions().delete_all(&[token]).await.unwrap(),
        "delete_of_user" => assert!(db.sessions().delete_of_user(&jane.id, &token).await.unwrap()),
        "delete_by_user" => db.sessions().delete_by_user(&jane.id).await.unwrap(),
        "delete_others_of_user" => {
            let kept = SessionToken::new("jane-2");
            db.sessions()
                .delete_others_of_user(&jane.id, &kept)
                .await
                .unwrap();
        }
        "delete_oldest" => {
            let newest = session("jane-9", &jane);
            db.sessions().delete_oldest(&newest, 0, 10).await.unwrap();
        }
        "renew" => {
            let mut renewed = session("jane-1", &jane);
            renewed.expires_at = time(20);
            assert!(db.sessions().renew(&renewed).await.unwrap());
        }
        "set_fields" => {
            let fields = AdditionalFields::default();
            let set = db.sessions().set_fields(&token, &fields, time(9)).await.unwrap();
            assert!(set.is_some());
        }
        "set_email" => {
            let to = EmailAddress::parse("new@example.com").unwrap();
            let set = db
                .users()
                .set_email(&jane.id, &jane.email, &to, true, time(9))
                .await;
            assert!(set.unwrap().is_some());
        }
        "update" => {
            let patch = UserPatch {
                name: Some("New".to_owned()),
                ..UserPatch::default()
            };
            assert!(
                db.users()
                    .update(&jane.id, &patch, time(9))
                    .await
                    .unwrap()
                    .is_some()
            );
        }
        _ => assert!(db.users().delete(&jane.id).await.unwrap()),
    }
}

#[tokio::test]
async fn a_replica_sees_its_own_changes_at_once() {
    for way in WAYS {
        let world = with_sessions().await;
        let before = find(&world.store, "jane-1").await;
        until_cached(&world.store, "jane-1").await;
        change(&mut *world.store.autocommit(), way).await;
        assert_ne!(find(&world.store, "jane-1").await, before, "{way}");
    }
}

#[tokio::test]
async fn a_replica_sees_the_changes_of_its_own_transaction_when_it_is_committed() {
    for way in WAYS {
        let world = with_sessions().await;
        let before = find(&world.store, "jane-1").await;
        until_cached(&world.store, "jane-1").await;
        let mut unit = world.store.begin();
        change(&mut *unit, way).await;
        assert_eq!(find(&world.store, "jane-1").await, before, "{way}: not committed");
        unit.commit().await.unwrap();
        assert_ne!(find(&world.store, "jane-1").await, before, "{way}");
    }
}

#[tokio::test]
async fn another_replica_sees_every_change_within_the_bound() {
    for way in WAYS {
        let world = with_sessions().await;
        let other = world.another_store();
        let before = find(&other, "jane-1").await;
        until_cached(&other, "jane-1").await;
        change(&mut *world.store.autocommit(), way).await;
        assert_ne!(find_after_bound(&other, "jane-1").await, before, "{way}");
    }
}

#[tokio::test]
async fn a_change_that_is_rolled_back_changes_nothing() {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    let mut unit = world.store.begin();
    change(&mut *unit, "delete").await;
    drop(unit);
    assert!(find_after_bound(&world.store, "jane-1").await.is_some());
}

/// Returns a world in which both users' sessions are cached.
async fn cached() -> Fixture {
    let world = with_sessions().await;
    until_cached(&world.store, "jane-1").await;
    until_cached(&world.store, "john-1").await;
    world
}

#[tokio::test]
async fn a_session_that_an_operator_deletes_is_gone_within_the_bound() {
    for statement in [
        r#"DELETE FROM "session" WHERE token = 'jane-1'"#,
        r#"DELETE FROM "user" WHERE id = 'jane'"#,
        r#"TRUNCATE "session""#,
        r#"TRUNCATE "user" CASCADE"#,
        r#"UPDATE "session" SET token = 'stolen' WHERE token = 'jane-1'"#,
        r#"SET session_replication_role = replica; DELETE FROM "session" WHERE token = 'jane-1'"#,
    ] {
        let world = cached().await;
        world.execute(statement);
        assert_eq!(
            find_after_bound(&world.store, "jane-1").await,
            None,
            "{statement}"
        );
    }
}

#[tokio::test]
async fn a_name_that_an_operator_changes_is_seen_within_the_bound() {
    let world = cached().await;
    world.execute(r#"UPDATE "user" SET name = 'Changed' WHERE id = 'jane'"#);
    let jane = find_after_bound(&world.store, "jane-1").await.unwrap();
    assert!(jane.0.contains("\"Changed\""), "{jane:?}");
    let john = find(&world.store, "john-1").await.unwrap();
    assert!(john.0.contains(&user("john").name), "{john:?}");
}

#[tokio::test]
async fn a_statement_that_changes_thousands_of_rows_is_seen_within_the_bound() {
    for rows in [1_000, 12_000] {
        let world = cached().await;
        world.execute(&format!(
            r#"INSERT INTO "session" (id, token, "userId", "expiresAt", "createdAt", "updatedAt")
            SELECT 'more-' || n, 'more-' || n, 'jane', now(), now(), now() FROM generate_series(1, {rows}) AS n"#
        ));
        world.execute(r#"DELETE FROM "session" WHERE "userId" = 'jane'"#);
        assert_eq!(find_after_bound(&world.store, "jane-1").await, None, "{rows}");
        assert!(find(&world.store, "john-1").await.is_some());
    }
}

#[tokio::test]
async fn a_change_of_another_user_leaves_an_entry_in_the_cache() {
    let world = cached().await;
    let john = UserId::new("john");
    world.store.autocommit().users().delete(&john).await.unwrap();
    tokio::time::sleep(BOUND).await;
    until_cached(&world.store, "jane-1").await;
    assert_eq!(find(&world.store, "john-1").await, None);
}
