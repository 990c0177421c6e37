//! The checks of what a browser states about a registration or a sign-in.

use serde_json::Value;

/// What an authenticator is requested to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ceremony {
    /// A new passkey.
    Registration,
    /// A signature of a known passkey.
    Authentication,
}

impl Ceremony {
    /// Returns the name that browsers sign.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registration => "webauthn.create",
            Self::Authentication => "webauthn.get",
        }
    }

    /// Returns the ceremony with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Registration, Self::Authentication]
            .into_iter()
            .find(|ceremony| ceremony.name() == name)
    }
}

/// Why a registration or a sign-in with a passkey is rejected. Clients do not receive the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyRejection {
    /// The response of the browser is malformed.
    #[error("the response is malformed")]
    Malformed,
    /// The browser answers a request for the other ceremony.
    #[error("the response belongs to another ceremony")]
    Ceremony,
    /// The challenge is not the one that was issued.
    #[error("the challenge is another one")]
    Challenge,
    /// The page is not one of the deployment.
    #[error("the origin of the page is not accepted")]
    Origin,
    /// The passkey belongs to another relying party.
    #[error("the passkey belongs to another relying party id")]
    RelyingParty,
    /// The authenticator has not noticed a user.
    #[error("no user was present")]
    UserAbsent,
    /// The authenticator has not verified its user, which the deployment requires.
    #[error("the user was not verified")]
    UserUnverified,
    /// A passkey that cannot be stored elsewhere is stored elsewhere.
    #[error("the flags contradict each other")]
    ContradictoryFlags,
    /// The key is not one of the kinds that were asked for.
    #[error("the public key is not supported")]
    Key,
    /// The statement about the authenticator is not supported, or is wrong.
    #[error("the attestation is not supported or not valid")]
    Attestation,
    /// The signature is wrong.
    #[error("the signature is not valid")]
    Signature,
    /// The count of signatures is not higher than the last one, or cannot be stored.
    #[error("the signature counter is not accepted")]
    Counter,
    /// The passkey is already registered.
    #[error("the passkey is already registered")]
    Known,
    /// The challenge was issued to another user with passkeys.
    #[error("the passkey belongs to another user")]
    OtherUser,
}

/// What a browser states about a registration or a sign-in (WebAuthn, 5.8.1). The authenticator signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientData {
    ceremony: Option<Ceremony>,
    challenge: String,
    /// The origin of the page.
    pub origin: String,
}

impl ClientData {
    /// Reads the JSON that the browser has sent.
    ///
    /// # Errors
    ///
    /// [`PasskeyRejection::Malformed`].
    pub fn parse(json: &[u8]) -> Result<Self, PasskeyRejection> {
        let value: Value = serde_json::from_slice(json).map_err(|_error| PasskeyRejection::Malformed)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let read = |name| text(name).map(str::to_owned).ok_or(PasskeyRejection::Malformed);
        Ok(Self {
            ceremony: text("type").and_then(Ceremony::from_name),
            challenge: read("challenge")?,
            origin: read("origin")?,
        })
    }

    /// Checks that the browser answers this challenge of this ceremony.
    ///
    /// # Errors
    ///
    /// If it answers another one.
    pub fn check(&self, ceremony: Ceremony, challenge: &str) -> Result<(), PasskeyRejection> {
        if self.ceremony != Some(ceremony) {
            return Err(PasskeyRejection::Ceremony);
        }
        if self.challenge != challenge {
            return Err(PasskeyRejection::Challenge);
        }
        Ok(())
    }
}
