//! What every store must do with API keys.

use chrono::TimeDelta;
use portcullis_domain::{
    access::Statements,
    api_key::{ApiKey, ApiKeyId, KeyPatch, KeyUsage, OwnRateLimit, Refill},
    id::UserId,
    secret::Secret,
};
use serde_json::json;

use super::{after, insert_user};
use crate::{
    ports::Store,
    testing::fixtures::{a_user, another_user, start},
};

/// Defines the tests of a store with API keys: `api_key_contract!(world in world() => &world.store)`.
#[macro_export]
macro_rules! api_key_contract {
    ($world:ident in $make:expr => $store:expr) => {
        $crate::api_key_contract! { $world, $make, $store;
            api_keys_are_found_and_listed_from_the_oldest
            api_keys_are_changed_and_deleted_by_their_owners
            a_use_of_an_api_key_is_recorded_once
            expired_api_keys_are_deleted
            api_keys_are_deleted_with_their_user
        }
    };
    ($world:ident, $make:expr, $store:expr; $($name:ident)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let $world = $make;
                $crate::testing::contract::api_key::$name($store).await;
            }
        )*
    };
}

/// Returns a key of the user.
fn key(id: &str, user: &UserId) -> ApiKey {
    ApiKey {
        id: ApiKeyId::new(id),
        name: Some("ci".to_owned()),
        start: Some("app_ab".to_owned()),
        prefix: Some("app_".to_owned()),
        digest: digest(id),
        user_id: user.clone(),
        refill: Refill {
            interval: Some(1000),
            amount: Some(5),
        },
        is_enabled: Some(true),
        rate_limit: OwnRateLimit {
            is_enabled: Some(true),
            window: Some(86_400_000),
            max: Some(10),
        },
        usage: KeyUsage {
            last_refill_at: Some(after(-5)),
            request_count: Some(2),
            remaining: Some(3),
            last_request: None,
        },
        expires_at: Some(after(60)),
        created_at: start(),
        updated_at: start(),
        permissions: Some(Statements::of(&[("file", &["read"])])),
        metadata: json!({ "team": 1 }),
    }
}

fn digest(id: &str) -> Secret<String> {
    Secret::new(format!("digest of {id}"))
}

/// Everything that is stored of a key. Its secret has no debug output.
fn shown(key: &ApiKey) -> String {
    format!("{key:?} {}", key.digest.expose())
}

async fn insert(store: &dyn Store, key: &ApiKey) {
    let stored = store.autocommit().api_keys().insert(key).await.unwrap();
    assert_eq!(shown(&stored), shown(key));
}

/// [`ApiKeyRepository`](crate::ports::ApiKeyRepository)
pub async fn api_keys_are_found_and_listed_from_the_oldest(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    insert_user(store, &another_user()).await;
    let (ada, bob) = (a_user().id, another_user().id);
    let young = ApiKey {
        created_at: after(1),
        ..key("a", &ada)
    };
    for key in [&young, &key("c", &ada), &key("b", &ada), &key("d", &bob)] {
        insert(store, key).await;
    }
    let mut db = store.autocommit();
    let keys = db.api_keys();
    let (found, owner) = keys.find_by_digest(&digest("b")).await.unwrap().unwrap();
    assert_eq!((shown(&found), owner), (shown(&key("b", &ada)), a_user()));
    assert!(keys.find_by_digest(&digest("x")).await.unwrap().is_none());
    let found = keys.find(&ApiKeyId::new("d")).await.unwrap().unwrap();
    assert_eq!(found.user_id, bob);
    assert!(keys.find(&ApiKeyId::new("x")).await.unwrap().is_none());
    let listed = keys.list_by_user(&ada).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|key| key.id.as_str()).collect();
    assert_eq!(ids, ["b", "c", "a"]);
    assert_eq!(keys.count_by_user(&ada).await.unwrap(), 3);
    assert!(keys.insert(&key("b", &bob)).await.is_err(), "the id is taken");
    let ownerless = key("e", &UserId::new("none"));
    assert!(keys.insert(&ownerless).await.is_err());
}

/// [`ApiKeyRepository::update`](crate::ports::ApiKeyRepository::update)
pub async fn api_keys_are_changed_and_deleted_by_their_owners(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    insert_user(store, &another_user()).await;
    let (ada, bob) = (a_user().id, another_user().id);
    insert(store, &key("a", &ada)).await;
    let id = ApiKeyId::new("a");
    let mut db = store.autocommit();
    let keys = db.api_keys();
    let patch = KeyPatch {
        name: Some("other".to_owned()),
        is_enabled: Some(false),
        expires_at: Some(None),
        metadata: Some(json!(null)),
        remaining: Some(Some(9)),
        refill: Some(Refill::default()),
        is_rate_limited: Some(false),
        rate_limit_window: Some(5),
        rate_limit_max: Some(6),
        permissions: Some(None),
    };
    assert!(keys.update(&id, &bob, &patch).await.unwrap().is_none());
    let changed = keys.update(&id, &ada, &patch).await.unwrap().unwrap();
    let mut expected = key("a", &ada);
    expected.name = Some("other".to_owned());
    expected.is_enabled = Some(false);
    expected.expires_at = None;
    expected.metadata = json!(null);
    expected.usage.remaining = Some(9);
    expected.refill = Refill::default();
    expected.rate_limit = OwnRateLimit {
        is_enabled: Some(false),
        window: Some(5),
        max: Some(6),
    };
    expected.permissions = None;
    assert_eq!(shown(&changed), shown(&expected));

    let patch = KeyPatch {
        is_enabled: Some(true),
        ..KeyPatch::default()
    };
    let changed = keys.update(&id, &ada, &patch).await.unwrap().unwrap();
    expected.is_enabled = Some(true);
    assert_eq!(shown(&changed), shown(&expected));
    assert!(!keys.delete(&id, &bob).await.unwrap());
    assert!(keys.delete(&id, &ada).await.unwrap());
    assert!(!keys.delete(&id, &ada).await.unwrap());
}

/// [`ApiKeyRepository::spend`](crate::ports::ApiKeyRepository::spend)
pub async fn a_use_of_an_api_key_is_recorded_once(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let read = key("a", &a_user().id);
    insert(store, &read).await;
    let mut db = store.autocommit();
    let keys = db.api_keys();
    let usage = KeyUsage {
        last_refill_at: None,
        request_count: Some(3),
        remaining: Some(2),
        last_request: Some(after(1)),
    };
    assert!(keys.spend(&read, usage, after(1)).await.unwrap());
    assert!(!keys.spend(&read, usage, after(1)).await.unwrap());
    let used = keys.lock(&read.id).await.unwrap().unwrap();
    assert_eq!((used.usage, used.updated_at), (usage, after(1)));

    keys.retire(&read).await.unwrap();
    assert!(
        keys.find(&read.id).await.unwrap().is_some(),
        "it was used since it was read"
    );
    let disabled = KeyPatch {
        is_enabled: Some(false),
        ..KeyPatch::default()
    };
    keys.update(&used.id, &used.user_id, &disabled).await.unwrap();
    assert!(!keys.spend(&used, read.usage, after(2)).await.unwrap());
    keys.retire(&used).await.unwrap();
    assert!(keys.lock(&read.id).await.unwrap().is_none());
}

/// [`ApiKeyRepository::delete_expired`](crate::ports::ApiKeyRepository::delete_expired)
pub async fn expired_api_keys_are_deleted(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    let unlimited = ApiKey {
        expires_at: None,
        ..key("c", &a_user().id)
    };
    for key in [&key("a", &a_user().id), &key("b", &a_user().id), &unlimited] {
        insert(store, key).await;
    }
    let mut db = store.autocommit();
    let keys = db.api_keys();
    let end = after(60);
    assert_eq!(keys.delete_expired(end, 10).await.unwrap(), 0);
    let later = end + TimeDelta::milliseconds(1);
    assert_eq!(keys.delete_expired(later, 1).await.unwrap(), 1);
    assert_eq!(keys.delete_expired(later, 10).await.unwrap(), 1);
    assert_eq!(keys.count_by_user(&a_user().id).await.unwrap(), 1);
}

/// The keys of a user are deleted with the user.
pub async fn api_keys_are_deleted_with_their_user(store: &dyn Store) {
    insert_user(store, &a_user()).await;
    insert(store, &key("a", &a_user().id)).await;
    let mut db = store.autocommit();
    assert!(db.users().delete(&a_user().id).await.unwrap());
    assert!(db.api_keys().find(&ApiKeyId::new("a")).await.unwrap().is_none());
}
