//! Reset of a password with a code.

use portcullis_domain::{code::AddressCode, password::Password};

use super::{EmailOtp, EmailOtpError, TypedCode};
use crate::{code::CodeError, context::RequestContext};

impl EmailOtp {
    /// Sets a new password for the user with the address, and creates a credential account if there is none. The address is
    /// verified thereby. The code stays valid if the policy rejects the password.
    ///
    /// # Errors
    ///
    /// [`EmailOtpError::Code`], after the minimum time, also for an address that no user has. [`EmailOtpError::Password`]
    /// only if the code is right.
    pub async fn reset(
        &self,
        typed: &TypedCode,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), EmailOtpError> {
        let arrival = self.clock.now();
        let reset = self.reset_now(typed, password, context).await;
        if reset.is_err() {
            self.floor.wait(arrival).await;
        }
        reset
    }

    async fn reset_now(
        &self,
        typed: &TypedCode,
        password: &Password,
        context: &RequestContext,
    ) -> Result<(), EmailOtpError> {
        let (key, stored) = self.compare(AddressCode::PasswordReset, typed, context).await?;
        let reset = &self.targets.password_reset;
        let hash = match reset.check(password) {
            Ok(()) => reset.hash(password).await.map_err(EmailOtpError::from),
            Err(rejection) => Err(rejection.into()),
        };
        if hash.is_err() {
            self.codes.restore(&key, &stored, context).await?;
        }
        let hash = hash?;
        let now = self.clock.now();

        let mut unit = self.store.begin();
        let Some(user) = self.targets.sign_in.lock(unit.as_mut(), &typed.email).await? else {
            return Err(self.reject_unknown(unit, (&key, &stored), context).await?.into());
        };
        self.codes.consume(unit.as_mut(), &key, &stored, context).await?;
        let first_proof = self.targets.sign_in.first_proof();
        let proven = first_proof
            .prove_by_message(unit.as_mut(), &user, None, now)
            .await?;
        let user = proven.ok_or(CodeError::Wrong)?;
        reset.replace(unit.as_mut(), &user, hash, (context, now)).await?;
        Ok(reset.commit(unit).await?)
    }
}
