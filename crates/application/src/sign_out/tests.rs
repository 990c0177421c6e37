use portcullis_domain::{id::SessionId, session::Session};

use super::*;
use crate::testing::{FakePorts, FakeStore, FakeUnitOfWork, MemoryStore, fixtures::a_session};

fn session(token: &str) -> Session {
    Session {
        id: SessionId::new(token),
        token: SessionToken::new(token),
        ..a_session()
    }
}

fn two() -> [SessionToken; 2] {
    ["token-1", "token-2"].map(SessionToken::new)
}

#[tokio::test]
async fn the_presented_sessions_are_deleted_in_the_store_and_on_the_client() {
    let store = MemoryStore::with(|rows| {
        rows.sessions = ["token-1", "token-2", "token-3"].map(session).to_vec();
    });
    let sign_out = SignOut::new(&FakePorts::with_store(store.clone()).ports);
    let effects = sign_out.end(&two()).await.unwrap();
    assert!(matches!(effects.session, SessionEffect::Clear));
    let rows = store.rows();
    let left: Vec<_> = rows.sessions.iter().map(|left| left.token.expose()).collect();
    assert_eq!(left, ["token-3"]);
}

#[tokio::test]
async fn the_client_deletes_its_session_data_even_without_a_session() {
    let sign_out = SignOut::new(&FakePorts::with_store(MemoryStore::default()).ports);
    for tokens in [&[][..], &two()] {
        let effects = sign_out.end(tokens).await.unwrap();
        assert!(matches!(effects.session, SessionEffect::Clear));
    }
}

#[tokio::test]
async fn the_client_keeps_its_token_if_the_store_fails() {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_delete_all()
        .once()
        .return_once(|_| Err(Failure::unavailable("unreachable")));
    let fake = FakePorts::with_store(FakeStore::new(vec![read], Vec::new()));
    let outcome = SignOut::new(&fake.ports).end(&two()).await;
    assert!(outcome.is_err_and(|failure| failure.is_unavailable()));
}
