//! Every one-time token against every operation that accepts one: each token works for its own purpose and for no other
//! (GHSA-965c-763c-88jm). A new purpose or a new kind of link does not compile here until it is tested against all
//! others.

use chrono::TimeDelta;
use portcullis_domain::{
    code::{CodeKey, OneTimeCode, StoredCode},
    email::EmailAddress,
    email_verification::{EmailLink, LinkRequest},
    id::VerificationId,
    password::Password,
    token::OneTimeToken,
    user::User,
    verification::{Purpose, Verification},
};

use crate::{
    account::FirstProof,
    change_email::{ChangeEmail, ChangeEmailOptions, ChangeEmailRequest},
    context::RequestContext,
    delete_user::{DeleteUser, DeleteUserOptions, DeletionRequest},
    email_verification::{EmailVerification, EmailVerificationOptions, FollowLink, SendLink, Verified},
    password_reset::{PasswordReset, PasswordResetOptions},
    ports::RandomExt,
    seams::UserDeletionGuards,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryVerifications, Outbox, ServiceOptions, Services,
        fixtures::{
            FLOOR, SESSION_POLICY, a_session, a_user, a_verified_user, calling, message_options, new_email,
            start,
        },
    },
};

/// An operation that accepts a one-time token.
#[derive(Clone, Debug)]
enum Redeemer {
    /// The check of a reset token before the page is shown.
    CheckReset,
    /// The reset of a password.
    Reset,
    /// The deletion of a user who followed a link.
    ConfirmDeletion,
    /// The deletion of a user who sends a token.
    Delete,
    /// A followed link with this request.
    Follow(LinkRequest),
}

/// Returns the link request of a purpose, or `None` if its token is not a signed link.
fn link_for(purpose: Purpose) -> Option<LinkRequest> {
    match purpose {
        Purpose::PasswordReset
        | Purpose::AccountDeletion
        | Purpose::TwoFactorChallenge
        | Purpose::TrustedDevice
        | Purpose::AuthorizationState
        | Purpose::TokenRefresh => None,
        Purpose::EmailVerification => Some(LinkRequest::Verify),
        Purpose::EmailChangeConfirmation => Some(LinkRequest::ConfirmChange(new_email())),
        Purpose::EmailChangeVerification => Some(LinkRequest::VerifyChange(new_email())),
    }
}

/// Returns every operation that accepts tokens of a purpose.
fn redeemers(purpose: Purpose) -> Vec<Redeemer> {
    match (purpose, link_for(purpose)) {
        (Purpose::PasswordReset, _) => vec![Redeemer::CheckReset, Redeemer::Reset],
        (Purpose::AccountDeletion, _) => vec![Redeemer::ConfirmDeletion, Redeemer::Delete],
        (
            Purpose::EmailVerification | Purpose::EmailChangeConfirmation | Purpose::EmailChangeVerification,
            request,
        ) => request.into_iter().map(Redeemer::Follow).collect(),
        // Other use cases accept them: they are rejected by all of the above.
        (
            Purpose::TwoFactorChallenge
            | Purpose::TrustedDevice
            | Purpose::AuthorizationState
            | Purpose::TokenRefresh,
            _,
        ) => Vec::new(),
    }
}

/// Whether following a link did what this request asks for.
fn has_done(request: &LinkRequest, outcome: &Verified) -> bool {
    match request {
        LinkRequest::Verify => matches!(outcome, Verified::Proven(_)),
        LinkRequest::ConfirmChange(_) => matches!(outcome, Verified::Asked),
        LinkRequest::VerifyChange(_) => matches!(outcome, Verified::Changed(..)),
    }
}

/// A deployment with one user and every feature enabled.
#[derive(Default)]
struct Fixture {
    memory: MemoryVerifications,
    outbox: Outbox,
    accepts_foreign_links: bool,
}

impl Fixture {
    /// A read that finds the user by the e-mail address, and a unit of work that accepts every change.
    fn fake(&self) -> FakePorts {
        self.fake_of(a_user())
    }

    fn fake_of(&self, user: User) -> FakePorts {
        let mut read = FakeUnitOfWork::default();
        self.memory.serve(&mut read);
        read.users
            .expect_find_by_email()
            .returning(|email| Ok((*email == a_user().email).then(a_user)));
        let mut unit = FakeUnitOfWork::default();
        self.memory.serve(&mut unit);
        self.outbox.serve(&mut unit);
        unit.locks_caller(user);
        unit.users.expect_find_by_email().returning(|_| Ok(None));
        unit.users.expect_delete().returning(|_| Ok(true));
        unit.users
            .expect_set_email()
            .returning(|_, _, to, is_verified, _| Ok(Some(with_email(to, is_verified))));
        unit.accounts.expect_set_hash().returning(|_, _, _| Ok(true));
        unit.accounts
            .expect_delete_provider_accounts()
            .returning(|_| Ok(()));
        unit.accepts_revocations();
        FakePorts::with_store(FakeStore::new(vec![read], vec![unit]))
    }

    /// Returns the token that the user is sent for a purpose.
    async fn mint(&self, purpose: Purpose) -> OneTimeToken {
        let fake = match purpose {
            Purpose::EmailChangeConfirmation => self.fake_of(a_verified_user()),
            _ => self.fake(),
        };
        match purpose {
            Purpose::PasswordReset => {
                let asked = resetting(&fake)
                    .request(&a_user().email, None, &RequestContext::default())
                    .await;
                asked.unwrap();
            }
            Purpose::AccountDeletion => {
                let (by, context) = (calling(a_user()), RequestContext::default());
                let asked = deleting(&fake)
                    .delete(&by, &DeletionRequest::default(), &context)
                    .await;
                asked.unwrap();
            }
            Purpose::EmailVerification => {
                let command = SendLink {
                    email: a_user().email,
                    text: a_user().email.as_str().to_owned(),
                    callback: None,
                };
                let verifying = self.verifying(&fake);
                let asked = verifying.send(None, &command, &RequestContext::default()).await;
                asked.unwrap();
            }
            Purpose::EmailChangeConfirmation => change(&fake, a_verified_user()).await,
            Purpose::EmailChangeVerification => change(&fake, a_user()).await,
            Purpose::TwoFactorChallenge => {
                return self.store(purpose, fake.ports.random.two_factor_challenge());
            }
            Purpose::TrustedDevice => return self.store(purpose, fake.ports.random.trusted_device()),
            Purpose::AuthorizationState | Purpose::TokenRefresh => {
                return self.store(purpose, fake.ports.random.authorization_state());
            }
        }
        let rows = self.memory.of(purpose);
        let [row] = rows.as_slice() else {
            panic!("one token for {purpose:?} is stored: {rows:?}");
        };
        let sent = self.outbox.messages();
        let link = sent[0].link().unwrap();
        assert_eq!(row.secret.expose(), link.token.expose());
        row.secret.clone()
    }

    /// Stores a token that is sent in no message, and returns it.
    fn store(&self, purpose: Purpose, secret: OneTimeToken) -> OneTimeToken {
        self.memory.remember(a_token(purpose, &secret));
        secret
    }

    /// Whether the operation accepts the token.
    async fn accepts(&self, redeemer: &Redeemer, secret: &OneTimeToken) -> bool {
        let fake = self.fake();
        let context = RequestContext::default();
        match redeemer {
            Redeemer::CheckReset => resetting(&fake).is_live(secret).await.unwrap(),
            Redeemer::Reset => {
                let password = Password::new("password2");
                let reset = resetting(&fake).reset(secret, &password, &context).await;
                reset.is_ok()
            }
            Redeemer::ConfirmDeletion => deleting(&fake)
                .confirm(Some(&calling(a_user())), secret)
                .await
                .is_ok(),
            Redeemer::Delete => {
                let leaving = DeletionRequest {
                    secret: Some(secret.clone()),
                    ..DeletionRequest::default()
                };
                let deleted = deleting(&fake)
                    .delete(&calling(a_user()), &leaving, &context)
                    .await;
                deleted.is_ok()
            }
            Redeemer::Follow(request) => {
                let command = FollowLink {
                    token: secret.clone(),
                    callback: None,
                    remembered: true,
                };
                let outcome = self.verifying(&fake).verify(None, &command, &context).await;
                outcome.is_ok_and(|outcome| has_done(request, &outcome))
            }
        }
    }

    fn verifying(&self, fake: &FakePorts) -> EmailVerification {
        let options = EmailVerificationOptions {
            messages: message_options(),
            expires_in: TimeDelta::hours(1),
            auto_sign_in: false,
            accepts_foreign_links: self.accepts_foreign_links,
            floor: FLOOR,
        };
        EmailVerification::new(&fake.ports, services(fake).completion, options)
    }
}

fn with_email(email: &EmailAddress, email_verified: bool) -> User {
    User {
        email: email.clone(),
        email_verified,
        ..a_user()
    }
}

fn services(fake: &FakePorts) -> Services {
    Services::new(&fake.ports, ServiceOptions::default())
}

fn resetting(fake: &FakePorts) -> PasswordReset {
    let options = PasswordResetOptions {
        messages: message_options(),
        expires_in: TimeDelta::hours(1),
        revokes_sessions: true,
    };
    PasswordReset::new(
        &fake.ports,
        (services(fake).credentials, FirstProof::default()),
        options,
    )
}

fn deleting(fake: &FakePorts) -> DeleteUser {
    let options = DeleteUserOptions {
        enabled: true,
        requires_confirmation: true,
        expires_in: TimeDelta::days(1),
        session: SESSION_POLICY,
        messages: message_options(),
    };
    DeleteUser::new(
        &fake.ports,
        services(fake).credentials,
        UserDeletionGuards::default(),
        options,
    )
}

async fn change(fake: &FakePorts, user: User) {
    let options = ChangeEmailOptions {
        enabled: true,
        requires_confirmation: true,
        changes_unverified_at_once: false,
        messages: message_options(),
        expires_in: TimeDelta::hours(1),
        session: SESSION_POLICY,
        floor: FLOOR,
    };
    let new = ChangeEmailRequest {
        email: new_email(),
        callback: None,
        remembered: true,
    };
    let asked = ChangeEmail::new(&fake.ports, options)
        .change(&calling(user), &new)
        .await;
    asked.unwrap();
}

#[tokio::test]
async fn a_token_sent_for_one_purpose_is_rejected_for_every_other() {
    for accepts_foreign_links in [false, true] {
        for minted in Purpose::ALL {
            for wanted in Purpose::ALL {
                for redeemer in redeemers(wanted) {
                    let world = Fixture {
                        accepts_foreign_links,
                        ..Fixture::default()
                    };
                    let secret = world.mint(minted).await;
                    let accepted = world.accepts(&redeemer, &secret).await;
                    assert_eq!(
                        accepted,
                        minted == wanted,
                        "{minted:?} at {redeemer:?}, shared: {accepts_foreign_links}"
                    );
                    // A link does what it requests wherever it is followed; a token that is rejected elsewhere stays
                    // valid.
                    let is_followed = link_for(minted).is_some() && link_for(wanted).is_some();
                    assert!(accepted || is_followed || world.memory.of(minted).len() == 1);
                }
            }
        }
    }
}

/// Even the expected token value is rejected if it is stored for another purpose.
#[tokio::test]
async fn a_token_stored_for_one_purpose_is_rejected_for_every_other() {
    for remembered in Purpose::ALL {
        for wanted in Purpose::ALL {
            for redeemer in redeemers(wanted) {
                let world = Fixture::default();
                let secret = text_for(wanted);
                world.memory.remember(a_token(remembered, &secret));
                let accepted = world.accepts(&redeemer, &secret).await;
                assert_eq!(accepted, remembered == wanted, "{remembered:?} at {redeemer:?}");
                assert!(accepted || world.memory.of(remembered).len() == 1);
            }
        }
    }
}

/// A code is found by its key only, so neither the code nor the challenge for which it was made is a token.
#[tokio::test]
async fn a_code_is_rejected_for_every_purpose() {
    let session = CodeKey::TwoFactorSession(a_user().id, a_session().id);
    let challenge = OneTimeToken::new("2fa-1");
    for key in [session, CodeKey::TwoFactorChallenge(challenge.clone())] {
        for redeemer in Purpose::ALL.into_iter().flat_map(redeemers) {
            for secret in [&OneTimeToken::new("123456"), &challenge] {
                let world = Fixture::default();
                world.memory.remember_code(OneTimeCode {
                    id: VerificationId::new("V"),
                    key: key.clone(),
                    stored: StoredCode::new("123456"),
                    expires_at: start() + TimeDelta::hours(1),
                    created_at: start(),
                });
                assert!(!world.accepts(&redeemer, secret).await, "{redeemer:?}");
                assert_eq!(world.memory.codes(), 1);
            }
        }
    }
}

/// Returns the row of a token that is valid for an hour.
fn a_token(purpose: Purpose, secret: &OneTimeToken) -> Verification {
    Verification {
        id: VerificationId::new("V"),
        purpose,
        secret: secret.clone(),
        user_id: a_user().id,
        expires_at: start() + TimeDelta::hours(1),
        created_at: start(),
    }
}

/// Returns a token value as expected for this purpose: for a link, a genuine one.
fn text_for(purpose: Purpose) -> OneTimeToken {
    let Some(request) = link_for(purpose) else {
        return OneTimeToken::new("secret-1");
    };
    assert_eq!(request.purpose(), purpose);
    let link = EmailLink {
        email: a_user().email,
        request,
    };
    let signer = FakePorts::with_store(FakeStore::default()).ports.link_signer;
    signer.sign(&link, start(), start() + TimeDelta::hours(1))
}
