//! Sign-in with accounts of other providers, and linking of such accounts.

mod callback;
mod code;
mod link;
pub(crate) mod parameters;
pub(crate) mod returning;
mod sign_in;

pub(crate) use self::{
    callback::ROUTES as CALLBACK,
    code::{CODES, PROVIDER_NOT_FOUND, STATE_TOO_LARGE},
    link::ROUTES as LINK,
    sign_in::{ROUTES as SIGN_IN, SendToProvider, started_at},
};
