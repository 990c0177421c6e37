use chrono::TimeDelta;

use super::*;
use crate::testing::{
    FakePorts, FakeStore, FakeUnitOfWork,
    fixtures::{SESSION_POLICY, a_session, a_user, start},
};

fn patch() -> UserPatch {
    UserPatch {
        name: Some("Countess".to_owned()),
        image: Some(None),
    }
}

fn caller() -> StrictCaller {
    StrictCaller::pretended(a_session(), a_user())
}

async fn update(found: Option<User>, remembered: bool) -> Result<Updated, UpdateUserError> {
    let mut read = FakeUnitOfWork::default();
    read.users
        .expect_update()
        .withf(|user, asked, now| *user == a_user().id && *asked == patch() && *now == start())
        .once()
        .return_once(|_, _, _| Ok(found));
    let fake = FakePorts::around(FakeStore::new(vec![read], Vec::new()));
    UpdateUser::new(&fake.ports, SESSION_POLICY)
        .update(&caller(), &patch(), remembered)
        .await
}

#[tokio::test]
async fn the_caller_is_changed_and_keeps_the_session_for_a_whole_life() {
    let updated = update(Some(a_user()), true).await.unwrap();
    assert_eq!(updated.user, a_user());
    let SessionEffect::Keep { token, lifetime } = updated.effect else {
        panic!("the session is kept: {:?}", updated.effect);
    };
    assert_eq!(
        (token.expose().as_str(), lifetime),
        ("token-1", Some(TimeDelta::days(7)))
    );
}

#[tokio::test]
async fn a_session_that_is_not_remembered_stays_so() {
    let updated = update(Some(a_user()), false).await.unwrap();
    assert!(matches!(
        updated.effect,
        SessionEffect::Keep { lifetime: None, .. }
    ));
}

#[tokio::test]
async fn an_empty_patch_is_refused_and_a_deleted_user_is_gone() {
    let fake = FakePorts::around(FakeStore::default());
    let use_case = UpdateUser::new(&fake.ports, SESSION_POLICY);
    let refused = use_case.update(&caller(), &UserPatch::default(), true).await;
    assert!(matches!(refused, Err(UpdateUserError::NothingToChange)));
    assert!(matches!(update(None, true).await, Err(UpdateUserError::Gone)));
}
