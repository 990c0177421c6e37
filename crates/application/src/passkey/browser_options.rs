//! The options with which a browser registers a passkey or signs in with one.

use portcullis_domain::passkey::USER_HANDLE_LENGTH;

use super::{AuthenticationOptions, Passkeys, RegistrationOptions, RegistrationWish};
use crate::{
    client_token::TokenEffect,
    ports::{Failure, RandomExt as _},
    session::{FreshCaller, StrictCaller},
};

impl Passkeys {
    /// Returns the options with which the caller's browser registers a passkey, and the token of the challenge.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn begin_registration(
        &self,
        by: &FreshCaller,
        wish: RegistrationWish,
    ) -> Result<(RegistrationOptions, TokenEffect), Failure> {
        let user = by.user();
        let known = self.store.autocommit().passkeys().list_by_user(&user.id).await?;
        let (challenge, effect) = self.challenge(Some(&user.id)).await?;
        let mut selection = self.options.selection;
        selection.attachment = wish.attachment.or(selection.attachment);
        let name = wish.name.filter(|name| !name.is_empty());
        let email = user.email.as_str();
        let options = RegistrationOptions {
            challenge,
            user_handle: self.random.lower_text(USER_HANDLE_LENGTH),
            user_name: name.unwrap_or_else(|| email.to_owned()),
            display_name: email.to_owned(),
            known,
            selection,
        };
        Ok((options, effect))
    }

    /// Returns the options with which a browser signs in with a passkey, and the token of the challenge. If a user with
    /// passkeys is signed in, only the user's own passkeys are accepted. A guest may sign in as any user.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn begin_authentication(
        &self,
        by: Option<&StrictCaller>,
    ) -> Result<(AuthenticationOptions, TokenEffect), Failure> {
        let user = by.map(StrictCaller::user).filter(|user| !user.is_guest());
        let user = user.map(|user| &user.id);
        let allowed = match user {
            Some(user) => self.store.autocommit().passkeys().list_by_user(user).await?,
            None => Vec::new(),
        };
        let (challenge, effect) = self.challenge(user).await?;
        Ok((AuthenticationOptions { challenge, allowed }, effect))
    }
}
