use chrono::TimeDelta;

use super::*;
use crate::{
    client_token::SessionEffect,
    ports::UniqueKey,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryStore,
        fixtures::{SESSION_POLICY, a_user, another_user, calling, start},
    },
};

fn patch() -> UserPatch {
    UserPatch {
        name: Some("Countess".to_owned()),
        image: Some(None),
        ..UserPatch::default()
    }
}

fn countess() -> User {
    User {
        name: "Countess".to_owned(),
        updated_at: start() + TimeDelta::hours(1),
        ..a_user()
    }
}

async fn update(store: impl Store + 'static, remembered: bool) -> Result<Updated, UpdateUserError> {
    let fake = FakePorts::with_store(store);
    fake.clock.advance(TimeDelta::hours(1));
    UpdateUser::new(&fake.ports, SESSION_POLICY)
        .update(&calling(a_user()), &patch(), remembered)
        .await
}

fn with_ada() -> MemoryStore {
    MemoryStore::with(|rows| rows.users = vec![a_user(), another_user()])
}

/// A store whose update has this outcome.
fn failing(error: WriteError) -> FakeStore {
    let mut read = FakeUnitOfWork::default();
    read.users
        .expect_update()
        .once()
        .return_once(|_, _, _| Err(error));
    FakeStore::new(vec![read], Vec::new())
}

#[tokio::test]
async fn the_caller_is_changed_and_the_client_stores_the_session_for_a_full_lifetime() {
    let store = with_ada();
    let updated = update(store.clone(), true).await.unwrap();
    assert_eq!(updated.user, countess());
    assert_eq!(store.rows().users, [countess(), another_user()]);
    let SessionEffect::Store {
        active_session,
        lifetime,
    } = updated.effects.session
    else {
        panic!("the client stores the session: {:?}", updated.effects.session);
    };
    assert_eq!(active_session.session.token.expose(), "token-1");
    assert_eq!(
        (active_session.user.clone(), lifetime),
        (countess(), Some(TimeDelta::days(7)))
    );
}

#[tokio::test]
async fn a_session_that_is_not_remembered_still_ends_with_the_browser() {
    let updated = update(with_ada(), false).await.unwrap();
    assert!(matches!(
        updated.effects.session,
        SessionEffect::Store { lifetime: None, .. }
    ));
}

#[tokio::test]
async fn an_empty_patch_and_a_deleted_user_are_rejected() {
    let fake = FakePorts::with_store(MemoryStore::default());
    let use_case = UpdateUser::new(&fake.ports, SESSION_POLICY);
    let refused = use_case
        .update(&calling(a_user()), &UserPatch::default(), true)
        .await;
    assert!(matches!(refused, Err(UpdateUserError::NothingToChange)));
    let gone = update(MemoryStore::default(), true).await;
    assert!(matches!(gone, Err(UpdateUserError::Gone)));
}

#[tokio::test]
async fn a_taken_unique_field_is_rejected_and_a_failing_store_is_a_failure() {
    let taken = update(failing(WriteError::Taken(UniqueKey::AdditionalField)), true).await;
    assert!(matches!(taken, Err(UpdateUserError::Taken)));
    let away = update(failing(Failure::unavailable("unreachable").into()), true).await;
    assert!(matches!(away, Err(UpdateUserError::Failure(_))));
}
