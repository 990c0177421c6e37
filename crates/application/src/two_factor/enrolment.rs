//! Enabling and disabling the second factor of a user.

use std::sync::Arc;

use portcullis_domain::{
    password::Password,
    secret::Secret,
    two_factor::{self, BackupCodes, SECRET_LENGTH, TotpPolicy, TwoFactor},
    verification::RevokingEvent,
};

use super::{
    TwoFactorError, TwoFactorOptions,
    backup_code::BackupCodeService,
    finish::{Finish, Verified},
    subject::Subjects,
    tokens::TRUSTED_DEVICE,
};
use crate::{
    client_token::{ClientEffects, SessionEffect, TokenEffect},
    context::RequestContext,
    credential::Credentials,
    ports::{Cipher, Random, RandomExt, SealPurpose, TwoFactorCodes, UnitOfWork},
    session::StrictCaller,
};

/// How codes are computed if codes of authenticator apps are disabled: an enrolment still gets a secret, as in Better
/// Auth.
const DEFAULT_TOTP: TotpPolicy = TotpPolicy {
    digits: 6,
    period: 30,
};

/// A new second factor, which the user sees once.
#[derive(Debug)]
pub struct Enrolled {
    /// The URI by which an authenticator app learns the secret.
    pub uri: Secret<String>,
    /// The backup codes.
    pub backup_codes: BackupCodes,
    /// The changes to the data that the client stores.
    pub effects: ClientEffects,
}

/// Enables and disables second factors.
pub struct Enrolment {
    pub(super) subjects: Arc<Subjects>,
    pub(super) finish: Arc<Finish>,
    pub(super) credentials: Arc<Credentials>,
    pub(super) backup_codes: Arc<BackupCodeService>,
    pub(super) random: Arc<dyn Random>,
    pub(super) cipher: Arc<dyn Cipher>,
    pub(super) codes: Arc<dyn TwoFactorCodes>,
    pub(super) options: TwoFactorOptions,
}

impl Enrolment {
    /// Gives the caller a new secret and new backup codes. Sign-in asks for them once the caller has verified a code, or
    /// at once if the deployment skips the verification. If sign-in asks the caller for a second factor already, the new
    /// one replaces it at once, and the caller's trusted devices end: they may have been stolen with the old one.
    ///
    /// # Errors
    ///
    /// [`TwoFactorError::Password`] for a wrong password.
    pub async fn enable(
        &self,
        by: &StrictCaller,
        password: &Password,
        issuer: Option<&str>,
        (is_remembered, context): (bool, &RequestContext),
    ) -> Result<Enrolled, TwoFactorError> {
        self.credentials.prove(by, password, context).await?;
        let secret = Secret::new(self.random.text(SECRET_LENGTH));
        let backup_codes = self.backup_codes.new_codes();
        let forms = &self.backup_codes.forms;
        let two_factor = TwoFactor {
            id: self.random.id(),
            secret: Secret::new(self.cipher.seal(SealPurpose::TwoFactor, secret.expose()).0),
            backup_codes: forms.store(self.options.backup_codes, &backup_codes),
            user_id: by.user().id.clone(),
        };

        let mut unit = self.begin(by).await?;
        if two_factor::is_enabled(by.user()) {
            unit.verifications()
                .revoke(RevokingEvent::SecondFactorChanged, &by.user().id)
                .await?;
        }
        unit.two_factors().replace(&two_factor).await?;
        let effects = if self.options.skips_verification {
            let now = self.subjects.clock.now();
            unit.two_factors().set_enabled(&by.user().id, true, now).await?;
            let enabled = self
                .finish
                .replace_session(unit.as_mut(), by, (is_remembered, context), now)
                .await?;
            enabled.effects
        } else {
            SessionEffect::Unchanged.into()
        };
        unit.commit().await?;

        let issuer = issuer.filter(|issuer| !issuer.is_empty());
        let issuer = issuer.unwrap_or(&self.options.issuer);
        let policy = self.options.totp.unwrap_or(DEFAULT_TOTP);
        Ok(Enrolled {
            uri: self.codes.uri(&secret, policy, issuer, by.user().email.as_str()),
            backup_codes,
            effects,
        })
    }

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

    async fn begin(&self, by: &StrictCaller) -> Result<Box<dyn UnitOfWork>, TwoFactorError> {
        let unit = by.begin(self.subjects.store.as_ref()).await?;
        unit.ok_or(TwoFactorError::SessionEnded)
    }
}
