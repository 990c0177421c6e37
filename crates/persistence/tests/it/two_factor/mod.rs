//! The repository of second factors.

use portcullis_application::ports::{Failure, Repositories, Store};
use portcullis_domain::{
    additional::FieldSchema,
    id::UserId,
    secret::Secret,
    two_factor::{self, TwoFactor, TwoFactorId},
    user::User,
};
use portcullis_persistence::{DeclaredFields, PgStore, StoreOptions};

use crate::fixture::{Fixture, time, user};

mod race;

/// A database with the plugin's column, and these users.
async fn world(ids: &[&str]) -> Fixture {
    let fields = DeclaredFields {
        user: FieldSchema::new(two_factor::user_fields()),
        ..DeclaredFields::default()
    };
    let world = Fixture::with_options(StoreOptions {
        fields,
        ..StoreOptions::default()
    });
    for id in ids {
        world.store.autocommit().users().insert(&user(id)).await.unwrap();
    }
    world
}

fn factor(id: &str, user: &str) -> TwoFactor {
    let secret = |text: String| Secret::new(text);
    TwoFactor {
        id: TwoFactorId::new(id),
        secret: secret(format!("secret of {id}")),
        backup_codes: secret(format!("codes of {id}")),
        user_id: UserId::new(user),
    }
}

fn text(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

async fn replace(store: &PgStore, two_factor: &TwoFactor) {
    store
        .autocommit()
        .two_factors()
        .replace(two_factor)
        .await
        .unwrap();
}

/// Returns the id, the secret and the backup codes of the user's second factor.
async fn found(store: &PgStore, user: &str) -> Option<(String, String, String)> {
    let mut db = store.autocommit();
    let found = db.two_factors().find(&UserId::new(user)).await.unwrap()?;
    assert_eq!(found.user_id.as_str(), user);
    Some((
        found.id.as_str().to_owned(),
        found.secret.expose().clone(),
        found.backup_codes.expose().clone(),
    ))
}

fn stored(id: &str) -> (String, String, String) {
    (id.to_owned(), format!("secret of {id}"), format!("codes of {id}"))
}

async fn swap(db: &mut dyn Repositories, id: &str, from: &str, to: &str) -> Result<bool, Failure> {
    let (id, from, to) = (TwoFactorId::new(id), text(from), text(to));
    db.two_factors().swap_backup_codes(&id, &from, &to).await
}

async fn advance(store: &PgStore, user: &str, step: u64) -> bool {
    let mut db = store.autocommit();
    db.two_factors().advance(&UserId::new(user), step).await.unwrap()
}

#[tokio::test]
async fn a_second_factor_is_read_as_it_was_written_and_belongs_to_one_user() {
    let world = world(&["jane", "joe"]).await;
    assert_eq!(found(&world.store, "jane").await, None);
    replace(&world.store, &factor("a", "jane")).await;
    assert_eq!(found(&world.store, "jane").await, Some(stored("a")));
    assert_eq!(found(&world.store, "joe").await, None);
}

/// Better Auth's table may contain several rows of one user.
#[tokio::test]
async fn a_new_second_factor_replaces_all_those_of_its_user_and_no_others() {
    let world = world(&["jane", "joe"]).await;
    world.execute(
        r#"INSERT INTO "twoFactor" VALUES ('b', 'secret of b', 'codes of b', 'jane'),
           ('a', 'secret of a', 'codes of a', 'jane')"#,
    );
    assert_eq!(found(&world.store, "jane").await, Some(stored("a")));
    replace(&world.store, &factor("joes", "joe")).await;
    replace(&world.store, &factor("c", "jane")).await;
    assert_eq!(found(&world.store, "jane").await, Some(stored("c")));
    assert_eq!(found(&world.store, "joe").await, Some(stored("joes")));
    assert_eq!(world.count(r#"SELECT 1 FROM "twoFactor""#), 2);
}

#[tokio::test]
async fn a_second_factor_of_no_user_or_with_a_taken_id_is_a_failure() {
    let world = world(&["jane", "joe"]).await;
    replace(&world.store, &factor("a", "jane")).await;
    for rejected in [factor("b", "unknown"), factor("a", "joe")] {
        let mut db = world.store.autocommit();
        let failure = db.two_factors().replace(&rejected).await.unwrap_err();
        assert!(!failure.is_unavailable());
    }
    assert_eq!(found(&world.store, "jane").await, Some(stored("a")));
}

#[tokio::test]
async fn a_replacement_that_is_not_committed_changes_nothing() {
    let world = world(&["jane"]).await;
    replace(&world.store, &factor("a", "jane")).await;
    let mut unit = world.store.begin();
    unit.two_factors().replace(&factor("b", "jane")).await.unwrap();
    drop(unit);
    assert_eq!(found(&world.store, "jane").await, Some(stored("a")));
}

#[tokio::test]
async fn backup_codes_are_replaced_only_if_they_are_the_expected_ones() {
    let world = world(&["jane", "joe"]).await;
    replace(&world.store, &factor("a", "jane")).await;
    replace(&world.store, &factor("b", "joe")).await;
    let mut db = world.store.autocommit();
    for (id, from, is_swapped) in [
        ("a", "codes of b", false),
        ("b", "codes of a", false),
        ("c", "codes of a", false),
        ("a", "codes of a", true),
        ("a", "codes of a", false),
    ] {
        let swapped = swap(db.as_mut(), id, from, "new").await.unwrap();
        assert_eq!(swapped, is_swapped, "{id} {from}");
    }
    let (_, secret, codes) = found(&world.store, "jane").await.unwrap();
    assert_eq!((secret.as_str(), codes.as_str()), ("secret of a", "new"));
    assert_eq!(found(&world.store, "joe").await, Some(stored("b")));
}

#[tokio::test]
async fn a_second_factor_is_enabled_and_disabled_with_the_time_of_the_change() {
    let world = world(&["jane", "joe"]).await;
    let read = async || -> User {
        let mut db = world.store.autocommit();
        db.users().find(&user("jane").id).await.unwrap().unwrap()
    };
    assert!(!two_factor::is_enabled(&read().await));
    for (is_enabled, seconds) in [(true, 5), (true, 6), (false, 7)] {
        let mut db = world.store.autocommit();
        let id = user("jane").id;
        let set = db.two_factors().set_enabled(&id, is_enabled, time(seconds));
        assert!(set.await.unwrap());
        let jane = read().await;
        assert_eq!(two_factor::is_enabled(&jane), is_enabled);
        assert_eq!(jane.updated_at, time(seconds));
    }
    let others = r#"SELECT 1 FROM "user" WHERE id = 'joe' AND "twoFactorEnabled""#;
    assert_eq!(world.count(others), 0);
    let mut db = world.store.autocommit();
    let unknown = UserId::new("unknown");
    assert!(
        !db.two_factors()
            .set_enabled(&unknown, true, time(9))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn steps_of_codes_only_advance_and_each_user_has_their_own() {
    let world = world(&["jane", "joe"]).await;
    for (step, is_new) in [
        (0, true),
        (0, false),
        (7, true),
        (7, false),
        (6, false),
        (8, true),
    ] {
        assert_eq!(advance(&world.store, "jane", step).await, is_new, "{step}");
    }
    assert!(advance(&world.store, "joe", 7).await);
}

/// The steps of another secret may be smaller: its period may be longer, or the clock was wrong before.
#[tokio::test]
async fn a_new_second_factor_forgets_the_last_step_of_its_user_and_of_no_other() {
    let world = world(&["jane", "joe"]).await;
    let jane = user("jane").id;
    for (id, is_deleted) in [("a", false), ("b", false), ("c", true)] {
        if is_deleted {
            let mut db = world.store.autocommit();
            db.two_factors().delete(&jane).await.unwrap();
        }
        replace(&world.store, &factor(id, "jane")).await;
        assert!(advance(&world.store, "jane", 7).await, "{id}");
        assert!(!advance(&world.store, "jane", 7).await, "{id}");
    }
    replace(&world.store, &factor("d", "joe")).await;
    assert!(!advance(&world.store, "jane", 7).await);
}

#[tokio::test]
async fn a_step_of_no_user_or_beyond_the_column_is_a_failure() {
    let world = world(&["jane"]).await;
    for (id, step) in [("unknown", 1), ("jane", u64::MAX)] {
        let mut db = world.store.autocommit();
        let failure = db
            .two_factors()
            .advance(&UserId::new(id), step)
            .await
            .unwrap_err();
        assert!(!failure.is_unavailable(), "{id}");
    }
}

#[tokio::test]
async fn only_the_users_own_second_factor_is_deleted() {
    let world = world(&["jane", "joe"]).await;
    replace(&world.store, &factor("a", "jane")).await;
    replace(&world.store, &factor("b", "joe")).await;
    for _again in 0..2 {
        let mut db = world.store.autocommit();
        db.two_factors().delete(&user("jane").id).await.unwrap();
        assert_eq!(found(&world.store, "jane").await, None);
    }
    assert_eq!(found(&world.store, "joe").await, Some(stored("b")));
}

#[tokio::test]
async fn the_rows_of_a_user_are_deleted_with_the_user() {
    let world = world(&["jane", "joe"]).await;
    for (id, owner) in [("a", "jane"), ("b", "joe")] {
        replace(&world.store, &factor(id, owner)).await;
        assert!(advance(&world.store, owner, 7).await);
    }
    let mut db = world.store.autocommit();
    assert!(db.users().delete(&user("jane").id).await.unwrap());
    for table in ["twoFactor", "portcullis_totp_step"] {
        let left = |owner: &str| format!(r#"SELECT 1 FROM "{table}" WHERE "userId" = '{owner}'"#);
        assert_eq!(world.count(&left("jane")), 0, "{table}");
        assert_eq!(world.count(&left("joe")), 1, "{table}");
    }
}

#[tokio::test]
async fn texts_with_nul_are_refused_or_found_nowhere_and_cost_no_connection() {
    let world = world(&["jane"]).await;
    replace(&world.store, &factor("a", "jane")).await;
    let nul = UserId::new("jane\0");
    let mut db = world.store.autocommit();
    assert!(db.two_factors().find(&nul).await.unwrap().is_none());
    assert!(!db.two_factors().set_enabled(&nul, true, time(9)).await.unwrap());
    db.two_factors().delete(&nul).await.unwrap();
    assert!(!swap(db.as_mut(), "a", "codes of a\0", "new").await.unwrap());
    assert!(!swap(db.as_mut(), "a\0", "codes of a", "new").await.unwrap());
    for failure in [
        swap(db.as_mut(), "a", "codes of a", "new\0").await.unwrap_err(),
        db.two_factors().advance(&nul, 1).await.unwrap_err(),
        db.two_factors()
            .replace(&factor("b\0", "jane"))
            .await
            .unwrap_err(),
        db.two_factors()
            .replace(&factor("b", "jane\0"))
            .await
            .unwrap_err(),
    ] {
        assert!(!failure.is_unavailable());
    }
    assert_eq!(found(&world.store, "jane").await, Some(stored("a")));
}
