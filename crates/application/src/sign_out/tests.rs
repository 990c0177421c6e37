use super::*;
use crate::testing::{FakePorts, FakeStore, FakeUnitOfWork};

fn sign_out(outcome: Result<(), Failure>) -> SignOut {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_delete_all()
        .withf(|tokens| tokens.iter().map(SessionToken::expose).eq(["token-1", "token-2"]))
        .once()
        .return_once(|_| outcome);
    SignOut::new(&FakePorts::with_store(FakeStore::new(vec![read], Vec::new())).ports)
}

fn two() -> [SessionToken; 2] {
    ["token-1", "token-2"].map(SessionToken::new)
}

#[tokio::test]
async fn the_presented_sessions_are_deleted_in_the_store_and_on_the_client() {
    let effects = sign_out(Ok(())).end(&two()).await.unwrap();
    assert!(matches!(effects.session, SessionEffect::Clear));
}

#[tokio::test]
async fn the_client_deletes_its_session_data_even_without_a_session() {
    let fake = FakePorts::with_store(FakeStore::default());
    let effects = SignOut::new(&fake.ports).end(&[]).await.unwrap();
    assert!(matches!(effects.session, SessionEffect::Clear));
}

#[tokio::test]
async fn the_client_keeps_its_token_if_the_store_fails() {
    let outcome = sign_out(Err(Failure::unavailable("unreachable")))
        .end(&two())
        .await;
    assert!(outcome.is_err_and(|failure| failure.is_unavailable()));
}
