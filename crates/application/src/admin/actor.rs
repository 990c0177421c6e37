//! Who performs an administrative action.

use portcullis_domain::{id::UserId, user::User};

use crate::session::StrictCaller;

/// Who performs an administrative action.
#[derive(Clone, Copy)]
pub enum Actor<'a> {
    /// A user, who may do what the user's roles permit.
    User(&'a StrictCaller),
    /// A service of the deployment, by its name. Its key permits everything.
    Service(&'a str),
    /// The operator, on the command line. Everything is permitted.
    Operator,
}

impl<'a> From<&'a StrictCaller> for Actor<'a> {
    fn from(caller: &'a StrictCaller) -> Self {
        Self::User(caller)
    }
}

impl<'a> Actor<'a> {
    /// Returns the session of the user.
    pub(super) const fn caller(self) -> Option<&'a StrictCaller> {
        match self {
            Self::User(caller) => Some(caller),
            Self::Service(_) | Self::Operator => None,
        }
    }

    /// Returns whether this is the user with this id.
    pub(super) fn is(self, user: &UserId) -> bool {
        self.caller().is_some_and(|caller| caller.user().id == *user)
    }

    /// Returns the name in the log.
    pub(super) fn name(self) -> &'a str {
        match self {
            Self::User(caller) => {
                let User { id, .. } = caller.user();
                id.as_str()
            }
            Self::Service(name) => name,
            Self::Operator => "the operator",
        }
    }
}
