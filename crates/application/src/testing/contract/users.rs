//! Users and units of work.

use portcullis_domain::{
    token::OneTimeToken,
    user::{User, UserPatch},
    verification::Purpose,
};

use super::{after, insert_user, token};
use crate::{
    ports::{Store, UniqueKey, WriteError},
    testing::fixtures::{a_session, a_user, an_account, another_user, new_email},
};

/// A dropped unit changes nothing, and nothing is visible before the commit.
pub async fn a_unit_of_work_is_applied_at_its_commit_or_not_at_all(store: &dyn Store) {
    let mut unit = store.begin();
    unit.users().insert(&a_user()).await.unwrap();
    drop(unit);
    let found = store.autocommit().users().find(&a_user().id).await.unwrap();
    assert_eq!(found, None);

    let mut unit = store.begin();
    unit.users().insert(&a_user()).await.unwrap();
    unit.accounts().insert(&an_account("hash")).await.unwrap();
    let own = unit.users().find(&a_user().id).await.unwrap();
    assert_eq!(own, Some(a_user()));
    let found = store.autocommit().users().find(&a_user().id).await.unwrap();
    assert_eq!(found, None);
    unit.commit().await.unwrap();
    let found = store.autocommit().users().find(&a_user().id).await.unwrap();
    assert_eq!(found, Some(a_user()));
}

/// [`UserRepository`](crate::ports::UserRepository)
pub async fn users_are_found_and_changed(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let mut db = store.autocommit();
    let found = db.users().find_by_email(&a_user().email).await.unwrap();
    assert_eq!(found, Some(a_user()));
    let patch = UserPatch {
        name: Some("Countess".to_owned()),
        image: Some(Some("https://example.com/a.png".to_owned())),
        ..UserPatch::default()
    };
    let changed = db.users().update(&a_user().id, &patch, after(1)).await.unwrap();
    let expected = User {
        name: "Countess".to_owned(),
        image: Some("https://example.com/a.png".to_owned()),
        updated_at: after(1),
        ..a_user()
    };
    assert_eq!(changed.as_ref(), Some(&expected));
    assert_eq!(db.users().find(&a_user().id).await.unwrap(), Some(expected));
    let unknown = another_user().id;
    assert_eq!(db.users().find(&unknown).await.unwrap(), None);
    let none = db.users().update(&unknown, &patch, after(1)).await.unwrap();
    assert_eq!(none, None);
}

/// [`UserRepository::delete`](crate::ports::UserRepository::delete)
pub async fn a_user_is_deleted_with_all_rows(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    insert_user(store, &another_user()).await;
    let mut db = store.autocommit();
    db.accounts().insert(&an_account("hash")).await.unwrap();
    db.sessions().insert(&a_session()).await.unwrap();
    db.verifications().insert(&token("t")).await.unwrap();
    assert!(db.users().delete(&a_user().id).await.unwrap());
    assert!(!db.users().delete(&a_user().id).await.unwrap());
    assert_eq!(db.users().find(&a_user().id).await.unwrap(), None);
    let left = db.accounts().list_by_user(&a_user().id).await.unwrap();
    assert!(left.is_empty());
    let left = db.sessions().find_by_token(&a_session().token).await.unwrap();
    assert!(left.is_none());
    let secret = OneTimeToken::new("t");
    let left = db.verifications().find(Purpose::PasswordReset, &secret).await;
    assert_eq!(left.unwrap(), None);
    assert!(db.users().find(&another_user().id).await.unwrap().is_some());
}

/// [`UserRepository::insert`](crate::ports::UserRepository::insert) and
/// [`set_email`](crate::ports::UserRepository::set_email)
pub async fn an_email_address_belongs_to_one_user(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let double = User {
        email: a_user().email,
        ..another_user()
    };
    let mut unit = store.begin();
    let taken = unit.users().insert(&double).await;
    assert!(matches!(taken, Err(WriteError::Taken(UniqueKey::UserEmail))));
    // The unit stays usable.
    unit.users().insert(&another_user()).await.unwrap();
    unit.commit().await.unwrap();

    let (ada, bob) = (a_user(), another_user());
    let mut db = store.autocommit();
    let taken = db
        .users()
        .set_email(&ada.id, &ada.email, &bob.email, true, after(1))
        .await;
    assert!(matches!(taken, Err(WriteError::Taken(UniqueKey::UserEmail))));
    let outdated = db
        .users()
        .set_email(&ada.id, &bob.email, &new_email(), true, after(1))
        .await;
    assert_eq!(outdated.unwrap(), None);
    let changed = db
        .users()
        .set_email(&ada.id, &ada.email, &new_email(), true, after(1))
        .await;
    let expected = User {
        email: new_email(),
        email_verified: true,
        updated_at: after(1),
        ..a_user()
    };
    assert_eq!(changed.unwrap(), Some(expected));
}
