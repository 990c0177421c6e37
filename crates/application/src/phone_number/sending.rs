//! Sending of codes to phones.

use chrono::{DateTime, Utc};
use portcullis_domain::{
    code::{CodeKey, PhoneCode},
    destination::PhoneNumber,
    email::EmailAddress,
    message::MessageKind,
    phone_number,
    user::User,
};

use super::{PhoneNumbers, SendPhoneCodeError};
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
    /// Sends a code that verifies the number, whether a user has it or not. It replaces every older one. If the number has
    /// received too many messages, none is sent, and an older code stays valid.
    ///
    /// # Errors
    ///
    /// [`SendPhoneCodeError::Disabled`], before the number is checked.
    pub async fn send_code(
        &self,
        number: &PhoneNumber,
        context: &RequestContext,
    ) -> Result<(), SendPhoneCodeError> {
        if !self.options.messages.is_sending_to_phones {
            return Err(SendPhoneCodeError::Disabled);
        }
        if !self.options.format.accepts(number) {
            return Err(SendPhoneCodeError::InvalidNumber);
        }
        let arrival = self.clock.now();
        let user = self.store.autocommit().phone_numbers().find_user(number).await?;
        let requester = self.requester(number, user.as_ref(), context, arrival).await?;
        self.send_verification_code(number, requester).await?;
        self.shared.credentials.wait(arrival).await;
        Ok(())
    }

    /// Sends a code that sets a new password to the user who has proven this number. For every other number, a code is
    /// stored as well: the responses to wrong codes must not reveal whether a user has the number.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn request_password_reset(
        &self,
        number: &PhoneNumber,
        context: &RequestContext,
    ) -> Result<(), Failure> {
        let arrival = self.clock.now();
        let user = self.store.autocommit().phone_numbers().find_user(number).await?;
        let requester = self.requester(number, user.as_ref(), context, arrival).await?;
        let is_proven = user.as_ref().is_some_and(phone_number::is_verified);
        let sending = Sending {
            number,
            code: PhoneCode::PasswordReset,
            requester,
            is_sent: is_proven && self.options.messages.is_sending_to_phones,
        };
        self.send(sending).await?;
        self.shared.credentials.wait(arrival).await;
        Ok(())
    }

    /// Sends a code that verifies the number, if messages are sent to phones.
    pub(super) async fn send_verification_code(
        &self,
        number: &PhoneNumber,
        requester: Requester,
    ) -> Result<(), Failure> {
        let sending = Sending {
            number,
            code: PhoneCode::Verification,
            requester,
            is_sent: self.options.messages.is_sending_to_phones,
        };
        self.send(sending).await
    }

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
