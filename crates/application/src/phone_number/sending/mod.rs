//! Sending of codes to phones.

mod password_reset;
mod verification;

use chrono::{DateTime, Utc};
use portcullis_domain::{
    code::{CodeKey, PhoneCode},
    destination::PhoneNumber,
    email::EmailAddress,
    message::MessageKind,
    user::User,
};

use super::PhoneNumbers;
use crate::{
    context::RequestContext,
    message::{PhoneCodeDraft, Requester},
    ports::Failure,
};

/// A code that is to be sent.
struct Sending<'a> {
    number: &'a PhoneNumber,
    code: PhoneCode,
    requester: Requester,
    /// Whether the message is sent. Otherwise only the code is stored, which no client learns.
    is_sent: bool,
}

impl PhoneNumbers {
    /// Stores the code and queues the message, unless the limits refuse it.
    async fn send(&self, sending: Sending<'_>) -> Result<(), Failure> {
        let Sending {
            number,
            code,
            requester,
            is_sent,
        } = sending;
        let now = self.clock.now();
        let new = self.codes.create(key(code, number), now);
        let draft = PhoneCodeDraft {
            kind: kind(code),
            to: number,
            code: new.text,
            expires_at: new.stored.expires_at,
            requester,
        };
        let message = self.messages.write_to_phone(draft, now);
        if !self.messages.is_within_limits(&message, now).await? {
            return Ok(());
        }
        let mut unit = self.store.begin();
        unit.codes().replace(&new.stored).await?;
        if is_sent {
            message.queue(unit.as_mut(), now).await?;
        }
        self.messages.commit(unit).await
    }

    /// Returns which kind of requester causes messages to the number. It costs the same statement whether a user has the
    /// number or not.
    async fn requester(
        &self,
        number: &PhoneNumber,
        user: Option<&User>,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> Result<Requester, Failure> {
        let email = user.map_or_else(
            || EmailAddress::from_stored(number.as_str()),
            |user| user.email.clone(),
        );
        self.messages.requester(&email, context, now).await
    }
}

/// Returns the key of a code for the number.
pub(super) fn key(code: PhoneCode, number: &PhoneNumber) -> CodeKey {
    CodeKey::Phone(code, number.clone())
}

const fn kind(code: PhoneCode) -> MessageKind {
    match code {
        PhoneCode::Verification => MessageKind::PhoneOtp,
        PhoneCode::PasswordReset => MessageKind::PhoneReset,
    }
}
