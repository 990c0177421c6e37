//! Verification of a passkey's signature.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use portcullis_domain::passkey::{Ceremony, Passkey, PasskeyChallenge, PasskeyRejection, PasskeyUse};

use super::{Authentication, Passkeys};

/// A signature that is accepted.
pub(super) struct Signed {
    pub(super) passkey: Passkey,
    pub(super) usage: PasskeyUse,
    pub(super) is_user_verified: bool,
}

impl Passkeys {
    pub(super) fn verified(
        &self,
        sent: &Authentication<'_>,
        passkey: Passkey,
        challenge: &PasskeyChallenge,
    ) -> Result<Signed, PasskeyRejection> {
        let assertion = sent.assertion.as_ref().ok_or(PasskeyRejection::Malformed)?;
        let client_data = assertion.client_data.as_slice();
        self.check_client((client_data, sent.origin), challenge, Ceremony::Authentication)?;
        let public_key = STANDARD.decode(&passkey.public_key);
        let public_key = public_key.map_err(|_not_base64| PasskeyRejection::Key)?;
        let data = self
            .verifier
            .assertion(assertion, &public_key, &self.options.rp_id)?;
        self.check_user(data)?;
        let usage = PasskeyUse::of(&data)?;
        passkey.check_counter(usage.counter)?;
        Ok(Signed {
            passkey,
            usage,
            is_user_verified: data.flags.is_user_verified(),
        })
    }
}
