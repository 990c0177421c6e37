mod registry;

use portcullis_domain::session::Session;

use super::*;
use crate::{
    context::RequestContext,
    ports::MockSessionRepository,
    seams::{SessionLens, SessionLifetimes},
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryStore,
        fixtures::{SESSION_POLICY, a_session, a_user, another_user, start},
        seams::Limited,
    },
};

const RENEWING: Reading = Reading {
    may_renew: true,
    reader: Reader::Client,
};

/// A read with these expectations of the session repository.
fn read(expect: impl FnOnce(&mut MockSessionRepository)) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    expect(&mut unit.sessions);
    unit
}

fn found(session: Option<Session>) -> FakeUnitOfWork {
    read(|sessions| {
        sessions
            .expect_find_by_token()
            .withf(|token| token.expose() == "token-1")
            .once()
            .return_once(|_| Ok(session.map(|session| (session, a_user()))));
    })
}

async fn current(reads: Vec<FakeUnitOfWork>, after: TimeDelta, reading: Reading) -> Result<Found, Failure> {
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    fake.clock.advance(after);
    Sessions::new(&fake.ports, SESSION_POLICY, SessionSeams::default())
        .current(&SessionToken::new("token-1"), reading)
        .await
}

#[tokio::test]
async fn a_young_session_is_read_in_one_statement_and_not_renewed() {
    let found = current(vec![found(Some(a_session()))], TimeDelta::hours(23), RENEWING)
        .await
        .unwrap();
    let active_session = found.active_session.unwrap();
    let (session, user) = (&active_session.session, &active_session.user);
    assert_eq!((session.expires_at, user), (a_session().expires_at, &a_user()));
    let SessionEffect::RefreshCache {
        active_session: copied,
        ..
    } = found.effect
    else {
        panic!("the client receives a new cookie cache: {:?}", found.effect);
    };
    assert_eq!((&copied.session.id, &copied.user), (&a_session().id, &a_user()));
}

#[tokio::test]
async fn the_client_must_delete_an_unknown_token() {
    let found = current(vec![found(None)], TimeDelta::zero(), RENEWING)
        .await
        .unwrap();
    assert!(found.active_session.is_none());
    assert!(matches!(found.effect, SessionEffect::Clear));
}

#[tokio::test]
async fn an_expired_session_is_deleted_in_the_store_and_on_the_client() {
    let deletion = read(|sessions| {
        sessions
            .expect_delete()
            .withf(|token| token.expose() == "token-1")
            .once()
            .return_once(|_| Ok(()));
    });
    let found = current(
        vec![found(Some(a_session())), deletion],
        TimeDelta::days(8),
        RENEWING,
    )
    .await
    .unwrap();
    assert!(found.active_session.is_none());
    assert!(matches!(found.effect, SessionEffect::Clear));
}

#[tokio::test]
async fn a_session_is_renewed_for_its_full_lifetime_after_a_day() {
    let renewal = read(|sessions| {
        sessions
            .expect_renew()
            .withf(|session| {
                session.updated_at == a_session().created_at + TimeDelta::days(1)
                    && session.expires_at == a_session().created_at + TimeDelta::days(8)
            })
            .once()
            .return_once(|_| Ok(true));
    });
    let found = current(
        vec![found(Some(a_session())), renewal],
        TimeDelta::days(1),
        RENEWING,
    )
    .await
    .unwrap();
    let end = a_session().created_at + TimeDelta::days(8);
    assert_eq!(found.active_session.unwrap().session.expires_at, end);
    let SessionEffect::Store {
        active_session,
        lifetime,
    } = found.effect
    else {
        panic!("the client stores a renewed session: {:?}", found.effect);
    };
    assert_eq!(active_session.session.token.expose(), "token-1");
    assert_eq!(active_session.session.expires_at, end);
    assert_eq!(lifetime, Some(TimeDelta::seconds(604_799)));
}

#[tokio::test]
async fn a_read_that_may_not_renew_changes_nothing() {
    let reading = Reading {
        may_renew: false,
        ..RENEWING
    };
    let found = current(vec![found(Some(a_session()))], TimeDelta::days(2), reading)
        .await
        .unwrap();
    assert_eq!(
        found.active_session.unwrap().session.expires_at,
        a_session().expires_at
    );
    assert!(matches!(found.effect, SessionEffect::Unchanged));
}

#[tokio::test]
async fn the_first_live_session_is_used_and_later_tokens_are_not_read() {
    let tokens = ["token-0", "token-1", "token-2"].map(SessionToken::new);
    let dead = || {
        read(|sessions| {
            sessions.expect_find_by_token().once().return_once(|_| Ok(None));
        })
    };
    let reads = vec![dead(), found(Some(a_session()))];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let sessions = Sessions::new(&fake.ports, SESSION_POLICY, SessionSeams::default());
    let first = sessions.first_live(&tokens, RENEWING).await.unwrap();
    assert_eq!(first.active_session.unwrap().session.id, a_session().id);

    let fake = FakePorts::with_store(FakeStore::new(vec![dead(), dead(), dead()], Vec::new()));
    let sessions = Sessions::new(&fake.ports, SESSION_POLICY, SessionSeams::default());
    let none = sessions.first_live(&tokens, RENEWING).await.unwrap();
    assert!(none.active_session.is_none() && matches!(none.effect, SessionEffect::Clear));
}

#[tokio::test]
async fn a_session_whose_renewal_fails_is_returned_unchanged() {
    for failure in [Failure::unavailable("unreachable"), Failure::new("read-only")] {
        let renewal = read(|sessions| {
            sessions.expect_renew().once().return_once(|_| Err(failure));
        });
        let reads = vec![found(Some(a_session())), renewal];
        let found = current(reads, TimeDelta::days(2), RENEWING).await.unwrap();
        let session = &found.active_session.unwrap().session;
        assert_eq!(
            (session.expires_at, session.updated_at),
            (a_session().expires_at, start())
        );
        assert!(matches!(found.effect, SessionEffect::Unchanged));
    }
}

#[tokio::test]
async fn a_session_that_is_not_remembered_is_neither_renewed_nor_cached() {
    let session = Session {
        expires_at: SESSION_POLICY.end(start(), false),
        ..a_session()
    };
    let token = [SessionToken::new("token-1")];
    let reads = vec![found(Some(session.clone())), found(Some(session))];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    fake.clock.advance(TimeDelta::hours(23));
    let sessions = Sessions::new(&fake.ports, SESSION_POLICY, SessionSeams::default());
    let found = sessions.current(&token[0], RENEWING).await.unwrap();
    assert!(found.active_session.is_some() && matches!(found.effect, SessionEffect::Unchanged));
    let caller = sessions.caller(&token, RENEWING).await.unwrap().unwrap();
    assert!(!caller.is_remembered());
}

/// By its row, a session of an hour is remembered and due for renewal at once.
#[tokio::test]
async fn a_session_whose_lifetime_a_plugin_limits_is_neither_renewed_nor_cached() {
    let mut session = Session {
        expires_at: start() + TimeDelta::hours(1),
        ..a_session()
    };
    assert!(session.is_due_for_renewal(SESSION_POLICY, Reader::Client, start()));
    session.additional.set(Limited::FIELD, "user-2".into());
    let reads = vec![found(Some(session.clone())), found(Some(session))];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let lifetimes = SessionLifetimes::new(Arc::new([Arc::new(Limited(TimeDelta::hours(1)))]));
    let seams = SessionSeams {
        lifetimes,
        ..SessionSeams::default()
    };
    let sessions = Sessions::new(&fake.ports, SESSION_POLICY, seams);
    let token = [SessionToken::new("token-1")];
    let found = sessions.current(&token[0], RENEWING).await.unwrap();
    assert!(found.active_session.is_some() && matches!(found.effect, SessionEffect::Unchanged));
    let caller = sessions.caller(&token, RENEWING).await.unwrap().unwrap();
    assert!(!caller.is_remembered());
}

#[tokio::test]
async fn a_session_that_is_revoked_during_its_renewal_is_not_returned() {
    let renewal = read(|sessions| {
        sessions.expect_renew().once().return_once(|_| Ok(false));
    });
    let found = current(
        vec![found(Some(a_session())), renewal],
        TimeDelta::days(2),
        RENEWING,
    )
    .await
    .unwrap();
    assert!(found.active_session.is_none());
    assert!(matches!(found.effect, SessionEffect::Clear));
}

#[tokio::test]
async fn an_unreachable_store_is_a_failure_and_not_a_missing_session() {
    let away = read(|sessions| {
        sessions
            .expect_find_by_token()
            .once()
            .return_once(|_| Err(Failure::unavailable("unreachable")));
    });
    let failure = current(vec![away], TimeDelta::zero(), RENEWING)
        .await
        .unwrap_err();
    assert!(failure.is_unavailable());
}

#[tokio::test]
async fn a_caller_needs_a_stored_session_and_is_fresh_for_a_day() {
    let fake = FakePorts::with_store(FakeStore::new(
        vec![found(Some(a_session())), found(None)],
        Vec::new(),
    ));
    let sessions = Sessions::new(&fake.ports, SESSION_POLICY, SessionSeams::default());
    let token = [SessionToken::new("token-1")];
    let caller = sessions.caller(&token, RENEWING).await.unwrap().unwrap();
    assert_eq!(
        (&caller.session().id, caller.user()),
        (&a_session().id, &a_user())
    );
    assert!(sessions.caller(&token, RENEWING).await.unwrap().is_none());

    fake.clock
        .advance(TimeDelta::days(1) - TimeDelta::milliseconds(1));
    assert_eq!(sessions.fresh(caller).unwrap().user(), &a_user());
    fake.clock.advance(TimeDelta::milliseconds(1));
    let caller = StrictCaller::for_test(a_session(), a_user());
    assert!(sessions.fresh(caller).is_none());
}
