//! Enrolment of a second factor.

use portcullis_domain::{
    password::Password,
    secret::Secret,
    two_factor::{self, SECRET_LENGTH, TotpPolicy, TwoFactor},
    verification::RevokingEvent,
};

use super::{Enrolled, Enrolment};
use crate::{
    client_token::SessionEffect,
    context::RequestContext,
    ports::{RandomExt, SealPurpose},
    session::StrictCaller,
    two_factor::TwoFactorError,
};

/// How codes are computed if codes of authenticator apps are disabled: an enrolment still gets a secret, as in Better
/// Auth.
const DEFAULT_TOTP: TotpPolicy = TotpPolicy {
    digits: 6,
    period: 30,
};

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
}
