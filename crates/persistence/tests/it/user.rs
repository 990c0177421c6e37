//! Users.

use portcullis_application::ports::{Store, UniqueKey, WriteError};
use portcullis_domain::{email::EmailAddress, user::User};

use crate::world::{World, user};

#[tokio::test]
async fn a_user_is_found_as_it_was_stored() {
    let stored = user("jane");
    let plain = User {
        name: String::new(),
        image: None,
        email_verified: false,
        ..user("joe")
    };
    let world = World::with(&stored).await;
    world.store.read().users().insert(&plain).await.unwrap();

    for user in [stored, plain] {
        let found = world
            .store
            .read()
            .users()
            .find_by_email(&user.email)
            .await
            .unwrap();
        assert_eq!(found, Some(user));
    }
}

#[tokio::test]
async fn an_unknown_address_is_nobodys() {
    let world = World::new();
    for address in ["nobody@example.com", "nobody@example.com\0", ""] {
        let address = EmailAddress::from_stored(address);
        assert_eq!(
            world.store.read().users().find_by_email(&address).await.unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn a_taken_address_is_told_and_the_unit_stays_usable() {
    let world = World::with(&user("jane")).await;
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
        .read()
        .users()
        .find_by_email(&user("joe").email)
        .await
        .unwrap();
    assert!(found.is_some());
}

#[tokio::test]
async fn a_taken_id_is_an_accident() {
    let world = World::with(&user("jane")).await;
    let rival = User {
        id: user("jane").id,
        ..user("rival")
    };
    let error = world.store.read().users().insert(&rival).await.unwrap_err();
    assert!(matches!(error, WriteError::Failure(failure) if !failure.is_unavailable()));
}

#[tokio::test]
async fn of_two_who_race_for_an_address_one_gets_it() {
    let world = World::new();
    let rival = User {
        email: user("jane").email,
        ..user("rival")
    };
    let enter = async |user: User| {
        let mut unit = world.store.begin();
        unit.users().insert(&user).await?;
        unit.commit().await.map_err(WriteError::from)
    };
    let (one, other) = tokio::join!(enter(user("jane")), enter(rival));
    let won = [&one, &other].into_iter().filter(|result| result.is_ok()).count();
    let lost = [&one, &other]
        .into_iter()
        .filter(|result| matches!(result, Err(WriteError::Taken(UniqueKey::UserEmail))))
        .count();
    assert_eq!((won, lost), (1, 1));
}

#[tokio::test]
async fn a_text_with_nul_is_refused_and_costs_no_connection() {
    let world = World::new();
    let refused = User {
        name: "a\0b".to_owned(),
        ..user("jane")
    };
    let error = world.store.read().users().insert(&refused).await.unwrap_err();
    assert!(matches!(error, WriteError::Failure(failure) if !failure.is_unavailable()));
}

#[tokio::test]
async fn columns_of_plugins_do_not_disturb() {
    let world = World::new();
    world.execute("ALTER TABLE \"user\" ADD COLUMN \"role\" text, ADD COLUMN \"twoFactorEnabled\" boolean");
    world.store.read().users().insert(&user("jane")).await.unwrap();
    world.execute("ALTER TABLE \"user\" ADD COLUMN \"banned\" boolean");
    let found = world
        .store
        .read()
        .users()
        .find_by_email(&user("jane").email)
        .await
        .unwrap();
    assert_eq!(found, Some(user("jane")));
}
