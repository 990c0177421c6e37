//! Outcomes of a sign-in.

use portcullis_domain::{session::Session, user::User};

use crate::{client_token::ClientEffects, seams::Refusal};

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

/// A sign-in that waits for a second step.
#[derive(Debug)]
pub struct Challenge {
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}
