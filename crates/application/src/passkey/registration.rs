//! Registration of a passkey by its owner.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use portcullis_domain::passkey::{Ceremony, Passkey, PasskeyChallenge, PasskeyRejection, PasskeyUse};

use super::{Passkeys, RegistrationError, log};
use crate::{context::RequestContext, ports::RandomExt as _, session::FreshCaller};

/// The answer of a browser that has made a passkey.
#[derive(Debug)]
pub struct Registration<'a> {
    /// The origin that the request names.
    pub origin: Option<&'a str>,
    /// What the browser has sent. `None`: it is malformed.
    pub response: Option<RegistrationResponse>,
    /// The name that the caller gives the passkey.
    pub name: Option<String>,
}

/// What a browser sends after it has made a passkey.
#[derive(Debug)]
pub struct RegistrationResponse {
    /// What the browser states, as JSON.
    pub client_data: Vec<u8>,
    /// The attestation object of the authenticator.
    pub attestation: Vec<u8>,
    /// The ways in which the browser reaches the authenticator, separated by commas.
    pub transports: String,
}

impl Passkeys {
    /// Registers a passkey of the caller. The challenge is used up, also by an error.
    ///
    /// # Errors
    ///
    /// If the client does not answer a challenge of the caller, or if the passkey is not accepted.
    pub async fn register(
        &self,
        by: &FreshCaller,
        sent: Registration<'_>,
        context: &RequestContext,
    ) -> Result<Passkey, RegistrationError> {
        if self.options.lacks(sent.origin) {
            return Err(RegistrationError::NoOrigin);
        }
        let token = Self::presented(context).ok_or(RegistrationError::NoChallenge)?;
        let challenge = self.consume(&token).await?;
        let challenge = challenge.ok_or(RegistrationError::UnknownChallenge)?;
        if challenge.user_id.as_ref() != Some(&by.user().id) {
            return Err(RegistrationError::OtherUser);
        }
        let passkey = self.made(by, sent, &challenge).map_err(log)?;

        let unit = by.begin(self.store.as_ref()).await?;
        let mut unit = unit.ok_or(RegistrationError::SessionEnded)?;
        let stored = unit.passkeys().insert(&passkey).await?;
        let stored = stored.ok_or_else(|| log(PasskeyRejection::Known))?;
        unit.commit().await?;
        Ok(stored)
    }

    fn made(
        &self,
        by: &FreshCaller,
        sent: Registration<'_>,
        challenge: &PasskeyChallenge,
    ) -> Result<Passkey, PasskeyRejection> {
        let response = sent.response.ok_or(PasskeyRejection::Malformed)?;
        let client_data = response.client_data.as_slice();
        self.check_client((client_data, sent.origin), challenge, Ceremony::Registration)?;
        let made = self
            .verifier
            .registration(&response.attestation, client_data, &self.options.rp_id)?;
        self.check_user(made.data)?;
        let first_use = PasskeyUse::of(&made.data)?;
        Ok(Passkey {
            id: self.random.id(),
            name: sent.name,
            public_key: STANDARD.encode(made.public_key),
            user_id: by.user().id.clone(),
            credential_id: URL_SAFE_NO_PAD.encode(made.credential_id),
            counter: first_use.counter,
            device_type: first_use.device_type.to_owned(),
            is_backed_up: first_use.is_backed_up,
            transports: Some(response.transports),
            created_at: Some(self.clock.now()),
            aaguid: Some(made.aaguid.to_string()),
        })
    }
}
