//! The rate limits that several routes declare, as Better Auth has them.

use chrono::TimeDelta;
use portcullis_domain::rate_limit::Rule;

/// For paths that check passwords or change how a user signs in.
pub(crate) const SIGN_IN: Rule = Rule {
    window: TimeDelta::seconds(10),
    max: 3,
};
/// For paths that send a message to an address of the client's choice. Better Auth has it since 1.5.0.
pub(crate) const MESSAGE: Rule = Rule {
    window: TimeDelta::seconds(60),
    max: 3,
};
