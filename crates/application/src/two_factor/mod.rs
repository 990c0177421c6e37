//! Second factors: enrolment, the second step of sign-ins, trusted devices.

mod attempts;
mod backup_code;
mod enrolment;
mod error;
mod finish;
mod message_code;
mod options;
mod second_step;
mod storage;
mod subject;
mod tokens;
mod totp;
mod unproven_credential;

use std::sync::Arc;

use self::{attempts::Attempts, finish::Finish, storage::BackupForms, subject::Subjects, tokens::Tokens};
pub use self::{
    backup_code::{BackupCodeService, BackupCodeUse},
    enrolment::{Enrolled, Enrolment},
    error::TwoFactorError,
    finish::{Presented, Verified},
    message_code::MessageCodes,
    options::{BackupCodeOptions, MessageCodeOptions, TwoFactorOptions},
    second_step::TwoFactorStep,
    tokens::{CHALLENGE, TRUSTED_DEVICE},
    totp::TotpCodes,
    unproven_credential::UnprovenSecondFactor,
};
use crate::{
    credential::Credentials, message::MessageOptions, ports::Ports, sign_in::completion::SignInCompletion,
};

/// The use cases of second factors.
pub struct TwoFactor {
    /// Enables and disables second factors.
    pub enrolment: Enrolment,
    /// Checks codes of authenticator apps.
    pub totp: TotpCodes,
    /// Sends codes by message, and checks them.
    pub message_codes: MessageCodes,
    /// Checks and issues backup codes.
    pub backup_codes: Arc<BackupCodeService>,
}

impl TwoFactor {
    /// Creates the use cases by these options.
    #[must_use]
    pub fn new(
        ports: &Ports,
        completion: &Arc<SignInCompletion>,
        credentials: &Arc<Credentials>,
        (options, messages): (TwoFactorOptions, MessageOptions),
    ) -> Self {
        let subjects = Arc::new(Subjects::new(ports));
        let attempts = Arc::new(Attempts::new(ports));
        let finish = Arc::new(Finish {
            completion: Arc::clone(completion),
            credentials: Arc::clone(credentials),
            tokens: Tokens::new(ports, options.challenge_lifetime, options.trust_lifetime),
        });
        let forms = BackupForms {
            cipher: Arc::clone(&ports.cipher),
        };
        let backup_codes = Arc::new(BackupCodeService {
            subjects: Arc::clone(&subjects),
            attempts: Arc::clone(&attempts),
            finish: Arc::clone(&finish),
            credentials: Arc::clone(credentials),
            random: Arc::clone(&ports.random),
            forms,
            options: options.backup_codes,
        });
        let totp = TotpCodes {
            subjects: Arc::clone(&subjects),
            attempts: Arc::clone(&attempts),
            finish: Arc::clone(&finish),
            credentials: Arc::clone(credentials),
            cipher: Arc::clone(&ports.cipher),
            codes: Arc::clone(&ports.two_factor_codes),
            policy: options.totp,
            issuer: options.issuer.clone(),
        };
        let message_codes = MessageCodes::new(
            ports,
            (Arc::clone(&subjects), attempts, Arc::clone(&finish)),
            (options.message_codes.clone(), messages),
        );
        let enrolment = Enrolment {
            subjects,
            finish,
            credentials: Arc::clone(credentials),
            backup_codes: Arc::clone(&backup_codes),
            random: Arc::clone(&ports.random),
            cipher: Arc::clone(&ports.cipher),
            codes: Arc::clone(&ports.two_factor_codes),
            options,
        };
        Self {
            enrolment,
            totp,
            message_codes,
            backup_codes,
        }
    }
}

#[cfg(test)]
mod tests;
