//! Sending of codes.

use portcullis_domain::{
    code::{AddressCode, CodeKey},
    email::EmailAddress,
    message::MessageKind,
};

use super::{EmailOtp, EmailOtpError};
use crate::{context::RequestContext, message::CodeMessageDraft};

impl EmailOtp {
    /// Sends a code to the address, which replaces every older one for the same purpose. The response, its time and the
    /// statements are the same whether a user has the address or not, and whether a message is sent or the limits refuse
    /// it. For an address without a user, a code is stored that is not sent, so that guesses get the same responses.
    ///
    /// # Errors
    ///
    /// [`EmailOtpError::MessagesDisabled`]; a failure of the store.
    pub async fn send(
        &self,
        kind: AddressCode,
        email: &EmailAddress,
        context: &RequestContext,
    ) -> Result<(), EmailOtpError> {
        if !self.messages.options.is_sending {
            return Err(EmailOtpError::MessagesDisabled);
        }
        let now = self.clock.now();
        let requester = self.messages.requester(email, context, now).await?;
        let user = self.store.autocommit().users().find_by_email(email).await?;
        let is_wanted = user.is_some() || (kind == AddressCode::SignIn && self.options.may_sign_up);
        let draft = CodeMessageDraft {
            kind: message_kind(kind),
            to: email,
            user: user.as_ref(),
            code: self.codes.create(CodeKey::Address(kind, email.clone()), now),
            requester,
        };
        let message = self.messages.write_with_code(draft, now);
        if self.messages.is_within_limits(&message, now).await? {
            let mut unit = self.store.begin();
            if is_wanted {
                message.queue(unit.as_mut(), now).await?;
            } else {
                message.store_proof(unit.as_mut()).await?;
            }
            self.messages.commit(unit).await?;
        }
        self.floor.wait(now).await;
        Ok(())
    }
}

const fn message_kind(kind: AddressCode) -> MessageKind {
    match kind {
        AddressCode::SignIn => MessageKind::SignInOtp,
        AddressCode::EmailVerification => MessageKind::EmailVerificationOtp,
        AddressCode::PasswordReset => MessageKind::ForgetPasswordOtp,
    }
}
