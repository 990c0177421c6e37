//! The user repository.

use std::pin::pin;

use portcullis_application::ports::{Store, UniqueKey, WriteError};
use portcullis_domain::{
    email::EmailAddress,
    id::{UserId, VerificationId},
    token::OneTimeToken,
    user::{User, UserPatch},
    verification::{Purpose, Verification},
};

use crate::fixture::{Fixture, account, session, time, user};

#[tokio::test]
async fn a_user_is_read_as_it_was_stored() {
    let stored = user("jane");
    let plain = User {
        name: String::new(),
        image: None,
        email_verified: false,
        ..user("joe")
    };
    let world = Fixture::with(&stored).await;
    world.store.autocommit().users().insert(&plain).await.unwrap();

    for user in [stored, plain] {
        let found = world
            .store
            .autocommit()
            .users()
            .find_by_email(&user.email)
            .await
            .unwrap();
        assert_eq!(found.as_ref(), Some(&user));
        let found = world.store.autocommit().users().find(&user.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&user));
        let locked = world.store.autocommit().users().lock(&user.id).await.unwrap();
        assert_eq!(locked, Some(user));
    }
}

#[tokio::test]
async fn an_unknown_id_has_no_user() {
    let world = Fixture::with(&user("jane")).await;
    let mut read = world.store.autocommit();
    for id in ["unknown", "jane\0", ""].map(UserId::new) {
        assert_eq!(read.users().find(&id).await.unwrap(), None);
        assert_eq!(read.users().lock(&id).await.unwrap(), None);
        assert!(!read.users().delete(&id).await.unwrap());
        let patch = UserPatch::default();
        assert_eq!(read.users().update(&id, &patch, time(9)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_unknown_address_has_no_user() {
    let world = Fixture::new();
    for address in ["unknown@example.com", "unknown@example.com\0", ""] {
        let address = EmailAddress::from_stored(address);
        assert_eq!(
            world
                .store
                .autocommit()
                .users()
                .find_by_email(&address)
                .await
                .unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn a_taken_address_is_reported_and_the_unit_stays_usable() {
    let world = Fixture::with(&user("jane")).await;
    let rival = User {
        email: user("jane").email,
        ..user("rival")
    };

    let mut unit = world.store.begin();
    let error = unit.users().insert(&rival).await.unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::UserEmail)));
    unit.users().insert(&user("joe")).await.unwrap();
    unit.commit().await.unwrap();

    let found = world
        .store
        .autocommit()
        .users()
        .find_by_email(&user("joe").email)
        .await
        .unwrap();
    assert!(found.is_some());
}

#[tokio::test]
async fn a_taken_id_is_a_failure() {
    let world = Fixture::with(&user("jane")).await;
    let rival = User {
        id: user("jane").id,
        ..user("rival")
    };
    let error = world.store.autocommit().users().insert(&rival).await.unwrap_err();
    assert!(matches!(error, WriteError::Failure(failure) if !failure.is_unavailable()));
}

#[tokio::test]
async fn of_two_concurrent_insertions_with_one_address_one_succeeds() {
    let world = Fixture::new();
    let rival = User {
        email: user("jane").email,
        ..user("rival")
    };
    let insert_and_commit = async |user: User| {
        let mut unit = world.store.begin();
        unit.users().insert(&user).await?;
        unit.commit().await.map_err(WriteError::from)
    };
    let (one, other) = tokio::join!(insert_and_commit(user("jane")), insert_and_commit(rival));
    let won = [&one, &other].into_iter().filter(|result| result.is_ok()).count();
    let lost = [&one, &other]
        .into_iter()
        .filter(|result| matches!(result, Err(WriteError::Taken(UniqueKey::UserEmail))))
        .count();
    assert_eq!((won, lost), (1, 1));
}

#[tokio::test]
async fn a_text_with_nul_is_refused_and_costs_no_connection() {
    let world = Fixture::new();
    let refused = User {
        name: "a\0b".to_owned(),
        ..user("jane")
    };
    let error = world
        .store
        .autocommit()
        .users()
        .insert(&refused)
        .await
        .unwrap_err();
    assert!(matches!(error, WriteError::Failure(failure) if !failure.is_unavailable()));
}

#[tokio::test]
async fn columns_of_plugins_are_ignored() {
    let world = Fixture::new();
    world.execute("ALTER TABLE \"user\" ADD COLUMN \"role\" text, ADD COLUMN \"twoFactorEnabled\" boolean");
    world
        .store
        .autocommit()
        .users()
        .insert(&user("jane"))
        .await
        .unwrap();
    world.execute("ALTER TABLE \"user\" ADD COLUMN \"banned\" boolean");
    let found = world
        .store
        .autocommit()
        .users()
        .find_by_email(&user("jane").email)
        .await
        .unwrap();
    assert_eq!(found, Some(user("jane")));
}

#[tokio::test]
async fn the_deletion_of_a_locked_user_waits() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let mut unit = world.store.begin();
    assert_eq!(unit.users().lock(&jane.id).await.unwrap(), Some(jane.clone()));
    let other = world.another_store();
    let mut deletion = pin!(async { other.autocommit().users().delete(&jane.id).await });
    tokio::select! {
        _ = &mut deletion => panic!("the user was deleted while the row was locked"),
        () = world.wait_until_blocked() => {}
    }
    unit.commit().await.unwrap();
    assert!(deletion.await.unwrap());
}

#[tokio::test]
async fn an_address_is_changed_only_if_it_is_the_expected_one() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let new = EmailAddress::parse("new@example.com").unwrap();
    let mut read = world.store.autocommit();
    let changed = read
        .users()
        .set_email(&jane.id, &jane.email, &new, false, time(9))
        .await
        .unwrap();
    let expected = User {
        email: new.clone(),
        email_verified: false,
        updated_at: time(9),
        ..jane.clone()
    };
    assert_eq!(changed.as_ref(), Some(&expected));
    assert_eq!(read.users().find(&jane.id).await.unwrap(), Some(expected));

    let late = read
        .users()
        .set_email(&jane.id, &jane.email, &new, true, time(10))
        .await
        .unwrap();
    assert_eq!(late, None);
    let same = read
        .users()
        .set_email(&jane.id, &new, &new, true, time(11))
        .await
        .unwrap();
    assert!(same.is_some_and(|user| user.email_verified));
    for (id, from) in [
        ("unknown", "new@example.com"),
        ("jane\0", "new@example.com"),
        ("jane", "new@example.com\0"),
    ] {
        let (id, from) = (UserId::new(id), EmailAddress::from_stored(from));
        assert_eq!(
            read.users()
                .set_email(&id, &from, &new, true, time(12))
                .await
                .unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn a_change_to_the_address_of_another_user_is_reported_as_taken() {
    let (jane, joe) = (user("jane"), user("joe"));
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    read.users().insert(&joe).await.unwrap();
    let error = read
        .users()
        .set_email(&jane.id, &jane.email, &joe.email, true, time(9))
        .await
        .unwrap_err();
    assert!(matches!(error, WriteError::Taken(UniqueKey::UserEmail)));
    assert_eq!(read.users().find(&jane.id).await.unwrap(), Some(jane));
}

#[tokio::test]
async fn of_two_concurrent_changes_to_one_address_one_succeeds() {
    let (jane, joe) = (user("jane"), user("joe"));
    let world = Fixture::with(&jane).await;
    world.store.autocommit().users().insert(&joe).await.unwrap();
    let new = EmailAddress::parse("new@example.com").unwrap();
    let other = world.another_store();
    let (mut one, mut two) = (world.store.autocommit(), other.autocommit());
    let (one, two) = tokio::join!(
        one.users().set_email(&jane.id, &jane.email, &new, true, time(9)),
        two.users().set_email(&joe.id, &joe.email, &new, true, time(9)),
    );
    let is_taken = |result: &Result<_, _>| matches!(result, Err(WriteError::Taken(UniqueKey::UserEmail)));
    assert!((is_taken(&one) && two.is_ok()) || (one.is_ok() && is_taken(&two)));
}

#[tokio::test]
async fn a_user_is_deleted_with_all_rows_of_the_user_and_no_others() {
    let (jane, joe) = (user("jane"), user("joe"));
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    read.users().insert(&joe).await.unwrap();
    for user in [&jane, &joe] {
        let id = user.id.as_str();
        read.sessions().insert(&session(id, user)).await.unwrap();
        read.accounts().insert(&account(id, user, "hash")).await.unwrap();
        read.known_addresses()
            .remember(&user.id, "::1", time(0))
            .await
            .unwrap();
        let verification = Verification {
            id: VerificationId::new(id),
            purpose: Purpose::PasswordReset,
            secret: OneTimeToken::new(id),
            user_id: user.id.clone(),
            expires_at: time(9),
            created_at: time(0),
        };
        read.verifications().insert(&verification).await.unwrap();
    }
    assert!(read.users().delete(&jane.id).await.unwrap());
    assert!(!read.users().delete(&jane.id).await.unwrap());
    for (table, column) in [
        ("user", "id"),
        ("session", "userId"),
        ("account", "userId"),
        ("portcullis_known_address", "userId"),
        ("verification", "value"),
    ] {
        let rows = |user: &str| {
            world.count(&format!(
                "SELECT 1 FROM \"{table}\" WHERE \"{column}\" = '{user}'"
            ))
        };
        assert_eq!((rows("jane"), rows("joe")), (0, 1), "{table}");
    }
}

#[tokio::test]
async fn a_user_is_deleted_even_if_no_foreign_key_cascades() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    world.execute(
        "ALTER TABLE session DROP CONSTRAINT \"session_userId_fkey\",
            ADD FOREIGN KEY (\"userId\") REFERENCES \"user\" (id) ON DELETE RESTRICT;
         ALTER TABLE account DROP CONSTRAINT \"account_userId_fkey\"",
    );
    let mut read = world.store.autocommit();
    read.sessions().insert(&session("token", &jane)).await.unwrap();
    read.accounts()
        .insert(&account("account", &jane, "hash"))
        .await
        .unwrap();
    assert!(read.users().delete(&jane.id).await.unwrap());
    assert_eq!(
        world.count("SELECT id FROM session UNION ALL SELECT id FROM account"),
        0
    );
}

#[tokio::test]
async fn an_update_keeps_the_columns_that_it_does_not_set() {
    let jane = user("jane");
    let world = Fixture::with(&jane).await;
    let mut read = world.store.autocommit();
    let patch = UserPatch {
        image: Some(None),
        ..UserPatch::default()
    };
    let changed = read.users().update(&jane.id, &patch, time(9)).await.unwrap();
    let expected = User {
        image: None,
        updated_at: time(9),
        ..jane
    };
    assert_eq!(changed, Some(expected));
}
