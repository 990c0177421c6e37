use portcullis_domain::{id::SessionId, session::Session, user::User};

use super::*;
use crate::{
    seams::SessionLifetimes,
    session::SessionSeams,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryStore,
        fixtures::{SESSION_POLICY, a_session, a_user, another_user, start},
        seams::Limited,
    },
};

fn session(token: &str, user: &User) -> Session {
    Session {
        id: SessionId::new(token),
        token: SessionToken::new(token),
        user_id: user.id.clone(),
        ..a_session()
    }
}

fn tokens<const N: usize>(texts: [&str; N]) -> [SessionToken; N] {
    texts.map(SessionToken::new)
}

/// The sessions `ada` and `ada-2` of a user, `bob` of another one, and `ended`, which has expired.
fn store() -> MemoryStore {
    MemoryStore::with(|rows| {
        rows.users = vec![a_user(), another_user()];
        rows.sessions = vec![
            session("ada", &a_user()),
            Session {
                created_at: start() + TimeDelta::seconds(2),
                ..session("ada-2", &a_user())
            },
            Session {
                created_at: start() + TimeDelta::seconds(1),
                ..session("bob", &another_user())
            },
            Session {
                expires_at: start() - TimeDelta::seconds(1),
                ..session("ended", &another_user())
            },
        ];
    })
}

fn multi_session<S>(fake: &FakePorts<S>) -> MultiSession {
    let seams = SessionSeams {
        lifetimes: SessionLifetimes::new(Arc::new([Arc::new(Limited(TimeDelta::hours(1)))])),
        ..SessionSeams::default()
    };
    let sessions = Arc::new(Sessions::new(&fake.ports, SESSION_POLICY, seams));
    let options = MultiSessionOptions {
        max_sessions: 3,
        lifetime: SESSION_POLICY.expires_in,
    };
    MultiSession::new(&fake.ports, sessions, options)
}

fn left(store: &MemoryStore) -> Vec<String> {
    let rows = store.rows();
    rows.sessions
        .iter()
        .map(|left| left.token.expose().clone())
        .collect()
}

/// The token that the client stores, and whether the session outlives the browser.
fn stored(effects: &ClientEffects) -> Option<(String, bool)> {
    match &effects.session {
        SessionEffect::Store {
            active_session,
            lifetime,
        } => Some((active_session.session.token.expose().clone(), lifetime.is_some())),
        _ => None,
    }
}

#[tokio::test]
async fn the_oldest_live_session_of_each_user_is_listed() {
    let fake = FakePorts::with_store(store());
    let multi_session = multi_session(&fake);
    for (held, expected) in [
        (&tokens(["bob", "ada-2", "ada"])[..], &["ada", "bob"][..]),
        (&tokens(["ended", "unknown", "ada-2"]), &["ada-2"]),
        (&[], &[]),
    ] {
        let listed = multi_session.list(held).await.unwrap();
        let listed: Vec<_> = listed.iter().map(|found| found.session.token.expose()).collect();
        assert_eq!(listed, expected);
    }
}

#[tokio::test]
async fn no_more_sessions_are_looked_up_than_a_device_keeps() {
    let fake = FakePorts::with_store(store());
    let held = tokens(["x", "y", "z", "ada"]);
    let multi_session = multi_session(&fake);
    assert!(multi_session.list(&held).await.unwrap().is_empty());
    let new = ActiveSession {
        session: session("ada-2", &a_user()),
        user: a_user(),
    };
    let arrival = multi_session.arrive(&held, &new).await.unwrap();
    assert!(arrival.replaced.is_empty());
}

#[tokio::test]
async fn a_device_activates_only_a_live_session_that_it_holds() {
    let fake = FakePorts::with_store(store());
    let multi_session = multi_session(&fake);
    let held = tokens(["ada", "ended", "unknown"]);
    for token in ["bob", "ended", "unknown", ""] {
        let refused = multi_session
            .activate(&held, &SessionToken::new(token), true)
            .await;
        assert!(
            matches!(refused, Err(DeviceSessionError::InvalidToken)),
            "{token}"
        );
    }
    let (found, effects) = multi_session.activate(&held, &held[0], true).await.unwrap();
    assert_eq!(found.user.id, a_user().id);
    assert_eq!(stored(&effects), Some(("ada".to_owned(), true)));
}

#[tokio::test]
async fn an_activated_session_outlives_the_browser_only_if_it_was_to_do_so() {
    let store = MemoryStore::with(|rows| {
        rows.users = vec![a_user()];
        let mut limited = session("limited", &a_user());
        limited.additional.set(Limited::FIELD, "user-2".into());
        let brief = Session {
            expires_at: start() + TimeDelta::days(1),
            ..session("brief", &a_user())
        };
        rows.sessions = vec![session("long", &a_user()), brief, limited];
    });
    let multi_session = multi_session(&FakePorts::with_store(store));
    for (token, does_client_remember, is_remembered) in [
        ("long", true, true),
        ("long", false, false),
        ("brief", true, false),
        ("limited", true, false),
    ] {
        let held = tokens([token]);
        let activated = multi_session
            .activate(&held, &held[0], does_client_remember)
            .await;
        let expected = Some((token.to_owned(), is_remembered));
        assert_eq!(stored(&activated.unwrap().1), expected, "{token}");
    }
}

#[tokio::test]
async fn another_session_becomes_the_current_one_when_that_is_revoked() {
    for (revoked, held, current, expected, is_cleared) in [
        ("bob", &tokens(["ada", "bob"])[..], "ada", None, false),
        ("ada", &tokens(["ada", "ended", "bob"]), "ada", Some("bob"), false),
        ("ada", &tokens(["ada", "ended"]), "ada", None, true),
    ] {
        let store = store();
        let fake = FakePorts::with_store(store.clone());
        let by = StrictCaller::for_test(session(current, &a_user()), a_user());
        let token = SessionToken::new(revoked);
        let effects = multi_session(&fake)
            .revoke(&by, held, (&token, true))
            .await
            .unwrap();
        let expected = expected.map(|token: &str| (token.to_owned(), true));
        assert_eq!(stored(&effects), expected);
        assert_eq!(matches!(effects.session, SessionEffect::Clear), is_cleared);
        assert!(!left(&store).contains(&revoked.to_owned()));
    }
}

#[tokio::test]
async fn a_device_cannot_revoke_a_session_that_it_does_not_hold() {
    let store = store();
    let fake = FakePorts::with_store(store.clone());
    let by = StrictCaller::for_test(session("ada", &a_user()), a_user());
    let token = SessionToken::new("bob");
    let refused = multi_session(&fake)
        .revoke(&by, &tokens(["ada"]), (&token, true))
        .await;
    assert!(matches!(refused, Err(DeviceSessionError::InvalidToken)));
    assert_eq!(left(&store).len(), 4);
}

#[tokio::test]
async fn a_new_session_ends_those_of_the_same_user_that_the_device_holds() {
    let store = store();
    let fake = FakePorts::with_store(store.clone());
    let new = ActiveSession {
        session: session("new", &a_user()),
        user: a_user(),
    };
    let held = tokens(["ada", "bob"]);
    let arrival = multi_session(&fake).arrive(&held, &new).await.unwrap();
    assert!(arrival.is_kept && arrival.forgotten.is_empty());
    assert_eq!(arrival.replaced.len(), 1);
    assert_eq!(left(&store), ["ada-2", "bob", "ended"]);
}

#[tokio::test]
async fn the_devices_cookies_stay_if_the_store_fails() {
    let mut reading = FakeUnitOfWork::default();
    reading
        .sessions
        .expect_find_by_token()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(vec![reading], Vec::new()));
    let new = ActiveSession {
        session: a_session(),
        user: a_user(),
    };
    let outcome = multi_session(&fake).arrive(&tokens(["ada"]), &new).await;
    assert!(outcome.is_err_and(|failure| failure.is_unavailable()));
}
