//! Proof, kept by the browser, that the client has sent the right password of a user whose number is not proven yet.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{destination::PhoneNumber, id::UserId, secret::Secret};

use crate::{
    client_token::{TokenEffect, TokenKind},
    context::RequestContext,
    ports::{Mac, Ports, Purpose},
};

/// The token of a client that has sent the right password of a user, whose number must be proven next.
pub const PASSWORD_PROOF: TokenKind = TokenKind::new("phone_number");
/// Separates the parts of the token, and of what its signature covers.
const SEPARATOR: char = '!';

/// Issues and checks these tokens. They are not stored: each contains its expiry, and a signature that binds it to a
/// user and a number. A token signs a client in only together with a code that was sent to the number.
pub(super) struct PasswordProofs {
    mac: Arc<dyn Mac>,
    lifetime: TimeDelta,
}

impl PasswordProofs {
    pub(super) fn new(ports: &Ports, lifetime: TimeDelta) -> Self {
        Self {
            mac: Arc::clone(&ports.mac),
            lifetime,
        }
    }

    /// Makes the client store a proof that it has sent the password of this user.
    pub(super) fn issue(&self, user: &UserId, number: &PhoneNumber, now: DateTime<Utc>) -> TokenEffect {
        let end = (now + self.lifetime).timestamp();
        let tag = self
            .mac
            .tag(Purpose::Cookie, signed(user, number, end).as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(tag);
        TokenEffect::Set {
            kind: PASSWORD_PROOF,
            value: Secret::new(format!("{end}{SEPARATOR}{signature}")),
            lifetime: self.lifetime,
        }
    }

    /// Whether the client has sent the password of this user, who had this number.
    pub(super) fn is_presented(
        &self,
        user: &UserId,
        number: &PhoneNumber,
        context: &RequestContext,
        now: DateTime<Utc>,
    ) -> bool {
        let parts = context.token(PASSWORD_PROOF);
        let parts = parts.and_then(|value| value.split_once(SEPARATOR));
        let Some((end, signature)) = parts else {
            return false;
        };
        let (Ok(end), Ok(tag)) = (end.parse::<i64>(), URL_SAFE_NO_PAD.decode(signature)) else {
            return false;
        };
        let message = signed(user, number, end);
        now.timestamp() < end && self.mac.verify(Purpose::Cookie, message.as_bytes(), &tag)
    }
}

/// Returns what the signature covers. No other cookie value begins like it: all are signed with the same key.
fn signed(user: &UserId, number: &PhoneNumber, end: i64) -> String {
    let (name, user, number) = (PASSWORD_PROOF.name, user.as_str(), number.as_str());
    format!("{name}{SEPARATOR}{end}{SEPARATOR}{user}{SEPARATOR}{number}")
}

/// Makes the client delete the token, if it presents one.
pub(super) fn clearing(context: &RequestContext) -> Option<TokenEffect> {
    let is_presented = context.token(PASSWORD_PROOF).is_some();
    is_presented.then_some(TokenEffect::Clear { kind: PASSWORD_PROOF })
}
