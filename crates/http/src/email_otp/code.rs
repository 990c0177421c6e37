//! Error codes of one-time codes by mail.

use portcullis_application::{code::CodeError, email_otp::EmailOtpError};

pub(super) use crate::code::{
    INVALID_EMAIL, PASSWORD_COMPROMISED, PASSWORD_TOO_LONG, PASSWORD_TOO_SHORT, TOO_MANY_REQUESTS,
};
use crate::{code::Code, error::ApiError};

pub(super) const INVALID_OTP: Code = Code::new(400, "INVALID_OTP", "Invalid OTP");
pub(super) const OTP_EXPIRED: Code = Code::new(400, "OTP_EXPIRED", "OTP expired");
pub(super) const TOO_MANY_ATTEMPTS: Code = Code::new(403, "TOO_MANY_ATTEMPTS", "Too many attempts");
/// wire: the message of Better Auth without a function that sends codes.
pub(super) const MESSAGES_DISABLED: Code = Code::new(
    400,
    "SEND_EMAIL_VERIFICATION_IS_NOT_IMPLEMENTED",
    "send email verification is not implemented",
);
pub(super) const FAILED_TO_CREATE_USER: Code =
    Code::new(422, "FAILED_TO_CREATE_USER", "Failed to create user");

pub(crate) const CODES: &[&Code] = &[
    &INVALID_OTP,
    &OTP_EXPIRED,
    &TOO_MANY_ATTEMPTS,
    &MESSAGES_DISABLED,
    &FAILED_TO_CREATE_USER,
];

impl From<EmailOtpError> for ApiError {
    fn from(error: EmailOtpError) -> Self {
        match error {
            EmailOtpError::MessagesDisabled => (&MESSAGES_DISABLED).into(),
            // A code that was never sent gets the error of a wrong code: the error must not reveal which addresses have
            // users.
            EmailOtpError::Code(CodeError::Missing | CodeError::Wrong) => (&INVALID_OTP).into(),
            EmailOtpError::Code(CodeError::Expired) => (&OTP_EXPIRED).into(),
            EmailOtpError::Code(CodeError::TooManyForCode) => (&TOO_MANY_ATTEMPTS).into(),
            EmailOtpError::Code(CodeError::TooManyForRecipient(denied)) => Self::too_many_requests(denied),
            EmailOtpError::Code(CodeError::Failure(failure)) | EmailOtpError::Failure(failure) => {
                failure.into()
            }
            EmailOtpError::Password(rejection) => rejection.into(),
            EmailOtpError::UnableToCreateUser => (&FAILED_TO_CREATE_USER).into(),
            EmailOtpError::Refused(refusal) | EmailOtpError::PasswordRefused(refusal) => refusal.into(),
        }
    }
}
