//! Signed tokens of links in mails.

use chrono::{DateTime, Utc};
use portcullis_application::ports::{LinkSigner, LinkTokenError, VerifiedLink};
use portcullis_domain::{
    email::EmailAddress,
    email_verification::{EmailLink, LinkRequest},
    token::OneTimeToken,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{hs256::Hs256, secrets::Secrets};

const CONFIRM_CHANGE: &str = "change-email-confirmation";
const VERIFY_CHANGE: &str = "change-email-verification";
/// Maximum length of a token, checked first. Two addresses take a fraction of it.
const LONGEST: usize = 4096;

/// Signs and verifies the tokens of links, with the secrets themselves.
pub struct LinkTokens {
    hs256: Hs256,
}

/// The claims of a link. Unknown claims are rejected, since other kinds of tokens are signed with the same secrets.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Claims {
    email: String,
    update_to: Option<String>,
    request_type: Option<String>,
    iat: i64,
    exp: i64,
}

impl LinkTokens {
    /// Signs with the first secret, and verifies with all secrets.
    #[must_use]
    pub fn new(secrets: &Secrets) -> Self {
        Self {
            hs256: Hs256::new(secrets),
        }
    }
}

impl LinkSigner for LinkTokens {
    fn sign(&self, link: &EmailLink, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> OneTimeToken {
        let change = match &link.request {
            LinkRequest::Verify => None,
            LinkRequest::ConfirmChange(to) => Some((to, CONFIRM_CHANGE)),
            LinkRequest::VerifyChange(to) => Some((to, VERIFY_CHANGE)),
        };
        let mut claims = Map::new();
        claims.insert("email".to_owned(), link.email.as_str().into());
        if let Some((to, request_type)) = change {
            claims.insert("updateTo".to_owned(), to.as_str().into());
            claims.insert("requestType".to_owned(), request_type.into());
        }
        claims.insert("iat".to_owned(), now.timestamp().into());
        claims.insert("exp".to_owned(), expires_at.timestamp().into());
        OneTimeToken::new(self.hs256.sign(Value::Object(claims).to_string().as_bytes()))
    }

    fn verify(&self, token: &OneTimeToken, now: DateTime<Utc>) -> Result<VerifiedLink, LinkTokenError> {
        let link = self.genuine(token.expose()).ok_or(LinkTokenError::Invalid)?;
        if link.expires_at.timestamp() <= now.timestamp() {
            return Err(LinkTokenError::Expired);
        }
        Ok(link)
    }
}

impl LinkTokens {
    fn genuine(&self, token: &str) -> Option<VerifiedLink> {
        let claims = (token.len() <= LONGEST).then(|| self.hs256.verified(token))??;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        let request = match (claims.update_to, claims.request_type.as_deref()) {
            (None, None) => LinkRequest::Verify,
            (Some(to), Some(CONFIRM_CHANGE)) => LinkRequest::ConfirmChange(EmailAddress::parse(&to).ok()?),
            (Some(to), Some(VERIFY_CHANGE)) => LinkRequest::VerifyChange(EmailAddress::parse(&to).ok()?),
            _ => return None,
        };
        let email = EmailAddress::parse(&claims.email).ok()?;
        Some(VerifiedLink {
            link: EmailLink { email, request },
            issued_at: DateTime::from_timestamp(claims.iat, 0)?,
            expires_at: DateTime::from_timestamp(claims.exp, 0)?,
        })
    }
}

#[cfg(test)]
mod tests;
