//! Outcomes of a sign-in.

use std::sync::Arc;

use portcullis_domain::{session::Session, user::User};

use crate::{
    client_token::{ClientEffects, SessionEffect},
    seams::Refusal,
};

/// The outcome of a sign-in of an authenticated user.
#[derive(Debug)]
pub enum Outcome {
    /// The user is signed in.
    Completed(Box<Completed>),
    /// The user must take a second step. No session was started. The unit of work must be committed.
    Challenged(Challenge),
    /// The user may not sign in. The unit of work must not be committed.
    Refused(Refusal),
}

impl Outcome {
    /// Returns the changes to the data that the client stores. A refused sign-in has none.
    pub(crate) fn effects_mut(&mut self) -> Option<&mut ClientEffects> {
        match self {
            Self::Completed(completed) => Some(&mut completed.effects),
            Self::Challenged(challenge) => Some(&mut challenge.effects),
            Self::Refused(_) => None,
        }
    }
}

/// A completed sign-in.
#[derive(Debug)]
pub struct Completed {
    /// The new session.
    pub session: Session,
    /// The session's user.
    pub user: User,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

impl Completed {
    /// Sets the user, whom the sign-in method has changed after the session started.
    pub(crate) fn set_user(&mut self, user: User) {
        if let SessionEffect::Store { active_session, .. } = &mut self.effects.session {
            Arc::make_mut(active_session).user = user.clone();
        }
        self.user = user;
    }
}

/// A sign-in that waits for a second step.
#[derive(Debug)]
pub struct Challenge {
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}
