//! What handlers may call.

use std::sync::Arc;

use portcullis_application::{
    health::Health,
    ports::{Mac, Random},
    session::Sessions,
    sign_in::SignIn,
    sign_out::SignOut,
    sign_up::SignUp,
};

/// The services that handlers may call, and the two ports that the wire itself needs.
pub struct App {
    /// Tells whether requests can be served.
    pub health: Health,
    /// Reads sessions.
    pub sessions: Sessions,
    /// Lets people in.
    pub sign_in: SignIn,
    /// Lets people out.
    pub sign_out: SignOut,
    /// Makes users.
    pub sign_up: SignUp,
    /// Signs cookies.
    pub mac: Arc<dyn Mac>,
    /// Makes the ids of requests.
    pub random: Arc<dyn Random>,
}
