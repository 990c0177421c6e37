use async_trait::async_trait;
use chrono::TimeDelta;
use portcullis_domain::{
    account::Account,
    id::{AccountId, VerificationId},
    session::Session,
    token::{OneTimeToken, SessionToken},
    user::User,
    verification::{Purpose, Verification},
};
use serde_json::json;

use super::{
    World,
    known::{fill, of},
    world::{at_provider, renamed},
};
use crate::{
    client_token::SessionEffect,
    ports::{Failure, Repositories},
    seams::{SecondStep, Step},
    sign_in::completion::{SignInSeams, SigningIn},
    testing::{
        ServiceOptions,
        fixtures::{a_session, a_user, an_account, start},
        seams::refusing_verified,
    },
};

/// An unverified user with a password, an account at another provider, a session and a link that sets a new password.
fn unproven() -> World {
    World::with(|rows| {
        fill(rows, a_user());
        rows.accounts.push(an_account("plain:password1"));
        rows.accounts.push(Account {
            id: AccountId::new("account-3"),
            provider_id: "gitlab".to_owned(),
            ..at_provider(&a_user())
        });
        rows.sessions = vec![Session {
            token: SessionToken::new("old"),
            ..a_session()
        }];
        rows.verifications = vec![Verification {
            id: VerificationId::new("1"),
            purpose: Purpose::PasswordReset,
            secret: OneTimeToken::new("reset"),
            user_id: a_user().id,
            expires_at: start() + TimeDelta::hours(1),
            created_at: start(),
        }];
    })
}

/// GHSA-qq9h-g4jm-xgf3: until then, another person may have known the password.
#[tokio::test]
async fn the_first_proof_of_the_address_deletes_other_credentials_and_sessions() {
    let mut world = unproven();
    world.sign_in().await.unwrap();
    let rows = world.rows();
    assert!(rows.users[0].email_verified);
    let providers: Vec<_> = rows
        .accounts
        .iter()
        .map(|account| account.provider_id.as_str())
        .collect();
    assert_eq!(
        providers,
        ["github"],
        "the password and the other account are deleted"
    );
    assert_eq!(rows.sessions.len(), 1);
    assert_ne!(rows.sessions[0].token.expose(), "old");
    assert!(rows.verifications.is_empty());
}

#[tokio::test]
async fn nothing_ends_without_a_first_proof() {
    let mut unverified = unproven();
    unverified.set("emailVerified", json!(false));
    let mut other_address = unproven();
    other_address.set("email", json!("countess@example.com"));
    for mut world in [unverified, other_address] {
        world.sign_in().await.unwrap();
        let rows = world.rows();
        assert!(!rows.users[0].email_verified);
        assert_eq!(
            (rows.accounts.len(), rows.sessions.len(), rows.verifications.len()),
            (3, 2, 1)
        );
    }
}

/// Asks every user for a second step.
struct Asking;

#[async_trait]
impl SecondStep for Asking {
    async fn challenge(
        &self,
        _db: &mut dyn Repositories,
        _signing_in: &SigningIn<'_>,
    ) -> Result<Step, Failure> {
        Ok(Step::Challenge(Vec::new()))
    }
}

fn asking() -> ServiceOptions {
    ServiceOptions {
        seams: SignInSeams {
            second_steps: std::sync::Arc::new([std::sync::Arc::new(Asking)]),
            ..SignInSeams::default()
        },
        ..ServiceOptions::default()
    }
}

/// A person with one of two factors must end nothing that belongs to the user.
#[tokio::test]
async fn a_sign_in_that_stops_at_the_second_step_proves_nothing() {
    let mut world = unproven();
    world.services = asking();
    assert!(world.sign_in().await.unwrap().is_challenged);
    let rows = world.rows();
    assert_eq!(rows.users, [a_user()]);
    assert_eq!(
        (rows.accounts.len(), rows.sessions.len(), rows.verifications.len()),
        (3, 1, 1)
    );
}

#[tokio::test]
async fn a_sign_in_that_stops_at_the_second_step_does_not_set_the_users_data() {
    for is_verified in [true, false] {
        let before = User {
            email_verified: is_verified,
            ..renamed()
        };
        let mut world = of(before.clone());
        world.provider.policy.override_user_info = true;
        world.services = asking();
        assert!(world.sign_in().await.unwrap().is_challenged);
        assert_eq!(world.rows().users, [before]);
        assert!(world.fake.store.messages().is_empty());
    }
}

/// The guard refuses verified users; the sign-in verifies the user.
#[tokio::test]
async fn a_guard_sees_the_user_before_the_change() {
    let mut world = unproven();
    world.services = refusing_verified("REFUSED");
    world.sign_in().await.unwrap();
    assert!(world.rows().users[0].email_verified);
}

#[tokio::test]
async fn the_client_stores_the_changed_user() {
    for mut world in [of(renamed()), of(a_user())] {
        world.provider.policy.override_user_info = true;
        let finished = world.sign_in().await.unwrap();
        let SessionEffect::Store { active_session, .. } = finished.effects.session else {
            panic!("a session starts");
        };
        let user = &active_session.user;
        assert_eq!(*user, world.rows().users[0]);
        assert!(user.email_verified && user.name == "Ada Lovelace");
        assert_eq!(active_session.session.id, world.rows().sessions[0].id);
    }
}
