//! What clients see of users and sessions: keys and their order as the reference emits them.

pub(crate) mod date;
pub(crate) mod error_page;
pub(crate) mod session;
pub(crate) mod user;
