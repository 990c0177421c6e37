//! Additional effects of sign-ins.

use async_trait::async_trait;
use portcullis_domain::session::Session;

use crate::{
    client_token::TokenEffect,
    ports::{Failure, Repositories},
    sign_in::completion::SigningIn,
};

/// Takes part in completed sign-ins, and in sign-ins that wait for a second step. Sign-in completion calls every observer
/// once.
#[async_trait]
pub trait SignInObserver: Send + Sync {
    /// Called with the user, the method and the client, and with the new session, which is stored, or `None` if the user
    /// must take a second step. Returns changes to the tokens that the client stores. What it writes to `db` is committed
    /// with the sign-in. The user's row is locked or new.
    async fn observe(
        &self,
        db: &mut dyn Repositories,
        signing_in: &SigningIn<'_>,
        session: Option<&Session>,
    ) -> Result<Vec<TokenEffect>, Failure>;
}
