//! What handlers may call.

use std::sync::Arc;

use portcullis_application::{
    account::Accounts,
    change_email::ChangeEmail,
    delete_user::DeleteUser,
    email_verification::EmailVerification,
    health::Health,
    jwt::Jwt,
    password::Passwords,
    password_reset::PasswordReset,
    ports::{Inbox, Mac, Random},
    rate_limit::RateLimit,
    session::{SessionCopies, SessionRegistry, Sessions},
    sign_in::SignIn,
    sign_out::SignOut,
    sign_up::SignUp,
    user::UpdateUser,
};

/// The services that handlers may call, and the ports that the wire itself needs.
pub struct App {
    /// Lists accounts and gives them up.
    pub accounts: Accounts,
    /// Gives users another address.
    pub change_email: ChangeEmail,
    /// Deletes users at their own wish.
    pub delete_user: DeleteUser,
    /// Proves addresses.
    pub email_verification: EmailVerification,
    /// Tells whether requests can be served.
    pub health: Health,
    /// What people would have been sent, where they are sent nothing; none: they are.
    pub inbox: Option<Arc<dyn Inbox>>,
    /// Makes JWTs; none: there are none.
    pub jwt: Option<Jwt>,
    /// Resets passwords.
    pub password_reset: PasswordReset,
    /// Compares and changes passwords of callers.
    pub passwords: Passwords,
    /// Counts requests.
    pub rate_limit: RateLimit,
    /// Makes and judges the copies of sessions that clients keep; none: they keep none.
    pub session_copies: Option<SessionCopies>,
    /// Lists and ends sessions.
    pub session_registry: SessionRegistry,
    /// Reads sessions.
    pub sessions: Sessions,
    /// Lets people in.
    pub sign_in: SignIn,
    /// Lets people out.
    pub sign_out: SignOut,
    /// Makes users.
    pub sign_up: SignUp,
    /// Changes users at their own wish.
    pub update_user: UpdateUser,
    /// Signs cookies.
    pub mac: Arc<dyn Mac>,
    /// Makes the ids of requests.
    pub random: Arc<dyn Random>,
}
