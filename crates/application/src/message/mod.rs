//! Messages to users: queued in the unit of work of the change that they report, and sent afterwards.

mod delivery;
mod form;
mod limit;
mod links;
mod phone;
mod token_message;
mod writer;

#[cfg(any(test, feature = "testing"))]
pub(crate) use self::form::read;
pub use self::{delivery::MessageDelivery, limit::MessageLimits, links::Links, writer::MessageOptions};
pub(crate) use self::{
    limit::Requester,
    links::SignInLinkPages,
    phone::PhoneCodeDraft,
    token_message::{CodeMessageDraft, SealedTokenMessage, TokenMessageDraft},
    writer::{MessageDraft, MessageWriter, SealedMessage},
};

#[cfg(test)]
mod tests;
