//! Second steps of sign-ins.

use async_trait::async_trait;

use crate::{
    client_token::TokenEffect,
    ports::{Failure, Repositories},
    sign_in::completion::SigningIn,
};

/// Asks users for a second step before they are signed in. Sign-in completion calls it once for each sign-in whose
/// method [asks for one](crate::sign_in::completion::SignInMethod::asks_for_second_step).
#[async_trait]
pub trait SecondStep: Send + Sync {
    /// Decides whether the user must take a second step, and begins it. What it writes to `db` is committed with the
    /// sign-in or the challenge. The user's row is locked, so that one-time tokens may be changed.
    async fn challenge(&self, db: &mut dyn Repositories, signing_in: &SigningIn<'_>)
    -> Result<Step, Failure>;
}

/// Whether a sign-in needs a second step.
#[derive(Debug)]
pub enum Step {
    /// The user has no second step.
    NotAsked,
    /// The client has shown that it needs no further step, for example by a token of a trusted device. These tokens
    /// change with the sign-in.
    Satisfied(Vec<TokenEffect>),
    /// The user must take the step; no session starts. These tokens change, for example the one that identifies the
    /// challenge is set.
    Challenge(Vec<TokenEffect>),
}
