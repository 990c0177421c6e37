//! What a use case asks the client to keep or to forget, said without the word cookie.

use chrono::TimeDelta;
use portcullis_domain::token::SessionToken;

/// What the client is to do with the token of its session.
#[derive(Clone, Debug)]
pub enum SessionEffect {
    /// Leave everything as it is.
    None,
    /// Keep this token.
    Keep {
        /// The token of the session.
        token: SessionToken,
        /// How long to keep it; none: until the browser closes, and remember that it was asked so.
        lifetime: Option<TimeDelta>,
    },
    /// Forget the session and everything that hangs on it.
    Forget,
}
