//! Plugins that take part in sign-ins.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{session::Session, user::User};

use super::ServiceOptions;
use crate::{
    client_token::{TokenEffect, TokenKind},
    ports::{Failure, Repositories},
    seams::{
        Decision, DeletionCause, Refusal, SecondStep, SessionGuard, SessionLifetime, Step, UserDeletionGuard,
        UserDeletionGuards,
    },
    sign_in::completion::{SignInSeams, SigningIn},
};

/// The kind of token that [`challenging`] clears.
pub const CHALLENGE: TokenKind = TokenKind::new("challenge");

/// Refuses sessions with this code.
struct Refusing {
    code: &'static str,
    /// Whether users with an unverified e-mail address are allowed.
    only_verified: bool,
}

#[async_trait]
impl SessionGuard for Refusing {
    async fn check(
        &self,
        _db: &mut dyn Repositories,
        user: &mut User,
        _now: DateTime<Utc>,
    ) -> Result<Decision, Failure> {
        Ok(if user.email_verified || !self.only_verified {
            Decision::Refused(Refusal::from(self.code))
        } else {
            Decision::Allowed
        })
    }
}

/// Returns guards that refuse every deletion with this code.
#[must_use]
pub fn refusing_deletions(code: &'static str) -> UserDeletionGuards {
    UserDeletionGuards::new(Arc::new([Arc::new(Undeletable(code))]))
}

/// Refuses the deletion of every user with this code.
struct Undeletable(&'static str);

#[async_trait]
impl UserDeletionGuard for Undeletable {
    async fn check(
        &self,
        _db: &mut dyn Repositories,
        _user: &User,
        _cause: DeletionCause,
    ) -> Result<Decision, Failure> {
        Ok(Decision::Refused(Refusal::from(self.0)))
    }
}

/// Challenges every user with a verified e-mail address.
struct Challenging;

#[async_trait]
impl SecondStep for Challenging {
    async fn challenge(
        &self,
        _db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
    ) -> Result<Step, Failure> {
        Ok(if signing_in.user.email_verified {
            Step::Challenge(vec![TokenEffect::Clear { kind: CHALLENGE }])
        } else {
            Step::NotAsked
        })
    }
}

/// Limits sessions that have a value for [`Limited::FIELD`] to this lifetime.
pub struct Limited(pub TimeDelta);

impl Limited {
    /// A field of sessions.
    pub const FIELD: &str = "impersonatedBy";
}

impl SessionLifetime for Limited {
    fn limit(&self, session: &Session) -> Option<TimeDelta> {
        let is_limited = !session.additional.get(Self::FIELD).is_null();
        is_limited.then_some(self.0)
    }
}

/// Options with a plugin that refuses every session with this code.
#[must_use]
pub fn refusing(code: &'static str) -> ServiceOptions {
    guarding(Refusing {
        code,
        only_verified: false,
    })
}

/// Options with a plugin that refuses sessions of users with a verified e-mail address with this code.
#[must_use]
pub fn refusing_verified(code: &'static str) -> ServiceOptions {
    guarding(Refusing {
        code,
        only_verified: true,
    })
}

fn guarding(guard: Refusing) -> ServiceOptions {
    ServiceOptions {
        seams: SignInSeams {
            guards: Arc::new([Arc::new(guard)]),
            ..SignInSeams::default()
        },
        ..ServiceOptions::default()
    }
}

/// Options with a second step for users with a verified e-mail address.
#[must_use]
pub fn challenging() -> ServiceOptions {
    ServiceOptions {
        seams: SignInSeams {
            second_steps: Arc::new([Arc::new(Challenging)]),
            ..SignInSeams::default()
        },
        ..ServiceOptions::default()
    }
}
