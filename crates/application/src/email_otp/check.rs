//! Checks of codes that stay valid.

use portcullis_domain::code::AddressCode;

use super::{EmailOtp, EmailOtpError, TypedCode};
use crate::{code::CodeError, context::RequestContext};

impl EmailOtp {
    /// Checks a code without consuming it. A right guess is not counted.
    ///
    /// # Errors
    ///
    /// [`EmailOtpError::Code`], after the minimum time. The code of an address that no user has is wrong.
    pub async fn check(
        &self,
        kind: AddressCode,
        typed: &TypedCode,
        context: &RequestContext,
    ) -> Result<(), EmailOtpError> {
        let arrival = self.clock.now();
        let checked = self.check_now(kind, typed, context).await;
        if checked.is_err() {
            self.floor.wait(arrival).await;
        }
        checked
    }

    async fn check_now(
        &self,
        kind: AddressCode,
        typed: &TypedCode,
        context: &RequestContext,
    ) -> Result<(), EmailOtpError> {
        let (key, stored) = self.compare(kind, typed, context).await?;
        self.codes.restore(&key, &stored, context).await?;
        let mut db = self.store.autocommit();
        match db.users().find_by_email(&typed.email).await? {
            Some(_) => Ok(()),
            None => Err(CodeError::Wrong.into()),
        }
    }
}
