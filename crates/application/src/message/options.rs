//! Options of messages.

use super::{Links, MessageLimits};
use crate::code::CodeOptions;

/// Options of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageOptions {
    /// The URLs of links.
    pub links: Links,
    /// Whether messages can be sent to e-mail addresses.
    pub is_sending: bool,
    /// Whether messages can be sent to phones.
    pub is_sending_to_phones: bool,
    /// Whether users are notified when their password or their e-mail address was changed.
    pub has_notices: bool,
    /// The codes with which users verify their addresses. `None`: they follow links.
    pub verification_codes: Option<CodeOptions>,
    /// The maximum number of messages of one sort to an e-mail address or a phone number. `None`: unlimited.
    pub limits: Option<MessageLimits>,
}
