use portcullis_domain::{id::SessionId, session::UNREMEMBERED_LIFETIME};

use super::*;
use crate::{
    session::SessionSeams,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryStore,
        fixtures::{SESSION_POLICY, a_session, a_user, start},
    },
};

const OPTIONS: OneTimeTokenOptions = OneTimeTokenOptions {
    lifetime: TimeDelta::minutes(3),
    session_lifetime: SESSION_POLICY.expires_in,
    form: TokenForm::Plain,
    may_be_requested: true,
    sets_cookie: true,
    sets_header: false,
};

struct World {
    store: MemoryStore,
    fake: FakePorts<MemoryStore>,
    tokens: OneTimeTokens,
}

impl World {
    fn new(session: Session, options: OneTimeTokenOptions) -> Self {
        let store = MemoryStore::with(|rows| {
            rows.users = vec![a_user()];
            rows.sessions = vec![session];
        });
        let fake = FakePorts::with_store(store.clone());
        let seams = SessionSeams::default();
        let sessions = Arc::new(Sessions::new(&fake.ports, SESSION_POLICY, seams));
        let tokens = OneTimeTokens::new(&fake.ports, sessions, options);
        Self { store, fake, tokens }
    }

    async fn create(&self) -> OneTimeToken {
        self.tokens.create(&a_session()).await.unwrap().unwrap()
    }
}

/// The lifetime for which the client stores the session.
fn stored(effects: &ClientEffects) -> Option<TimeDelta> {
    match effects.session {
        SessionEffect::Store { lifetime, .. } => lifetime,
        _ => panic!("the client stores no session: {effects:?}"),
    }
}

#[tokio::test]
async fn a_token_hands_its_session_over_once() {
    let world = World::new(a_session(), OPTIONS);
    let token = world.create().await;
    let (found, effects) = world.tokens.redeem(&token, true).await.unwrap();
    assert_eq!(found.session.id, a_session().id);
    assert_eq!(stored(&effects), Some(SESSION_POLICY.expires_in));
    let again = world.tokens.redeem(&token, true).await;
    assert!(matches!(again, Err(HandOverError::InvalidToken)));
}

#[tokio::test]
async fn a_session_outlives_the_browser_only_if_it_was_to_do_so_and_the_client_remembers_sessions() {
    let brief = Session {
        expires_at: start() + UNREMEMBERED_LIFETIME,
        ..a_session()
    };
    for (session, does_client_remember) in [(a_session(), false), (brief, true)] {
        let world = World::new(session, OPTIONS);
        let token = world.create().await;
        let (_found, effects) = world.tokens.redeem(&token, does_client_remember).await.unwrap();
        assert_eq!(stored(&effects), None);
    }
}

#[tokio::test]
async fn a_client_may_receive_the_session_without_storing_it() {
    let options = OneTimeTokenOptions {
        sets_cookie: false,
        ..OPTIONS
    };
    let world = World::new(a_session(), options);
    let token = world.create().await;
    let (_found, effects) = world.tokens.redeem(&token, true).await.unwrap();
    assert!(matches!(effects.session, SessionEffect::Unchanged));
}

#[tokio::test]
async fn an_expired_token_is_consumed_and_refused() {
    let world = World::new(a_session(), OPTIONS);
    let token = world.create().await;
    world
        .fake
        .clock
        .advance(OPTIONS.lifetime + TimeDelta::milliseconds(1));
    let refused = world.tokens.redeem(&token, true).await;
    assert!(matches!(refused, Err(HandOverError::TokenExpired)));
    let again = world.tokens.redeem(&token, true).await;
    assert!(matches!(again, Err(HandOverError::InvalidToken)));
}

#[tokio::test]
async fn a_token_of_a_session_that_has_ended_or_expired_is_refused() {
    let other = Session {
        id: SessionId::new("session-2"),
        token: SessionToken::new("token-2"),
        ..a_session()
    };
    let world = World::new(other, OPTIONS);
    let refused = world.tokens.redeem(&world.create().await, true).await;
    assert!(matches!(refused, Err(HandOverError::SessionNotFound)));

    let expired = Session {
        expires_at: start() - TimeDelta::milliseconds(1),
        ..a_session()
    };
    let world = World::new(expired, OPTIONS);
    let refused = world.tokens.redeem(&world.create().await, true).await;
    assert!(matches!(refused, Err(HandOverError::SessionExpired)));
    assert_eq!(world.store.rows().sessions.len(), 1, "housekeeping deletes it");
}

#[tokio::test]
async fn a_token_is_not_consumed_if_its_session_cannot_be_read() {
    let mut finding = FakeUnitOfWork::default();
    finding.payload_tokens.expect_find().once().return_once(|_, _| {
        Ok(Some(Payload {
            text: Secret::new("token-1".to_owned()),
            expires_at: start(),
        }))
    });
    let mut reading = FakeUnitOfWork::default();
    reading
        .sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(vec![finding, reading], Vec::new()));
    let sessions = Arc::new(Sessions::new(
        &fake.ports,
        SESSION_POLICY,
        SessionSeams::default(),
    ));
    let tokens = OneTimeTokens::new(&fake.ports, sessions, OPTIONS);
    let outcome = tokens.redeem(&OneTimeToken::new("x"), true).await;
    assert!(matches!(outcome, Err(HandOverError::Failure(failure)) if failure.is_unavailable()));
}
