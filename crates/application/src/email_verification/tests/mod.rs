mod change;
mod send;
mod shared;
mod verify;

use portcullis_domain::{
    email_verification::EmailLink,
    id::VerificationId,
    message::MessageKind,
    token::OneTimeToken,
    user::User,
    verification::{Proven, Purpose, Verification},
};

use super::*;
use crate::{
    client_token::{ClientEffects, SessionEffect},
    context::RequestContext,
    ports::WriteError,
    testing::{
        FakePorts, FakeStore, FakeUnitOfWork, MemoryVerifications, Outbox, ServiceOptions, Services,
        fixtures::{
            FLOOR, a_user, a_verified_user, another_user, calling, message_options, new_email,
            silent_message_options, start,
        },
    },
};

fn options() -> EmailVerificationOptions {
    EmailVerificationOptions {
        messages: message_options(),
        expires_in: TimeDelta::hours(1),
        auto_sign_in: false,
        accepts_foreign_links: false,
        floor: FLOOR,
    }
}

fn signing_in() -> EmailVerificationOptions {
    EmailVerificationOptions {
        auto_sign_in: true,
        ..options()
    }
}

/// The user with the new address.
fn countess() -> User {
    User {
        email: new_email(),
        ..a_verified_user()
    }
}

/// Stored tokens and queued messages.
#[derive(Default)]
struct Sent {
    memory: MemoryVerifications,
    outbox: Outbox,
}

impl Sent {
    fn unit(&self) -> FakeUnitOfWork {
        let mut unit = FakeUnitOfWork::default();
        self.memory.serve(&mut unit);
        self.outbox.serve(&mut unit);
        unit.locks_user(a_user());
        unit.accepts_revocations();
        unit
    }

    /// A unit of work in which no user has the new address.
    fn unit_with_free_address(&self) -> FakeUnitOfWork {
        let mut unit = self.unit();
        unit.users
            .expect_find_by_email()
            .withf(|email| *email == new_email())
            .returning(|_| Ok(None));
        unit
    }

    /// Returns the token of a link of this server that was sent to the user at the start.
    fn link(&self, request: LinkRequest) -> OneTimeToken {
        let purpose = request.purpose();
        let token = foreign_link(request);
        self.memory.remember(Verification {
            id: VerificationId::new(token.expose().clone()),
            purpose,
            secret: token.clone(),
            user_id: a_user().id,
            expires_at: start() + TimeDelta::hours(1),
            created_at: start(),
        });
        token
    }
}

/// Returns the token of a genuine link for the user's address, for which no row exists.
fn foreign_link(request: LinkRequest) -> OneTimeToken {
    let link = EmailLink {
        email: a_user().email,
        request,
    };
    let signer = FakePorts::with_store(FakeStore::default()).ports.link_signer;
    signer.sign(&link, start(), start() + TimeDelta::hours(1))
}

/// A read of the user who has the old address.
fn read_owner(user: Option<User>) -> FakeUnitOfWork {
    let mut unit = FakeUnitOfWork::default();
    unit.users
        .expect_find_by_email()
        .withf(|email| *email == a_user().email)
        .once()
        .return_once(|_| Ok(user));
    // The unit of work decides later whether the token is still valid.
    unit.verifications.expect_find().returning(|_, _| {
        Ok(Some(Proven {
            user_id: a_user().id,
            expires_at: start(),
        }))
    });
    unit
}

/// Makes the unit expect a change of the user's address to `to`, with this outcome.
fn expect_email(unit: &mut FakeUnitOfWork, to: EmailAddress, outcome: Result<Option<User>, WriteError>) {
    unit.users
        .expect_set_email()
        .withf(move |user, from, asked, is_verified, now| {
            (user, from, asked) == (&a_user().id, &a_user().email, &to) && *is_verified && *now == start()
        })
        .once()
        .return_once(|_, _, _, _, _| outcome);
    unit.accounts
        .expect_delete_provider_accounts()
        .withf(|user| *user == a_user().id)
        .returning(|_| Ok(()));
}

/// Makes the unit expect a new session of the user with the lifetime of a remembered session.
fn expect_session(unit: &mut FakeUnitOfWork) {
    unit.sessions
        .expect_insert()
        .withf(|session| session.user_id == a_user().id && session.expires_at == start() + TimeDelta::days(7))
        .once()
        .return_once(|row| Ok(row.clone()));
}

fn use_case(fake: &FakePorts, options: EmailVerificationOptions) -> EmailVerification {
    let services = Services::new(&fake.ports, ServiceOptions::default());
    EmailVerification::new(&fake.ports, services.completion, options)
}

/// Follows a link, signed in as `by` or without a session.
async fn follow(
    fake: &FakePorts,
    options: EmailVerificationOptions,
    by: Option<User>,
    token: &OneTimeToken,
) -> Result<Verified, FollowLinkError> {
    let by = by.map(calling);
    let command = FollowLink {
        token: token.clone(),
        callback: Some("/done".to_owned()),
        remembered: false,
    };
    use_case(fake, options)
        .verify(by.as_ref(), &command, &RequestContext::default())
        .await
}
