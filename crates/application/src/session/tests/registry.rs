//! The list of a caller's sessions, and their end.

use portcullis_domain::{
    id::{SessionId, VerificationId},
    token::OneTimeToken,
    user::User,
    verification::{Purpose, Verification},
};

use super::*;

/// A store with two sessions of the caller, one of another user, and a token of each purpose that the caller was sent.
fn crowded() -> MemoryStore {
    MemoryStore::with(|rows| {
        rows.users = vec![a_user(), another_user()];
        let of = |token: &str, user: User| Session {
            id: SessionId::new(token),
            token: SessionToken::new(token),
            user_id: user.id,
            ..a_session()
        };
        rows.sessions = vec![
            of("token-1", a_user()),
            of("token-2", a_user()),
            of("token-3", another_user()),
        ];
        rows.verifications = Purpose::ALL.map(sent).to_vec();
        let address = (a_user().id, "192.0.2.1".to_owned());
        rows.known_addresses.insert(address, start());
    })
}

fn sent(purpose: Purpose) -> Verification {
    Verification {
        id: VerificationId::new(purpose.name()),
        purpose,
        secret: OneTimeToken::new(purpose.name()),
        user_id: a_user().id,
        expires_at: start() + TimeDelta::hours(1),
        created_at: start(),
    }
}

/// Returns the tokens of the sessions that are left.
fn left(store: &MemoryStore) -> Vec<String> {
    let sessions = store.rows().sessions.into_iter();
    sessions.map(|session| session.token.expose().clone()).collect()
}

/// Asserts that the tokens that a session may have requested were revoked, and no others.
fn assert_revoked_tokens(store: &MemoryStore) {
    let purposes: Vec<_> = store.rows().verifications.iter().map(|row| row.purpose).collect();
    let expected = [
        Purpose::PasswordReset,
        Purpose::EmailVerification,
        Purpose::TrustedDevice,
        Purpose::AuthorizationState,
        Purpose::TokenRefresh,
    ];
    assert_eq!(purposes, expected);
}

fn registry(store: &MemoryStore) -> (SessionRegistry, StrictCaller) {
    let fake = FakePorts::with_store(store.clone());
    let by = StrictCaller::for_test(a_session(), a_user());
    (SessionRegistry::new(&fake.ports, Arc::default()), by)
}

#[tokio::test]
async fn only_the_callers_sessions_are_listed() {
    let (registry, by) = registry(&crowded());
    let listed = registry.list(&by).await.unwrap();
    let tokens: Vec<_> = listed.iter().map(|session| session.token.expose()).collect();
    assert_eq!(tokens, ["token-2", "token-1"]);
}

#[tokio::test]
async fn a_session_of_the_caller_is_revoked_and_one_of_another_user_is_not() {
    let store = crowded();
    let (registry, by) = registry(&store);
    registry.revoke(&by, &SessionToken::new("token-3")).await.unwrap();
    assert_eq!(left(&store).len(), 3);
    assert_eq!(store.rows().verifications.len(), Purpose::ALL.len());
    registry.revoke(&by, &SessionToken::new("token-2")).await.unwrap();
    assert_eq!(left(&store), ["token-1", "token-3"]);
    assert_revoked_tokens(&store);
}

#[tokio::test]
async fn all_or_all_other_sessions_of_the_caller_are_revoked_and_other_addresses_forgotten() {
    let context = RequestContext {
        ip_address: "203.0.113.9".to_owned(),
        ..RequestContext::default()
    };
    for (keeps_own, expected) in [(false, &["token-3"][..]), (true, &["token-1", "token-3"])] {
        let store = crowded();
        let (registry, by) = registry(&store);
        if keeps_own {
            registry.revoke_others(&by, &context).await.unwrap();
        } else {
            registry.revoke_all(&by, &context).await.unwrap();
        }
        assert_eq!(left(&store), expected);
        assert_revoked_tokens(&store);
        let known = store.rows().known_addresses.into_keys();
        let addresses: Vec<_> = known.map(|(_, address)| address).collect();
        assert_eq!(addresses, ["203.0.113.9"]);
    }
}

/// Hides sessions that have a value for `impersonatedBy`.
struct HidesImpersonation;

impl SessionLens for HidesImpersonation {
    fn is_visible(&self, session: &Session) -> bool {
        session.additional.get("impersonatedBy").is_null()
    }
}

#[tokio::test]
async fn a_session_that_a_plugin_hides_is_not_listed() {
    let mut hidden = Session {
        id: SessionId::new("session-2"),
        ..a_session()
    };
    hidden.additional.set("impersonatedBy", "user-2".into());
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_list_by_user()
        .return_once(|_, _, _| Ok(vec![a_session(), hidden]));
    let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
    let lenses: [Arc<dyn SessionLens>; 1] = [Arc::new(HidesImpersonation)];
    let registry = SessionRegistry::new(&fake.ports, Arc::from(lenses));
    let by = StrictCaller::for_test(a_session(), a_user());
    let listed = registry.list(&by).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|session| session.id.as_str()).collect();
    assert_eq!(ids, ["session-1"]);
}
