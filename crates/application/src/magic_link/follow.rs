//! Following of links.

use portcullis_domain::{
    magic_link::LinkRecipient,
    payload_token::{Payload, PayloadPurpose},
    token::OneTimeToken,
};

use super::{MagicLinkError, MagicLinks};
use crate::{
    context::RequestContext,
    sign_in::{
        AddressSignInError, AddressSignedIn, ProvenAddress,
        completion::{Outcome, SignInMethod},
    },
};

const PURPOSE: PayloadPurpose = PayloadPurpose::MagicLink;

impl MagicLinks {
    /// Signs in the user with the address that the link was sent to, or a new user. Of several concurrent requests with one
    /// link, one succeeds. A link that signs in a user whom a guard refuses stays valid.
    ///
    /// # Errors
    ///
    /// [`MagicLinkError`] with the reason.
    pub async fn follow(
        &self,
        token: &OneTimeToken,
        context: &RequestContext,
    ) -> Result<AddressSignedIn, MagicLinkError> {
        let (payload, recipient) = self.find(token).await?;
        let now = self.clock.now();
        let mut unit = self.store.begin();
        let user = self.sign_in.lock(unit.as_mut(), &recipient.email).await?;
        if !unit.payload_tokens().consume(PURPOSE, token, &payload).await? {
            return Err(MagicLinkError::Invalid);
        }
        let proven = ProvenAddress {
            email: &recipient.email,
            name: recipient.name.as_deref().unwrap_or_default(),
            method: SignInMethod::MagicLink,
            may_sign_up: self.options.may_sign_up,
            context,
            now,
        };
        match self.sign_in.complete(unit.as_mut(), proven, user).await {
            Ok(signed_in) => {
                if !matches!(signed_in.outcome, Outcome::Refused(_)) {
                    unit.commit().await?;
                }
                Ok(signed_in)
            }
            Err(error) => {
                // The link was followed, although nothing else happened.
                if matches!(error, AddressSignInError::SignUpDisabled) {
                    unit.commit().await?;
                }
                Err(error.into())
            }
        }
    }

    /// Returns the live token and its recipient. An expired one is deleted.
    async fn find(&self, token: &OneTimeToken) -> Result<(Payload, LinkRecipient), MagicLinkError> {
        let found = self
            .store
            .autocommit()
            .payload_tokens()
            .find(PURPOSE, token)
            .await?;
        let payload = found.ok_or(MagicLinkError::Invalid)?;
        let recipient = LinkRecipient::parse(&payload.text).ok_or(MagicLinkError::Invalid)?;
        if payload.is_live(self.clock.now()) {
            return Ok((payload, recipient));
        }
        self.clock_check.confirm().await?;
        let mut db = self.store.autocommit();
        db.payload_tokens().consume(PURPOSE, token, &payload).await?;
        Err(MagicLinkError::Expired)
    }
}
