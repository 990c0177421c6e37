//! The error codes of refusals by features.

use portcullis_application::seams::Refusal;

use crate::{
    code::{self, Code},
    error::ApiError,
    roll_call,
    route::Route,
};

/// The errors with which a feature refuses what the core is about to do.
pub(crate) struct Refusals {
    /// A client must not set these fields of a user.
    pub(crate) inputs: &'static [&'static Code],
    /// A user must not have a session.
    pub(crate) sign_ins: &'static [&'static Code],
    /// A user must not be deleted.
    pub(crate) deletions: &'static [&'static Code],
    /// A key does not stand for a session.
    pub(crate) keys: &'static [&'static Code],
    /// A user must not have this password.
    pub(crate) new_passwords: &'static [&'static Code],
}

/// What features may refuse in the handler of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusable {
    /// The session of a user.
    SignIn,
    /// The deletion of a user.
    Deletion,
}

impl Refusals {
    /// None.
    pub(crate) const NONE: Self = Self {
        inputs: &[],
        sign_ins: &[],
        deletions: &[],
        keys: &[],
        new_passwords: &[],
    };

    /// Returns the errors that responses of a route may report.
    pub(crate) fn of(&self, route: &Route) -> impl Iterator<Item = &'static Code> {
        let of_handler = match route.refusable {
            Some(Refusable::SignIn) => self.sign_ins,
            Some(Refusable::Deletion) => self.deletions,
            None => &[],
        };
        let sets_fields = route.user_operation.is_some() || route.sets_data_of_users;
        let inputs = if sets_fields { self.inputs } else { &[] };
        let keys = match (route.may_present_key(), route.accepts_keys()) {
            (false, _) => &[][..],
            (true, true) => self.keys,
            (true, false) if self.keys.is_empty() => &[],
            (true, false) => &[&code::KEY_IS_NOT_ACCEPTED],
        };
        let new_passwords = if route.sets_passwords {
            self.new_passwords
        } else {
            &[]
        };
        let of_handler = of_handler.iter().chain(new_passwords);
        inputs.iter().chain(of_handler).chain(keys).copied()
    }
}

impl From<Refusal> for ApiError {
    /// A refusal names a code of its feature; of several codes with one name, it is the one with the lowest status. A
    /// name that no code has is a fault of the server.
    fn from(refusal: Refusal) -> Self {
        let known = roll_call::codes().into_iter();
        let code = known
            .filter(|code| code.name == refusal.name)
            .min_by_key(|code| code.status);
        match (code, refusal.message) {
            (Some(code), Some(message)) => Self::with_message(code, message),
            (Some(code), None) => code.into(),
            (None, _) => (&code::INTERNAL_SERVER_ERROR).into(),
        }
    }
}
