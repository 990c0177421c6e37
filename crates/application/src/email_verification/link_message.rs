//! Messages with a link that verifies or changes an e-mail address.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    code::{AddressCode, CodeKey},
    email_verification::{EmailLink, LinkRequest},
    message::{Link, MessageKind},
    user::User,
};

use crate::{
    code::Codes,
    message::{
        CodeMessageDraft, MessageOptions, MessageWriter, Requester, SealedTokenMessage, TokenMessageDraft,
    },
    ports::{LinkSigner, Ports},
};

/// Writes such messages.
pub(crate) struct LinkMessageWriter {
    pub(crate) messages: MessageWriter,
    signer: Arc<dyn LinkSigner>,
    /// The codes that verify addresses. `None`: links verify them.
    codes: Option<Codes>,
    expires_in: TimeDelta,
}

/// The link to write and its user. The recipient's address depends on `request`.
pub(crate) struct LinkMessage<'a> {
    pub(crate) user: &'a User,
    pub(crate) request: LinkRequest,
    pub(crate) callback: Option<&'a str>,
    /// Who causes the message.
    pub(crate) requester: Requester,
}

impl LinkMessageWriter {
    pub(crate) fn new(ports: &Ports, messages: MessageOptions, expires_in: TimeDelta) -> Self {
        Self {
            codes: messages
                .verification_codes
                .map(|options| Codes::new(ports, options)),
            messages: MessageWriter::new(ports, messages),
            signer: Arc::clone(&ports.link_signer),
            expires_in,
        }
    }

    pub(crate) fn write(&self, wanted: LinkMessage<'_>, now: DateTime<Utc>) -> SealedTokenMessage {
        if let (Some(codes), LinkRequest::Verify) = (&self.codes, &wanted.request) {
            return write_code(&self.messages, codes, (wanted.user, wanted.requester), now);
        }
        let LinkMessage {
            user,
            request,
            callback,
            requester,
        } = wanted;
        let (kind, to, new_email) = match &request {
            LinkRequest::Verify => (MessageKind::VerifyEmail, user.email.clone(), None),
            LinkRequest::ConfirmChange(new) => {
                (MessageKind::ChangeEmail, user.email.clone(), Some(new.clone()))
            }
            LinkRequest::VerifyChange(new) => (MessageKind::VerifyEmail, new.clone(), None),
        };
        let expires_at = now + self.expires_in;
        let purpose = request.purpose();
        let claims = EmailLink {
            email: user.email.clone(),
            request,
        };
        let secret = self.signer.sign(&claims, now, expires_at);
        let link = Link {
            new_email,
            ..self.messages.options.links.verify_email(&secret, callback)
        };
        let draft = TokenMessageDraft {
            purpose,
            secret,
            kind,
            to: &to,
            user,
            link,
            expires_at,
            requester,
        };
        self.messages.write_with_token(draft, now)
    }
}

/// Writes a message with a code that verifies the user's address.
pub(crate) fn write_code(
    messages: &MessageWriter,
    codes: &Codes,
    (user, requester): (&User, Requester),
    now: DateTime<Utc>,
) -> SealedTokenMessage {
    let key = CodeKey::Address(AddressCode::EmailVerification, user.email.clone());
    let draft = CodeMessageDraft {
        kind: MessageKind::EmailVerificationOtp,
        to: &user.email,
        user: Some(user),
        code: codes.create(key, now),
        requester,
    };
    messages.write_with_code(draft, now)
}
