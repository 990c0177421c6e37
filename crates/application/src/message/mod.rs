//! Messages to people: written and queued in the unit of work that they tell of, and sent afterwards.

mod deliverer;
mod form;
mod links;
mod post;

#[cfg(any(test, feature = "testing"))]
pub(crate) use self::form::read;
pub(crate) use self::post::{Draft, Letter, Post};
pub use self::{
    deliverer::{Delivered, Deliverer, DelivererOptions},
    links::Links,
    post::MessageOptions,
};

#[cfg(test)]
mod tests;
