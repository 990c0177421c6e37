//! Names that no user can have, and names that are available.

use portcullis_domain::username::UsernameRejection;

use super::*;
use crate::ports::Failure;

#[tokio::test]
async fn names_that_no_user_can_have_and_long_passwords_are_rejected_before_anything_is_read() {
    for (username, expected) in [
        ("ab", UsernameRejection::TooShort),
        (&"a".repeat(31), UsernameRejection::TooLong),
        ("ada l", UsernameRejection::Invalid),
        ("ada\0", UsernameRejection::Invalid),
    ] {
        let fake = FakePorts::with_store(FakeStore::default());
        let command = command(username, &"x".repeat(129));
        let error = sign_in(&fake, ServiceOptions::default(), command)
            .await
            .unwrap_err();
        assert!(matches!(error, UsernameSignInError::Rejected(rejection) if rejection == expected));
        let usernames = use_case(&fake, ServiceOptions::default(), POLICY);
        assert!(matches!(
            usernames.is_available(username).await.unwrap_err(),
            AvailabilityError::Rejected(rejection) if rejection == expected
        ));
    }
    let fake = FakePorts::with_store(FakeStore::default());
    let command = command("ada_l", &"x".repeat(129));
    let error = sign_in(&fake, ServiceOptions::default(), command)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        UsernameSignInError::SignIn(SignInError::PasswordTooLong)
    ));
    assert_eq!(fake.hasher.work(), 0);
}

#[tokio::test]
async fn a_name_is_available_if_no_user_has_its_normalised_form() {
    let exact = UsernamePolicy {
        ignores_case: false,
        ..POLICY
    };
    for (policy, looked_up) in [(POLICY, "ada"), (exact, "Ada")] {
        for user in [None, Some(a_user())] {
            let is_available = user.is_none();
            let fake = FakePorts::with_store(FakeStore::new(vec![read_user(looked_up, user)], Vec::new()));
            let usernames = use_case(&fake, ServiceOptions::default(), policy.clone());
            assert_eq!(usernames.is_available("Ada").await.unwrap(), is_available);
        }
    }
}

#[tokio::test]
async fn a_failing_store_is_reported() {
    let failing = || {
        let mut unit = FakeUnitOfWork::default();
        unit.usernames
            .expect_find_user()
            .returning(|_| Err(Failure::unavailable("unreachable")));
        unit
    };
    let fake = FakePorts::with_store(FakeStore::new(vec![failing(), failing()], Vec::new()));
    let error = sign_in(&fake, ServiceOptions::default(), command("ada_l", "password1")).await;
    assert!(matches!(error, Err(UsernameSignInError::Failure(_))));
    let usernames = use_case(&fake, ServiceOptions::default(), POLICY);
    let available = usernames.is_available("ada_l").await;
    assert!(matches!(available, Err(AvailabilityError::Failure(_))));
}
