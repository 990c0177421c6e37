//! Messages to users: queued in the unit of work of the change that they report, and sent afterwards.

mod deliverer;
mod form;
mod limit;
mod links;
mod post;
mod secret;

#[cfg(any(test, feature = "testing"))]
pub(crate) use self::form::read;
pub use self::{deliverer::Deliverer, limit::MessageLimits, links::Links, post::MessageOptions};
pub(crate) use self::{
    limit::Requester,
    post::{Draft, Letter, Post},
    secret::{SecretDraft, SecretLetter},
};

#[cfg(test)]
mod tests;
