//! Codes that messages deliver.

mod sending;
mod verification;

use std::sync::Arc;

use super::{MessageCodeOptions, attempts::Attempts, finish::Finish, subject::Subjects};
use crate::{
    code::Codes,
    message::{MessageOptions, MessageWriter},
    ports::Ports,
};

/// Sends codes by message, and checks them.
pub struct MessageCodes {
    subjects: Arc<Subjects>,
    attempts: Arc<Attempts>,
    finish: Arc<Finish>,
    codes: Codes,
    writer: MessageWriter,
    options: MessageCodeOptions,
}

impl MessageCodes {
    pub(super) fn new(
        ports: &Ports,
        (subjects, attempts, finish): (Arc<Subjects>, Arc<Attempts>, Arc<Finish>),
        (options, messages): (MessageCodeOptions, MessageOptions),
    ) -> Self {
        Self {
            subjects,
            attempts,
            finish,
            codes: Codes::new(ports, options.codes),
            writer: MessageWriter::new(ports, messages),
            options,
        }
    }
}
