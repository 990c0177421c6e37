//! Sending of codes that verify numbers.

use portcullis_domain::{code::PhoneCode, destination::PhoneNumber};

use super::Sending;
use crate::{
    context::RequestContext,
    message::Requester,
    phone_number::{PhoneNumbers, SendPhoneCodeError},
    ports::Failure,
};

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

    /// Sends a code that verifies the number, if messages are sent to phones.
    pub(in crate::phone_number) async fn send_verification_code(
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
}
