//! Fakes of the ports that encrypt and sign. Everything is plain text.

mod passkey;

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use portcullis_domain::{
    email::EmailAddress,
    email_verification::{EmailLink, LinkRequest},
    jwt::Algorithm,
    secret::Secret,
    token::OneTimeToken,
    two_factor::TotpPolicy,
};
use serde_json::{Map, Value, json};

use crate::ports::{
    ApiKeyDigests, CachedSession, Cipher, CodeDigests, Encoding, Failure, KeyPair, LinkSigner,
    LinkTokenError, Opened, SealPurpose, Sealed, SessionCacheCodec, SigningKey, TokenSigner, TokenVerifier,
    TwoFactorCodes, VerifiedLink, VerifyingKey,
};

pub use passkey::PlainPasskeyVerifier;

/// Writes the purpose before the text; for tokens of providers, also writes the prefix of ciphertexts before it. A text
/// that begins with `stale:` is decrypted for every purpose, and is stale.
pub struct PlainCipher;

impl Cipher for PlainCipher {
    fn seal(&self, purpose: SealPurpose, text: &str) -> Sealed {
        Sealed(format!("{}{text}", prefix(purpose)))
    }

    fn open(&self, purpose: SealPurpose, sealed: &Sealed) -> Result<Opened, Failure> {
        let opened = |text: &str, is_stale| Opened {
            text: Secret::new(text.to_owned()),
            is_stale,
        };
        if let Some(text) = sealed.0.strip_prefix("stale:") {
            return Ok(opened(text, true));
        }
        let text = sealed.0.strip_prefix(&prefix(purpose));
        text.map(|text| opened(text, false))
            .ok_or_else(|| Failure::unavailable("sealed for something else"))
    }
}

fn prefix(purpose: SealPurpose) -> String {
    match purpose {
        SealPurpose::ProviderToken => "$ba$ProviderToken:".to_owned(),
        purpose => format!("{purpose:?}:"),
    }
}

/// Writes links as JSON.
pub struct PlainLinkSigner;

impl LinkSigner for PlainLinkSigner {
    fn sign(&self, link: &EmailLink, now: DateTime<Utc>, expires_at: DateTime<Utc>) -> OneTimeToken {
        let (request, to) = match &link.request {
            LinkRequest::Verify => ("verify", None),
            LinkRequest::ConfirmChange(to) => ("confirm", Some(to.as_str())),
            LinkRequest::VerifyChange(to) => ("change", Some(to.as_str())),
        };
        let (begin, end) = (now.timestamp_millis(), expires_at.timestamp_millis());
        let text =
            json!({ "email": link.email.as_str(), "request": request, "to": to, "begin": begin, "end": end });
        OneTimeToken::new(text.to_string())
    }

    fn verify(&self, token: &OneTimeToken, now: DateTime<Utc>) -> Result<VerifiedLink, LinkTokenError> {
        let value: Value = serde_json::from_str(token.expose()).map_err(|_| LinkTokenError::Invalid)?;
        let to = || EmailAddress::from_stored(member(&value, "to").unwrap_or_default());
        let time = |name| {
            let time = value.get(name).and_then(Value::as_i64);
            time.and_then(DateTime::from_timestamp_millis)
        };
        let issued_at = time("begin").ok_or(LinkTokenError::Invalid)?;
        let expires_at = time("end").ok_or(LinkTokenError::Invalid)?;
        if expires_at < now {
            return Err(LinkTokenError::Expired);
        }
        let request = match member(&value, "request") {
            Some("verify") => LinkRequest::Verify,
            Some("confirm") => LinkRequest::ConfirmChange(to()),
            Some("change") => LinkRequest::VerifyChange(to()),
            _ => return Err(LinkTokenError::Invalid),
        };
        let email = EmailAddress::from_stored(member(&value, "email").unwrap_or_default());
        let link = EmailLink { email, request };
        Ok(VerifiedLink {
            link,
            issued_at,
            expires_at,
        })
    }
}

/// Writes sessions as JSON.
pub struct PlainSessionCacheCodec;

impl SessionCacheCodec for PlainSessionCacheCodec {
    fn seal(&self, encoding: Encoding, session: &CachedSession) -> String {
        json!({
            "encoding": format!("{encoding:?}"),
            "session": session.session,
            "user": session.user,
            "updatedAt": session.updated_at.timestamp_millis(),
            "version": session.version,
            "expiresAt": session.expires_at.timestamp_millis(),
        })
        .to_string()
    }

    fn open(&self, encoding: Encoding, text: &str, _now: DateTime<Utc>) -> Option<CachedSession> {
        let value: Value = serde_json::from_str(text).ok()?;
        let time = |name: &str| DateTime::from_timestamp_millis(value.get(name)?.as_i64()?);
        if member(&value, "encoding")? != format!("{encoding:?}") {
            return None;
        }
        Some(CachedSession {
            session: value.get("session")?.clone(),
            user: value.get("user")?.clone(),
            updated_at: time("updatedAt")?,
            version: member(&value, "version")?.to_owned(),
            expires_at: time("expiresAt")?,
        })
    }
}

/// Creates keys that contain their algorithm's name. A signature contains the algorithm, the key id and the claims as
/// plain text.
pub struct PlainTokenSigner;

struct PlainKey(String);

impl SigningKey for PlainKey {
    fn sign(&self, kid: &str, claims: &str) -> Result<String, Failure> {
        Ok(format!("{}.{kid}.{claims}", self.0))
    }
}

#[async_trait]
impl TokenSigner for PlainTokenSigner {
    async fn generate(&self, algorithm: Algorithm, _modulus_length: u32) -> Result<KeyPair, Failure> {
        Ok(KeyPair {
            public: json!({ "kty": algorithm.name() }).to_string(),
            private: Secret::new(json!({ "d": algorithm.name() }).to_string()),
        })
    }

    fn algorithm(&self, public: &str, rsa: Algorithm) -> Option<Algorithm> {
        let value: Value = serde_json::from_str(public).ok()?;
        match member(&value, "kty")? {
            "RSA" => Some(rsa),
            name => Algorithm::from_name(name),
        }
    }

    fn open(&self, algorithm: Algorithm, private: &Secret<String>) -> Result<Arc<dyn SigningKey>, Failure> {
        let value: Value = serde_json::from_str(private.expose()).map_err(Failure::new)?;
        if member(&value, "d") != Some(algorithm.name()) {
            return Err(Failure::unavailable("a key of another algorithm"));
        }
        Ok(Arc::new(PlainKey(algorithm.name().to_owned())))
    }
}

/// Verifies the tokens of [`PlainTokenSigner`].
pub struct PlainTokenVerifier;

impl TokenVerifier for PlainTokenVerifier {
    fn verify(&self, token: &str, keys: &[VerifyingKey]) -> Option<Map<String, Value>> {
        let (algorithm, rest) = token.split_once('.')?;
        let (kid, claims) = rest.split_once('.')?;
        let key = keys.iter().find(|key| key.id.as_str() == kid)?;
        (key.algorithm.name() == algorithm).then(|| serde_json::from_str(claims).ok())?
    }

    fn verify_unnamed(&self, token: &str, algorithm: Algorithm, _public: &str) -> Option<Map<String, Value>> {
        let prefix = format!("{}..", algorithm.name());
        serde_json::from_str(token.strip_prefix(&prefix)?).ok()
    }
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// The digest of a key is its text after `digest:`.
pub struct PlainApiKeyDigests;

impl ApiKeyDigests for PlainApiKeyDigests {
    fn digest(&self, key: &Secret<String>) -> Secret<String> {
        Secret::new(format!("digest:{}", key.expose()))
    }
}

/// A code is its secret and its step: `secret-7`. Steps have 30 seconds.
pub struct PlainTwoFactorCodes;

impl TwoFactorCodes for PlainTwoFactorCodes {
    fn matching_step(
        &self,
        secret: &Secret<String>,
        policy: TotpPolicy,
        code: &str,
        now: DateTime<Utc>,
    ) -> Option<u64> {
        let (text, step) = code.rsplit_once('-')?;
        let step: i64 = step.parse().ok()?;
        let current = now.timestamp() / i64::from(policy.period);
        let is_near = (current - step).abs() <= 1;
        (text == secret.expose() && is_near)
            .then(|| u64::try_from(step).ok())
            .flatten()
    }

    fn uri(
        &self,
        secret: &Secret<String>,
        _policy: TotpPolicy,
        issuer: &str,
        account: &str,
    ) -> Secret<String> {
        Secret::new(format!("{issuer}:{account}:{}", secret.expose()))
    }
}

/// The digest of a code is its text after `digest:`.
pub struct PlainCodeDigests;

impl CodeDigests for PlainCodeDigests {
    fn digest(&self, code: &str) -> String {
        format!("digest:{code}")
    }
}
