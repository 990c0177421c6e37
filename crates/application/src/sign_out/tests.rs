use super::*;
use crate::testing::{FakePorts, FakeStore, FakeUnitOfWork};

fn sign_out(outcome: Result<(), Failure>) -> SignOut {
    let mut read = FakeUnitOfWork::default();
    read.sessions
        .expect_delete_all()
        .withf(|tokens| tokens.iter().map(SessionToken::expose).eq(["token-1", "token-2"]))
        .once()
        .return_once(|_| outcome);
    SignOut::new(&FakePorts::around(FakeStore::new(vec![read], Vec::new())).ports)
}

fn two() -> [SessionToken; 2] {
    ["token-1", "token-2"].map(SessionToken::new)
}

#[tokio::test]
async fn the_presented_sessions_are_deleted_and_to_be_forgotten() {
    let effect = sign_out(Ok(())).end(&two()).await.unwrap();
    assert!(matches!(effect, SessionEffect::Forget));
}

#[tokio::test]
async fn without_a_session_the_client_forgets_all_the_same() {
    let fake = FakePorts::around(FakeStore::default());
    let effect = SignOut::new(&fake.ports).end(&[]).await.unwrap();
    assert!(matches!(effect, SessionEffect::Forget));
}

#[tokio::test]
async fn where_the_session_may_live_on_nothing_is_forgotten() {
    let outcome = sign_out(Err(Failure::unavailable("away"))).end(&two()).await;
    assert!(outcome.is_err_and(|failure| failure.is_unavailable()));
}
