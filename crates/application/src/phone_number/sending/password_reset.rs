//! Sending of codes that set new passwords.

use portcullis_domain::{code::PhoneCode, destination::PhoneNumber, phone_number};

use super::Sending;
use crate::{context::RequestContext, phone_number::PhoneNumbers, ports::Failure};

impl PhoneNumbers {
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
}
