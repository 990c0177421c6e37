//! One user, whose rows several units of work share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use portcullis_domain::{
    code::{CodeKey, OneTimeCode, StoredCode},
    id::VerificationId,
    secret::Secret,
    token::OneTimeToken,
    two_factor::{TWO_FACTOR_ENABLED, TwoFactor, TwoFactorId},
    user::User,
    verification::{Purpose, Verification},
};

use crate::{
    session::StrictCaller,
    testing::{
        MemoryVerifications, Outbox,
        fixtures::{a_user, calling, start},
    },
};

pub(super) const CHALLENGE_TEXT: &str = "2fa-challenge";
/// The user's backup codes, as stored.
pub(super) const BACKUP_CODES: &str = r#"TwoFactor:["aaaaa-11111","bbbbb-22222"]"#;

/// One user and the user's rows. Changes are visible at once, except those of one-time tokens, codes and messages.
#[derive(Clone)]
pub(super) struct World {
    pub(super) memory: MemoryVerifications,
    pub(super) outbox: Outbox,
    state: Arc<Mutex<State>>,
}

pub(super) struct State {
    pub(super) user: Option<User>,
    pub(super) two_factor: Option<TwoFactor>,
    pub(super) last_step: Option<u64>,
    pub(super) is_denied: bool,
    pub(super) has_session: bool,
    log: Vec<&'static str>,
}

impl World {
    /// A user who has enrolled and is not asked for the second factor.
    pub(super) fn enrolled() -> Self {
        let two_factor = TwoFactor {
            id: TwoFactorId::new("factor-1"),
            secret: Secret::new("TwoFactor:secret".to_owned()),
            backup_codes: Secret::new(BACKUP_CODES.to_owned()),
            user_id: a_user().id,
        };
        let state = State {
            user: Some(a_user()),
            two_factor: Some(two_factor),
            last_step: None,
            is_denied: false,
            has_session: true,
            log: Vec::new(),
        };
        Self {
            memory: MemoryVerifications::default(),
            outbox: Outbox::default(),
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// A user who is asked for the second factor, and a client whose sign-in waits for it.
    pub(super) fn protected() -> Self {
        let world = Self::enrolled();
        world.state().user = Some(protected_user());
        world.remember(Purpose::TwoFactorChallenge, CHALLENGE_TEXT);
        world
    }

    /// The same rows without one-time tokens and codes: another request has consumed them.
    pub(super) fn consumed(&self) -> Self {
        Self {
            memory: MemoryVerifications::default(),
            ..self.clone()
        }
    }

    /// The user's rows, to be changed.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the user as the caller.
    pub(super) fn caller(&self) -> StrictCaller {
        calling(self.state().user.clone().unwrap())
    }

    pub(super) fn record(&self, event: &'static str) {
        self.state().log.push(event);
    }

    /// Returns what happened, in its order.
    pub(super) fn log(&self) -> Vec<&'static str> {
        self.state().log.clone()
    }

    /// Returns the user's backup codes, as stored.
    pub(super) fn backup_codes(&self) -> String {
        let state = self.state();
        state.two_factor.as_ref().unwrap().backup_codes.expose().clone()
    }

    /// Stores a one-time token of the user.
    pub(super) fn remember(&self, purpose: Purpose, text: &str) {
        self.memory.remember(Verification {
            id: VerificationId::new(text),
            purpose,
            secret: OneTimeToken::new(text),
            user_id: a_user().id,
            expires_at: start() + TimeDelta::minutes(10),
            created_at: start(),
        });
    }

    /// Stores a code that a message has delivered.
    pub(super) fn remember_code(&self, key: CodeKey, stored: &str) {
        self.memory.remember_code(OneTimeCode {
            id: VerificationId::new("code-1"),
            key,
            stored: StoredCode::new(stored),
            expires_at: start() + TimeDelta::minutes(3),
            created_at: start(),
        });
    }
}

/// Returns the user with an enabled second factor.
pub(super) fn protected_user() -> User {
    let mut user = a_user();
    user.additional.set(TWO_FACTOR_ENABLED, true.into());
    user
}
