//! Messages to users: queued in the unit of work of the change that they report, and sent afterwards.

mod code_message;
mod delivery;
mod form;
mod limit;
mod links;
mod notice;
mod options;
mod phone;
mod requester;
mod sealed;
mod token_message;
mod writer;

#[cfg(any(test, feature = "testing"))]
pub(crate) use self::form::read;
pub(crate) use self::{
    code_message::CodeMessageDraft,
    links::SignInLinkPages,
    phone::PhoneCodeDraft,
    requester::Requester,
    sealed::SealedMessage,
    token_message::{SealedTokenMessage, TokenMessageDraft},
    writer::{MessageDraft, MessageWriter},
};
pub use self::{delivery::MessageDelivery, limit::MessageLimits, links::Links, options::MessageOptions};

#[cfg(test)]
mod tests;
