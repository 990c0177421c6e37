//! Sign-in with a passkey.

use portcullis_domain::passkey::{Passkey, PasskeyChallenge, PasskeyRejection};

use super::{AuthenticationError, Passkeys, log, signature::Signed};
use crate::{
    context::RequestContext,
    ports::{Assertion, Failure},
    sign_in::completion::{Outcome, SignInMethod, SigningIn},
};

/// The answer of a browser that has signed with a passkey.
#[derive(Debug)]
pub struct Authentication<'a> {
    /// The origin that the request names.
    pub origin: Option<&'a str>,
    /// The id by which the authenticator knows the passkey, in base64url.
    pub credential_id: String,
    /// The signature. `None`: the response is malformed.
    pub assertion: Option<Assertion>,
}

impl Passkeys {
    /// Signs in the user of a passkey. The challenge is used up, also by an error.
    ///
    /// # Errors
    ///
    /// If the client does not answer a challenge, if no user has the passkey, if the signature is not accepted, or if a
    /// plugin refuses the user.
    pub async fn authenticate(
        &self,
        sent: Authentication<'_>,
        context: &RequestContext,
    ) -> Result<Outcome, AuthenticationError> {
        if self.options.lacks(sent.origin) {
            return Err(AuthenticationError::NoOrigin);
        }
        let token = Self::presented(context).ok_or(AuthenticationError::UnknownChallenge)?;
        let challenge = self.consume(&token).await?;
        let challenge = challenge.ok_or(AuthenticationError::UnknownChallenge)?;
        let mut db = self.store.autocommit();
        let passkey = db.passkeys().find_by_credential(&sent.credential_id).await?;
        let passkey = passkey.ok_or(AuthenticationError::UnknownPasskey)?;
        if self.excludes(&challenge, &passkey).await? {
            return Err(log(PasskeyRejection::OtherUser).into());
        }

        let signed = self.verified(&sent, passkey, &challenge).map_err(log)?;
        self.sign_in(signed, context).await
    }

    /// Returns whether the challenge was issued to a signed-in user with passkeys, and this passkey is another user's.
    async fn excludes(&self, challenge: &PasskeyChallenge, passkey: &Passkey) -> Result<bool, Failure> {
        let other = challenge
            .user_id
            .as_ref()
            .filter(|user| **user != passkey.user_id);
        let Some(other) = other else {
            return Ok(false);
        };
        let own = self.store.autocommit().passkeys().list_by_user(other).await?;
        Ok(!own.is_empty())
    }

    async fn sign_in(
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
