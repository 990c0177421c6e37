//! Keys that stand for sessions.

use portcullis_domain::api_key::KeyRefusal;

use super::*;
use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    session::{SessionSeams, Sessions, StrictCaller},
    testing::fixtures::SESSION_POLICY,
    user::{UpdateUser, Updated},
};

impl World {
    async fn caller(&self, key: &CreatedKey) -> StrictCaller {
        let session = self.keys.session(&key.plain, &context()).await.unwrap();
        self.sessions().caller_of_key(session)
    }

    fn sessions(&self) -> Sessions {
        Sessions::new(&self.fake.ports, SESSION_POLICY, SessionSeams::default())
    }
}

fn context() -> RequestContext {
    RequestContext {
        ip_address: "203.0.113.9".to_owned(),
        ..RequestContext::default()
    }
}

#[tokio::test]
async fn a_key_stands_for_a_session_that_is_not_stored() {
    let world = World::new();
    let key = world.key(remaining(3)).await;
    let caller = world.caller(&key).await;
    let session = caller.session();
    assert_eq!(caller.user(), &a_user());
    assert_eq!(session.id.as_str(), key.key.id.as_str());
    assert_eq!(session.token.expose(), key.plain.expose());
    assert_eq!(session.ip_address.as_deref(), Some("203.0.113.9"));
    assert_eq!(session.expires_at - session.created_at, TimeDelta::days(7));
    assert!(caller.is_by_key() && !caller.is_remembered());
    let rows = world.fake.store.rows();
    assert_eq!(rows.sessions.len(), 1);
    assert_eq!(rows.api_keys[0].usage.remaining, Some(2));
}

#[tokio::test]
async fn a_text_that_is_too_short_is_not_looked_up() {
    let world = World::new();
    let short = Secret::new("x".repeat(63));
    let refused = world.keys.session(&short, &context()).await;
    assert!(matches!(refused, Err(KeySessionError::TooShort)));
    let unknown = Secret::new("x".repeat(64));
    let refused = world.keys.session(&unknown, &context()).await;
    assert!(matches!(refused, Err(KeySessionError::Unknown)));
}

#[tokio::test]
async fn a_key_that_is_refused_stands_for_no_session() {
    let world = World::new();
    let key = world.key(remaining(0)).await;
    let refused = world.keys.session(&key.plain, &context()).await;
    let exhausted = KeyRefusal::Exhausted { is_final: true };
    assert!(matches!(refused, Err(KeySessionError::Refused(refusal)) if refusal == exhausted));
}

#[tokio::test]
async fn a_key_is_never_fresh() {
    let world = World::new();
    let key = world.key(KeyPrivileges::default()).await;
    let caller = world.caller(&key).await;
    assert!(world.sessions().fresh(caller).is_none());
}

/// A cookie with the key, or a session cookie cache, would outlive the key.
#[tokio::test]
async fn the_client_of_a_key_stores_no_session() {
    let world = World::new();
    let key = world.key(KeyPrivileges::default()).await;
    let caller = world.caller(&key).await;
    let patch = portcullis_domain::user::UserPatch {
        name: Some("Countess".to_owned()),
        ..Default::default()
    };
    let update = UpdateUser::new(&world.fake.ports, SESSION_POLICY);
    let Updated { user, effects } = update.update(&caller, &patch, true).await.unwrap();
    assert_eq!(user.name, "Countess");
    assert!(matches!(effects.session, SessionEffect::Unchanged));
}
