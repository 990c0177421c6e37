//! The application services that handlers call.

use std::sync::Arc;

use portcullis_application::{
    account::Accounts,
    change_email::ChangeEmail,
    delete_user::DeleteUser,
    email_verification::EmailVerification,
    health::Health,
    password::Passwords,
    password_reset::PasswordReset,
    ports::{Clock, Mac, Random},
    provider_token::AccountTokenService,
    rate_limit::RateLimit,
    seams::UserInputs,
    service_client::ServiceClients,
    session::{SessionCookieCache, SessionRegistry, Sessions},
    sign_in::SignIn,
    sign_out::SignOut,
    sign_up::SignUp,
    social::Social,
    user::UpdateUser,
};

use crate::features::Features;

/// The services that handlers call, and the ports that this crate itself needs.
pub struct App {
    /// Lists and unlinks accounts.
    pub accounts: Accounts,
    /// Changes the e-mail addresses of users.
    pub change_email: ChangeEmail,
    /// Deletes callers' users.
    pub delete_user: DeleteUser,
    /// Verifies e-mail addresses.
    pub email_verification: EmailVerification,
    /// The enabled features.
    pub features: Features,
    /// Reports whether requests can be served.
    pub health: Health,
    /// Resets passwords.
    pub password_reset: Arc<PasswordReset>,
    /// Verifies and changes callers' passwords.
    pub passwords: Passwords,
    /// Counts requests.
    pub rate_limit: RateLimit,
    /// Writes and validates the session cookie cache. `None`: the cache is disabled.
    pub session_cookie_cache: Option<SessionCookieCache>,
    /// Authenticates services.
    pub service_clients: ServiceClients,
    /// Lists and revokes sessions.
    pub session_registry: Arc<SessionRegistry>,
    /// Reads sessions.
    pub sessions: Arc<Sessions>,
    /// Reads and refreshes the tokens of accounts at providers.
    pub account_tokens: AccountTokenService,
    /// Signs users in.
    pub sign_in: SignIn,
    /// Signs users out.
    pub sign_out: SignOut,
    /// Creates users.
    pub sign_up: SignUp,
    /// Signs users in with providers.
    pub social: Arc<Social>,
    /// Updates callers' users.
    pub update_user: UpdateUser,
    /// Lets features check and change the input that sets fields of users.
    pub user_inputs: Arc<UserInputs>,
    /// The current time, for pauses in the log and for bans.
    pub clock: Arc<dyn Clock>,
    /// Signs and verifies cookies, and tokens in headers.
    pub mac: Arc<dyn Mac>,
    /// Creates the ids of requests.
    pub random: Arc<dyn Random>,
}
