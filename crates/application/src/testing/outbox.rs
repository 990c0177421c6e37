//! Where queued messages land.

use std::sync::{Arc, Mutex, PoisonError};

use portcullis_domain::message::Message;

use super::{FakeUnitOfWork, PlainCipher};
use crate::{
    message::read,
    ports::{Cipher, Failure, SealPurpose},
};

/// The messages of every unit of work that it serves. A message is in it if and only if its unit was committed.
#[derive(Clone, Default)]
pub struct Outbox(Arc<Mutex<Vec<Message>>>);

impl Outbox {
    /// Takes whatever the unit queues.
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

    /// The messages in the order in which they were queued.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The one message that was queued.
    ///
    /// # Panics
    ///
    /// Where there is another number of them.
    #[must_use]
    #[expect(clippy::panic, reason = "a test that expects one message fails")]
    pub fn only(&self) -> Message {
        let mut messages = self.messages();
        match (messages.pop(), messages.is_empty()) {
            (Some(message), true) => message,
            last => panic!("one message is queued, but not only: {last:?}"),
        }
    }

    fn add(&self, message: Message) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message);
    }
}
