//! Verification of a passkey's signature, and the sign-in of its user.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use portcullis_domain::passkey::{Ceremony, Passkey, PasskeyChallenge, PasskeyRejection, PasskeyUse};

use super::{Authentication, AuthenticationError, Passkeys, log};
use crate::{
    context::RequestContext,
    sign_in::completion::{Outcome, SignInMethod, SigningIn},
};

/// A signature that is accepted.
pub(super) struct Signed {
    passkey: Passkey,
    usage: PasskeyUse,
    is_user_verified: bool,
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

    pub(super) async fn sign_in(
        &self,
        signed: Signed,
        context: &RequestContext,
    ) -> Result<Outcome, AuthenticationError> {
        let mut unit = self.store.begin();
        let user = unit.users().lock(&signed.passkey.user_id).await?;
        let user = user.ok_or(AuthenticationError::UnknownPasskey)?;
        // A concurrent sign-in may have used the same count, or the owner may have deleted the passkey.
        let advanced = unit.passkeys().advance(&signed.passkey.id, &signed.usage).await?;
        if !advanced {
            return Err(log(PasskeyRejection::Counter).into());
        }
        let signing_in = SigningIn {
            user,
            method: SignInMethod::Passkey {
                is_user_verified: signed.is_user_verified,
            },
            context,
            is_remembered: true,
            now: self.clock.now(),
        };
        let outcome = self.completion.complete(unit.as_mut(), signing_in).await?;
        if let Outcome::Refused(refusal) = outcome {
            return Err(AuthenticationError::Refused(refusal));
        }
        unit.commit().await?;
        Ok(outcome)
    }
}
