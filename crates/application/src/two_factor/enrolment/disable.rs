//! Removal of a second factor.

use portcullis_domain::{password::Password, verification::RevokingEvent};

use super::Enrolment;
use crate::{
    client_token::TokenEffect,
    context::RequestContext,
    session::StrictCaller,
    two_factor::{TRUSTED_DEVICE, TwoFactorError, Verified},
};

impl Enrolment {
    /// Disables the caller's second factor. Ends the caller's other sessions and trusted devices, which may belong
    /// to an attacker.
    ///
    /// # Errors
    ///
    /// [`TwoFactorError::Password`] for a wrong password.
    pub async fn disable(
        &self,
        by: &StrictCaller,
        password: &Password,
        (is_remembered, context): (bool, &RequestContext),
    ) -> Result<Verified, TwoFactorError> {
        self.credentials.prove(by, password, context).await?;

        let (id, now) = (&by.user().id, self.subjects.clock.now());
        let mut unit = self.begin(by).await?;
        unit.verifications()
            .revoke(RevokingEvent::SecondFactorChanged, id)
            .await?;
        unit.two_factors().delete(id).await?;
        unit.sessions()
            .delete_others_of_user(id, &by.session().token)
            .await?;
        unit.two_factors().set_enabled(&by.user().id, false, now).await?;
        let mut disabled = self
            .finish
            .replace_session(unit.as_mut(), by, (is_remembered, context), now)
            .await?;
        unit.commit().await?;
        if context.token(TRUSTED_DEVICE).is_some() {
            let clear = TokenEffect::Clear { kind: TRUSTED_DEVICE };
            disabled.effects.tokens.push(clear);
        }
        Ok(disabled)
    }
}
