//! What handlers may call.

use std::sync::Arc;

use portcullis_application::{
    health::Health,
    password::Passwords,
    ports::{Mac, Random},
    rate_limit::RateLimit,
    session::{SessionRegistry, Sessions},
    sign_in::SignIn,
    sign_out::SignOut,
    sign_up::SignUp,
    user::UpdateUser,
};

/// The services that handlers may call, and the two ports that the wire itself needs.
pub struct App {
    /// Tells whether requests can be served.
    pub health: Health,
    /// Compares and changes passwords of callers.
    pub passwords: Passwords,
    /// Counts requests.
    pub rate_limit: RateLimit,
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
