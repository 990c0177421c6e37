//! What every store must do with passkeys.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    id::UserId,
    passkey::{Passkey, PasskeyId, PasskeyUse},
};

use super::{after, insert_user};
use crate::{
    ports::Store,
    testing::fixtures::{a_user, another_user},
};

/// Defines the tests of a store with passkeys: `passkey_contract!(world in world() => &world.store)`.
#[macro_export]
macro_rules! passkey_contract {
    ($world:ident in $make:expr => $store:expr) => {
        $crate::passkey_contract! { $world, $make, $store;
            passkeys_are_found_and_listed_from_the_oldest
            an_authenticators_passkey_is_stored_once
            the_count_of_a_passkey_only_advances
            passkeys_are_named_and_deleted_by_their_owners
            passkeys_are_deleted_with_their_user
        }
    };
    ($world:ident, $make:expr, $store:expr; $($name:ident)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let $world = $make;
                $crate::testing::contract::passkey::$name($store).await;
            }
        )*
    };
}

/// Returns a passkey of the user.
fn passkey(id: &str, user: &UserId, created_at: Option<DateTime<Utc>>) -> Passkey {
    Passkey {
        id: PasskeyId::new(id),
        name: Some("laptop".to_owned()),
        public_key: "pQECAyYgASFYIA==".to_owned(),
        user_id: user.clone(),
        credential_id: format!("credential-{id}"),
        counter: 0,
        device_type: "singleDevice".to_owned(),
        is_backed_up: false,
        transports: Some("usb,nfc".to_owned()),
        created_at,
        aaguid: Some("00000000-0000-0000-0000-000000000000".to_owned()),
    }
}

async fn insert(store: &dyn Store, passkey: &Passkey) -> Option<Passkey> {
    let mut unit = store.begin();
    let stored = unit.passkeys().insert(passkey).await.unwrap();
    unit.commit().await.unwrap();
    stored
}

/// A passkey is found by its ids, and its user's list begins with the oldest one.
pub async fn passkeys_are_found_and_listed_from_the_oldest(store: &dyn Store) {
    let (owner, other) = (a_user(), another_user());
    insert_user(store, &owner).await;
    insert_user(store, &other).await;
    let undated = passkey("0", &owner.id, None);
    let young = passkey("a", &owner.id, Some(after(9)));
    let old = passkey("b", &owner.id, Some(after(1)));
    let foreign = passkey("c", &other.id, Some(after(5)));
    for passkey in [&undated, &young, &old, &foreign] {
        assert_eq!(insert(store, passkey).await.as_ref(), Some(passkey));
    }

    let mut db = store.autocommit();
    let passkeys = db.passkeys();
    assert_eq!(
        passkeys.list_by_user(&owner.id).await.unwrap(),
        [old, young, undated]
    );
    assert_eq!(
        passkeys.list_by_user(&other.id).await.unwrap(),
        std::slice::from_ref(&foreign)
    );
    let found = passkeys.find_by_credential("credential-c").await.unwrap();
    assert_eq!(found.as_ref(), Some(&foreign));
    assert_eq!(passkeys.find(&foreign.id).await.unwrap(), Some(foreign));
    for unknown in ["credential-d", "c", "", "\0"] {
        assert_eq!(passkeys.find_by_credential(unknown).await.unwrap(), None);
        assert_eq!(
            passkeys.find(&PasskeyId::new(unknown)).await.unwrap().is_some(),
            unknown == "c"
        );
        assert!(
            passkeys
                .list_by_user(&UserId::new(unknown))
                .await
                .unwrap()
                .is_empty()
        );
    }
}

/// A second passkey with the same id of an authenticator is not stored, also not for the same user.
pub async fn an_authenticators_passkey_is_stored_once(store: &dyn Store) {
    let (owner, other) = (a_user(), another_user());
    insert_user(store, &owner).await;
    insert_user(store, &other).await;
    let first = passkey("a", &owner.id, Some(after(1)));
    assert!(insert(store, &first).await.is_some());
    for user in [&owner, &other] {
        let second = Passkey {
            credential_id: first.credential_id.clone(),
            ..passkey("b", &user.id, Some(after(2)))
        };
        assert_eq!(insert(store, &second).await, None);
    }
    let mut db = store.autocommit();
    let found = db.passkeys().find_by_credential(&first.credential_id).await;
    assert_eq!(found.unwrap(), Some(first));
}

/// A use with an older count is not recorded. An authenticator that does not count always states zero.
pub async fn the_count_of_a_passkey_only_advances(store: &dyn Store) {
    let owner = a_user();
    insert_user(store, &owner).await;
    let first = passkey("a", &owner.id, Some(after(1)));
    insert(store, &first).await;
    let mut db = store.autocommit();
    for (counter, is_recorded) in [
        (0, true),
        (0, true),
        (5, true),
        (5, false),
        (4, false),
        (0, false),
        (i32::MAX, true),
    ] {
        let usage = PasskeyUse {
            counter,
            device_type: "multiDevice",
            is_backed_up: counter > 0,
        };
        let recorded = db.passkeys().advance(&first.id, &usage).await.unwrap();
        assert_eq!(recorded, is_recorded, "{counter}");
    }
    let expected = Passkey {
        counter: i32::MAX,
        device_type: "multiDevice".to_owned(),
        is_backed_up: true,
        ..first
    };
    assert_eq!(db.passkeys().find(&expected.id).await.unwrap(), Some(expected));
    let unknown = PasskeyUse {
        counter: 1,
        device_type: "singleDevice",
        is_backed_up: false,
    };
    let recorded = db.passkeys().advance(&PasskeyId::new("z"), &unknown).await;
    assert!(!recorded.unwrap());
}

/// Only the owner names and deletes a passkey.
pub async fn passkeys_are_named_and_deleted_by_their_owners(store: &dyn Store) {
    let (owner, other) = (a_user(), another_user());
    insert_user(store, &owner).await;
    insert_user(store, &other).await;
    let first = passkey("a", &owner.id, Some(after(1)));
    insert(store, &first).await;
    let mut db = store.autocommit();
    let passkeys = db.passkeys();
    assert_eq!(passkeys.rename(&first.id, &other.id, "mine").await.unwrap(), None);
    assert!(!passkeys.delete(&first.id, &other.id).await.unwrap());
    let named = passkeys.rename(&first.id, &owner.id, "phone").await.unwrap();
    let expected = Passkey {
        name: Some("phone".to_owned()),
        ..first.clone()
    };
    assert_eq!(named, Some(expected));
    assert!(passkeys.delete(&first.id, &owner.id).await.unwrap());
    assert!(!passkeys.delete(&first.id, &owner.id).await.unwrap());
    assert!(!passkeys.delete(&PasskeyId::new("\0"), &owner.id).await.unwrap());
    assert_eq!(
        passkeys.rename(&first.id, &owner.id, "phone").await.unwrap(),
        None
    );
}

/// Passkeys end with their user, and all of a user can be deleted.
pub async fn passkeys_are_deleted_with_their_user(store: &dyn Store) {
    let (owner, other) = (a_user(), another_user());
    insert_user(store, &owner).await;
    insert_user(store, &other).await;
    for (id, user) in [("a", &owner), ("b", &owner), ("c", &other), ("d", &other)] {
        insert(store, &passkey(id, &user.id, Some(after(1)))).await;
    }
    let mut db = store.autocommit();
    db.passkeys().delete_by_user(&owner.id).await.unwrap();
    assert!(db.passkeys().list_by_user(&owner.id).await.unwrap().is_empty());
    assert_eq!(db.passkeys().list_by_user(&other.id).await.unwrap().len(), 2);
    db.users().delete(&other.id).await.unwrap();
    assert!(db.passkeys().list_by_user(&other.id).await.unwrap().is_empty());
}
