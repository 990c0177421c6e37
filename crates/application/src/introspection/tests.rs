//! Tests of introspection and revocation.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::id::SessionId;
use serde_json::json;

use super::*;
use crate::{
    ports::Repositories,
    seams::{SessionVeto, SessionVetoes},
    session::SessionSeams,
    testing::{
        FakePorts, MemoryStore,
        fixtures::{SESSION_POLICY, a_session, a_user, another_user},
    },
};

/// Recognizes texts of the form `USER SESSION`, of which the session may be missing.
struct Words;

#[async_trait]
impl TokenInspector for Words {
    async fn inspect(&self, token: &str) -> Result<Option<InspectedToken>, Failure> {
        let mut words = token.split(' ');
        let user = words.next().filter(|user| user.starts_with("user-"));
        Ok(user.map(|user| InspectedToken {
            user: UserId::new(user),
            session: words.next().map(SessionId::new),
            claims: json!({ "aud": "api" }).as_object().cloned().unwrap_or_default(),
        }))
    }
}

struct World {
    fake: FakePorts<MemoryStore>,
    introspection: Introspection,
}

/// Refuses the sessions of [`another_user`].
struct Banned;

#[async_trait]
impl SessionVeto for Banned {
    async fn is_refused(
        &self,
        _db: &mut dyn Repositories,
        (_session, user): (&Session, &User),
        _now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        Ok(user.id == another_user().id)
    }
}

fn world(accepts_unsigned: bool) -> World {
    with_seams(accepts_unsigned, SessionSeams::default())
}

fn with_seams(accepts_unsigned: bool, seams: SessionSeams) -> World {
    let fake = FakePorts::with_store(MemoryStore::with(|rows| {
        rows.users = vec![a_user(), another_user()];
        rows.sessions = vec![a_session()];
    }));
    let sessions = Sessions::new(&fake.ports, SESSION_POLICY, seams);
    let registry = SessionRegistry::new(&fake.ports, Arc::default());
    let options = IntrospectionOptions {
        accepts_unsigned,
        issuer: "https://auth.example.com".to_owned(),
        has_clients: true,
    };
    let shared = (Arc::new(sessions), Arc::new(registry));
    let introspection = Introspection::new(&fake.ports, shared, Arc::new([Arc::new(Words)]), options);
    World { fake, introspection }
}

fn signed(token: &str) -> PresentedToken {
    PresentedToken::Signed(SessionToken::new(token))
}

fn jwt(token: &str) -> PresentedToken {
    PresentedToken::Jwt(Secret::new(token.to_owned()))
}

impl World {
    /// Returns the user and the session of a token.
    async fn owner(&self, token: &PresentedToken) -> Option<(String, Option<String>)> {
        let active = self.introspection.introspect(token).await.unwrap()?;
        let session = active.session.map(|session| session.id.as_str().to_owned());
        Some((active.user.id.as_str().to_owned(), session))
    }
}

#[tokio::test]
async fn a_token_stands_for_its_user_and_its_live_session() {
    let world = world(true);
    let ada = a_user().id.as_str().to_owned();
    let bob = another_user().id.as_str().to_owned();
    let session = Some("session-1".to_owned());
    let of_session = Some((ada.clone(), session));
    let unsigned = PresentedToken::Unsigned(SessionToken::new("token-1"));
    for (token, expected) in [
        (signed("token-1"), of_session.clone()),
        (unsigned, of_session.clone()),
        (signed("token-2"), None),
        (jwt(&format!("{ada} session-1")), of_session),
        (jwt(&ada), Some((ada.clone(), None))),
        (jwt(&format!("{ada} session-2")), None),
        (jwt(&format!("{bob} session-1")), None),
        (jwt("user-9"), None),
        (jwt("other"), None),
    ] {
        assert_eq!(world.owner(&token).await, expected, "{token:?}");
    }
}

#[tokio::test]
async fn an_unsigned_token_is_accepted_only_if_callers_may_present_it() {
    let unsigned = PresentedToken::Unsigned(SessionToken::new("token-1"));
    assert!(world(true).owner(&unsigned).await.is_some());
    assert!(world(false).owner(&unsigned).await.is_none());
    world(false).introspection.revoke(&unsigned).await.unwrap();
}

#[tokio::test]
async fn introspection_does_not_renew_a_session_that_is_due() {
    let world = world(true);
    world.fake.clock.advance(TimeDelta::days(6));
    let jwt = jwt(&format!("{} session-1", a_user().id.as_str()));
    for token in [signed("token-1"), jwt] {
        assert!(world.owner(&token).await.is_some());
        let stored = world.fake.store.rows().sessions.remove(0);
        assert_eq!(
            (stored.expires_at, stored.updated_at),
            (a_session().expires_at, a_session().updated_at)
        );
    }
}

#[tokio::test]
async fn an_expired_session_makes_its_tokens_inactive() {
    for is_jwt in [false, true] {
        let world = world(true);
        world.fake.clock.advance(TimeDelta::days(8));
        let jwt = jwt(&format!("{} session-1", a_user().id.as_str()));
        let token = if is_jwt { jwt } else { signed("token-1") };
        assert!(world.owner(&token).await.is_none());
        assert!(world.fake.store.rows().sessions.is_empty());
    }
}

#[tokio::test]
async fn revocation_ends_the_session_and_may_be_repeated() {
    let of_jwt = || jwt(&format!("{} session-1", a_user().id.as_str()));
    for token in [signed("token-1"), of_jwt()] {
        let world = world(true);
        for _ in 0..2 {
            world.introspection.revoke(&token).await.unwrap();
            assert!(world.fake.store.rows().sessions.is_empty());
            assert!(world.owner(&token).await.is_none());
            assert!(world.owner(&of_jwt()).await.is_none());
        }
    }
}

#[tokio::test]
async fn a_jwt_without_a_session_cannot_be_revoked() {
    let world = world(true);
    let outcome = world.introspection.revoke(&jwt(a_user().id.as_str())).await;
    assert!(matches!(outcome, Err(RevocationError::NoSession)));
    world.introspection.revoke(&jwt("other")).await.unwrap();
    assert_eq!(world.fake.store.rows().sessions.len(), 1);
}

#[tokio::test]
async fn a_jwt_without_a_session_is_inactive_if_its_user_may_have_none() {
    let seams = SessionSeams {
        vetoes: SessionVetoes::new(Arc::new([Arc::new(Banned)])),
        ..SessionSeams::default()
    };
    let world = with_seams(true, seams);
    assert!(world.owner(&jwt(a_user().id.as_str())).await.is_some());
    assert!(world.owner(&jwt(another_user().id.as_str())).await.is_none());
}
