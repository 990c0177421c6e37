use portcullis_domain::{additional::AdditionalFields, last_login_method::LAST_LOGIN_METHOD, user::User};
use serde_json::json;

use super::*;
use crate::{
    client_token::TokenEffect,
    context::RequestContext,
    ports::{Failure, Store as _, WriteError},
    seams::{SignInObserver as _, UserDefaults as _},
    sign_in::completion::SigningIn,
    testing::{
        FakeUnitOfWork, MemoryStore,
        fixtures::{a_session, a_user, start},
    },
};

fn provider(is_redirect: bool) -> SignInMethod {
    SignInMethod::Provider {
        id: "google".to_owned(),
        is_redirect,
    }
}

/// Signs the user in, and returns what the client and the row then contain.
async fn signed_in(method: SignInMethod, is_stored: bool) -> (Option<String>, User) {
    let store = MemoryStore::with(|rows| rows.users = vec![a_user()]);
    let observer = LastLoginObserver::new(LastLoginOptions {
        max_age: TimeDelta::days(30),
        is_stored,
    });
    let context = RequestContext::default();
    let signing_in = SigningIn {
        user: a_user(),
        method,
        context: &context,
        is_remembered: true,
        now: start() + TimeDelta::hours(1),
    };
    let mut unit = store.begin();
    let session = a_session();
    let effects = observer.observe(unit.as_mut(), &signing_in, Some(&session)).await;
    unit.commit().await.unwrap();
    let name = effects.unwrap().pop().map(|effect| match effect {
        TokenEffect::Set {
            kind,
            value,
            lifetime,
        } => {
            assert_eq!((kind, lifetime), (LAST_LOGIN, TimeDelta::days(30)));
            value.expose().clone()
        }
        TokenEffect::Clear { .. } => panic!("no sign-in clears the name"),
    });
    (name, store.rows().users.remove(0))
}

#[tokio::test]
async fn the_methods_are_remembered_that_better_auth_remembers() {
    for (method, expected) in [
        (SignInMethod::Password(Identifier::Email), Some("email")),
        (SignInMethod::SignUp, Some("email")),
        (provider(true), Some("google")),
        (
            SignInMethod::Passkey {
                is_user_verified: true,
            },
            Some("passkey"),
        ),
        (provider(false), None),
        (SignInMethod::Password(Identifier::Username), None),
        (SignInMethod::Password(Identifier::PhoneNumber), None),
        (SignInMethod::EmailLink, None),
        (SignInMethod::MagicLink, None),
        (SignInMethod::EmailCode, None),
        (SignInMethod::PhoneCode, None),
        (SignInMethod::Anonymous, None),
        (SignInMethod::PasswordChange, None),
        (SignInMethod::Session(Box::new(a_session())), None),
        (SignInMethod::SecondFactor, None),
        (SignInMethod::Delegated(AdditionalFields::default()), None),
    ] {
        let (name, user) = signed_in(method.clone(), true).await;
        assert_eq!(name.as_deref(), expected, "{method:?}");
        assert_eq!(*user.additional.get(LAST_LOGIN_METHOD), json!(expected));
        let (name, user) = signed_in(method, false).await;
        assert_eq!((name.as_deref(), user), (expected, a_user()));
    }
}

#[tokio::test]
async fn the_user_is_unchanged_if_the_row_contains_the_method() {
    let mut user = a_user();
    user.additional.set(LAST_LOGIN_METHOD, json!("email"));
    let store = MemoryStore::with(|rows| rows.users = vec![user.clone()]);
    let observer = LastLoginObserver::new(LastLoginOptions {
        max_age: TimeDelta::days(30),
        is_stored: true,
    });
    let context = RequestContext::default();
    let signing_in = SigningIn {
        user: user.clone(),
        method: SignInMethod::Password(Identifier::Email),
        context: &context,
        is_remembered: true,
        now: start() + TimeDelta::hours(1),
    };
    let mut unit = store.begin();
    observer.observe(unit.as_mut(), &signing_in, None).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(store.rows().users, [user]);
}

#[test]
fn a_new_user_starts_with_the_method_of_the_sign_up() {
    for (method, expected) in [
        (Some(SignInMethod::SignUp), Some("email")),
        (Some(provider(true)), Some("google")),
        (Some(SignInMethod::Anonymous), None),
        (None, None),
    ] {
        let mut user = a_user();
        LastLoginDefaults.prepare(&mut user, method.as_ref());
        assert_eq!(*user.additional.get(LAST_LOGIN_METHOD), json!(expected));
    }
}

#[tokio::test]
async fn a_sign_in_fails_if_the_method_cannot_be_stored() {
    let mut unit = FakeUnitOfWork::default();
    let update = unit.users.expect_update().once();
    update.return_once(|_, _, _| Err(WriteError::Failure(Failure::new("no"))));
    let observer = LastLoginObserver::new(LastLoginOptions {
        max_age: TimeDelta::days(30),
        is_stored: true,
    });
    let context = RequestContext::default();
    let signing_in = SigningIn {
        user: a_user(),
        method: SignInMethod::SignUp,
        context: &context,
        is_remembered: true,
        now: start(),
    };
    let outcome = observer.observe(&mut unit, &signing_in, None).await;
    assert!(outcome.is_err());
}
