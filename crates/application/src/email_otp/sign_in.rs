//! Sign-in with a code.

use portcullis_domain::code::AddressCode;

use super::{EmailOtp, EmailOtpError, TypedCode};
use crate::{
    context::RequestContext,
    sign_in::{
        AddressSignInError, ProvenAddress,
        completion::{Outcome, SignInMethod},
    },
};

impl EmailOtp {
    /// Signs in the user with the address, or a new user. Of several concurrent requests with one code, one succeeds.
    ///
    /// # Errors
    ///
    /// [`EmailOtpError::Code`], after the minimum time, also for an address that no user has if no user may be created.
    pub async fn sign_in(
        &self,
        typed: &TypedCode,
        context: &RequestContext,
    ) -> Result<Outcome, EmailOtpError> {
        let arrival = self.clock.now();
        let outcome = self.sign_in_now(typed, context).await;
        if outcome.is_err() {
            self.floor.wait(arrival).await;
        }
        outcome
    }

    async fn sign_in_now(
        &self,
        typed: &TypedCode,
        context: &RequestContext,
    ) -> Result<Outcome, EmailOtpError> {
        let (key, stored) = self.compare(AddressCode::SignIn, typed, context).await?;
        let now = self.clock.now();
        let sign_in = &self.targets.sign_in;
        let mut unit = self.store.begin();
        let user = sign_in.lock(unit.as_mut(), &typed.email).await?;
        self.codes.consume(unit.as_mut(), &key, &stored, context).await?;
        let proven = ProvenAddress {
            email: &typed.email,
            name: "",
            method: SignInMethod::EmailCode,
            may_sign_up: self.options.may_sign_up,
            context,
            now,
        };
        match sign_in.complete(unit.as_mut(), proven, user).await {
            Ok(signed_in) => {
                if !matches!(signed_in.outcome, Outcome::Refused(_)) {
                    unit.commit().await?;
                }
                Ok(signed_in.outcome)
            }
            Err(error) => {
                // The code was right: it must not be used again.
                if matches!(error, AddressSignInError::SignUpDisabled) {
                    unit.commit().await?;
                }
                Err(error.into())
            }
        }
    }
}
