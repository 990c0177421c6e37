//! A fake message queue.

use std::sync::{Arc, Mutex, PoisonError};

use portcullis_domain::message::Message;

use super::{FakeUnitOfWork, PlainCipher};
use crate::{
    message::read,
    ports::{Cipher, Failure, SealPurpose},
};

/// The messages of every unit of work that it serves. It contains a message if and only if the message's unit was
/// committed.
#[derive(Clone, Default)]
pub struct Outbox(Arc<Mutex<Vec<Message>>>);

impl Outbox {
    /// Collects what the unit queues when the unit is committed.
    pub fn serve(&self, unit: &mut FakeUnitOfWork) {
        let queued = Self::default();
        let queue = queued.clone();
        unit.messages.expect_queue().returning(move |id, sealed, _| {
            let opened = PlainCipher.open(SealPurpose::Message, sealed)?;
            queue.add(read(id, opened.text.expose()).map_err(Failure::new)?);
            Ok(())
        });
        let all = self.clone();
        unit.at_commit(move || queued.messages().into_iter().for_each(|message| all.add(message)));
    }

    /// Returns the messages in the order in which they were queued.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the only queued message.
    ///
    /// # Panics
    ///
    /// If the number of queued messages is not 1.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that expects one message fails")]
    pub fn only(&self) -> Message {
        let mut messages = self.messages();
        match (messages.pop(), messages.is_empty()) {
            (Some(message), true) => message,
            last => panic!("expected exactly one queued message; the last is {last:?}"),
        }
    }

    fn add(&self, message: Message) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message);
    }
}
