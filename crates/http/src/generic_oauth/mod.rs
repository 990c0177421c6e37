//! Sign-in with providers that the deployment describes itself, and linking of their accounts.

mod beginning;
mod callback;
mod code;

pub(crate) use self::{beginning::ROUTES as BEGINNING, callback::ROUTES as CALLBACK, code::CODES};
