//! Texts that are made for one purpose are rejected for every other purpose (Better Auth's `CVE-2026-121802`).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_application::{
    ports::{
        AccountCookieCodec, CachedSession, Cipher, Encoding, LinkSigner, Mac, Purpose, SealPurpose, Sealed,
        SessionCacheCodec,
    },
    testing::SeededRandom,
};
use portcullis_domain::{
    account::Account,
    email::EmailAddress,
    email_verification::{EmailLink, LinkRequest},
    id::{AccountId, UserId},
    password::PasswordHash,
    token::OneTimeToken,
};
use serde_json::json;

use crate::{
    AccountCookies, Aead, Hmac, LinkTokens, SessionCookies, hex,
    testing::{SECRET, secrets},
};

/// Makes texts for one purpose and accepts them.
trait Kind {
    fn make(&self) -> String;
    fn accepts(&self, text: &str) -> bool;
}

struct Signed(Hmac, Purpose);

impl Kind for Signed {
    fn make(&self) -> String {
        format!("value.{}", hex::encode(&self.0.tag(self.1, b"value")))
    }

    fn accepts(&self, text: &str) -> bool {
        let Some((value, tag)) = text.rsplit_once('.') else {
            return false;
        };
        hex::decode(tag).is_some_and(|tag| self.0.verify(self.1, value.as_bytes(), &tag))
    }
}

struct Encrypted(Aead, SealPurpose);

impl Kind for Encrypted {
    fn make(&self) -> String {
        self.0.seal(self.1, "text").0
    }

    fn accepts(&self, text: &str) -> bool {
        self.0.open(self.1, &Sealed(text.to_owned())).is_ok()
    }
}

struct Link(LinkTokens);

impl Kind for Link {
    fn make(&self) -> String {
        let email = EmailAddress::parse("a@ex.com").unwrap();
        let request = LinkRequest::ConfirmChange(email.clone());
        let link = EmailLink { email, request };
        self.0.sign(&link, now(), end()).expose().clone()
    }

    fn accepts(&self, text: &str) -> bool {
        self.0.verify(&OneTimeToken::new(text), now()).is_ok()
    }
}

struct Session(SessionCookies, Encoding);

impl Kind for Session {
    fn make(&self) -> String {
        let session = CachedSession {
            session: json!({ "token": "T" }),
            user: json!({ "email": "a@ex.com" }),
            updated_at: now(),
            version: "1".to_owned(),
            expires_at: end(),
        };
        self.0.seal(self.1, &session)
    }

    fn accepts(&self, text: &str) -> bool {
        self.0.open(self.1, text, now()).is_some()
    }
}

struct AccountOfProvider(AccountCookies);

impl Kind for AccountOfProvider {
    fn make(&self) -> String {
        let (id, user_id) = (AccountId::new("A"), UserId::new("U"));
        let account = Account::credential(id, user_id, PasswordHash::new("H"), now());
        self.0.seal(&account, now(), end()).expose().clone()
    }

    fn accepts(&self, text: &str) -> bool {
        self.0.open(text, now()).is_some()
    }
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_767_225_600_000).unwrap()
}

fn end() -> DateTime<Utc> {
    now() + TimeDelta::hours(1)
}

/// Every kind of text. Signing keys, second factors, states of authorization requests and tokens of providers are
/// encrypted with one key, as in Better Auth, so this list has one of them: their texts are distinguished by their places
/// and forms.
fn kinds(of_better_auth: SealPurpose) -> [Box<dyn Kind>; 11] {
    let secrets = secrets(&[SECRET]);
    let random = Arc::new(SeededRandom::default());
    let signed = |purpose| Box::new(Signed(Hmac::new(&secrets), purpose)) as Box<dyn Kind>;
    let encrypted = |purpose| Box::new(Encrypted(Aead::new(&secrets, random.clone()), purpose)) as _;
    let session = |encoding| Box::new(Session(SessionCookies::new(&secrets, random.clone()), encoding)) as _;
    [
        signed(Purpose::Cookie),
        signed(Purpose::RateLimit),
        signed(Purpose::AuthorizationState),
        signed(Purpose::ServiceSecret),
        encrypted(of_better_auth),
        encrypted(SealPurpose::Message),
        Box::new(Link(LinkTokens::new(&secrets))),
        session(Encoding::Compact),
        session(Encoding::Jwt),
        session(Encoding::Jwe),
        Box::new(AccountOfProvider(AccountCookies::new(&secrets, random.clone()))),
    ]
}

#[test]
fn every_text_is_accepted_only_for_its_own_purpose() {
    for of_better_auth in [
        SealPurpose::SigningKey,
        SealPurpose::Code,
        SealPurpose::TwoFactor,
        SealPurpose::AuthorizationState,
        SealPurpose::ProviderToken,
    ] {
        let kinds = kinds(of_better_auth);
        for (made, maker) in kinds.iter().enumerate() {
            let text = maker.make();
            for (shown, reader) in kinds.iter().enumerate() {
                assert_eq!(
                    reader.accepts(&text),
                    made == shown,
                    "{of_better_auth:?}: {made} {shown}"
                );
            }
        }
    }
}
