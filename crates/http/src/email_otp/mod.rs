//! One-time codes that are sent to the user's address.

mod code;
mod password;
mod sending;
mod verification;

pub(crate) use self::{
    code::CODES, password::ROUTES as PASSWORD, sending::ROUTES as SENDING,
    verification::ROUTES as VERIFICATION,
};

use chrono::TimeDelta;
use portcullis_application::email_otp::TypedCode;
use portcullis_domain::{code::AddressCode, email::EmailAddress, rate_limit::Rule};

use crate::extract::body::body;

/// wire: the rule of Better Auth's plugin.
const LIMIT: Rule = Rule {
    window: TimeDelta::seconds(60),
    max: 3,
};

body! {
    enum CodeFor {
        EmailVerification = "email-verification",
        SignIn = "sign-in",
        ForgetPassword = "forget-password",
    }
}

impl From<CodeFor> for AddressCode {
    fn from(code: CodeFor) -> Self {
        match code {
            CodeFor::EmailVerification => Self::EmailVerification,
            CodeFor::SignIn => Self::SignIn,
            CodeFor::ForgetPassword => Self::PasswordReset,
        }
    }
}

/// Returns the typed code, or `None` if the text is no address.
fn typed(email: &str, code: String) -> Option<TypedCode> {
    let email = EmailAddress::parse(email).ok()?;
    Some(TypedCode { email, code })
}
