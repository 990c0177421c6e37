//! Error codes of phone numbers.

use portcullis_application::{
    code::CodeError,
    phone_number::{PhonePasswordResetError, PhoneSignInError, SendPhoneCodeError, VerifyPhoneNumberError},
    sign_in::SignInError,
};

use crate::{
    code::{self, Code},
    error::ApiError,
    sign_up,
};

pub(super) const INVALID_NUMBER: Code = Code::new(400, "INVALID_PHONE_NUMBER", "Invalid phone number");
pub(super) const INVALID_CREDENTIALS: Code = Code::new(
    401,
    "INVALID_PHONE_NUMBER_OR_PASSWORD",
    "Invalid phone number or password",
);
pub(super) const NOT_VERIFIED: Code =
    Code::new(401, "PHONE_NUMBER_NOT_VERIFIED", "Phone number not verified");
pub(super) const SENDING_DISABLED: Code =
    Code::new(501, "SENDOTP_NOT_IMPLEMENTED", "sendOTP not implemented");
pub(super) const CODE_NOT_FOUND: Code = Code::new(400, "OTP_NOT_FOUND", "OTP not found");
pub(super) const CODE_EXPIRED: Code = Code::new(400, "OTP_EXPIRED", "OTP expired");
pub(super) const INVALID_CODE: Code = Code::new(400, "INVALID_OTP", "Invalid OTP");
pub(super) const TOO_MANY_ATTEMPTS: Code = Code::new(403, "TOO_MANY_ATTEMPTS", "Too many attempts");
/// wire: the request would change the caller's number, but has no session.
pub(super) const NO_SESSION: Code = Code::new(401, "USER_NOT_FOUND", "User not found");
pub(super) const TAKEN: Code = Code::new(400, "PHONE_NUMBER_ALREADY_EXISTS", "Phone number already exists");
/// Better Auth has this code and reports 500 instead.
pub(super) const UNKNOWN_NUMBER: Code = Code::new(
    400,
    "PHONE_NUMBER_ISNT_REGISTERED",
    "phone number isn't registered",
);
pub(super) const CANNOT_BE_UPDATED: Code = Code::new(
    400,
    "PHONE_NUMBER_CANNOT_BE_UPDATED",
    "Phone number cannot be updated",
);
/// wire: no user has proven the number whose password is to be reset.
pub(super) const UNEXPECTED: Code = Code::new(400, "UNEXPECTED_ERROR", "Unexpected error");

pub(crate) const CODES: &[&Code] = &[
    &INVALID_NUMBER,
    &INVALID_CREDENTIALS,
    &NOT_VERIFIED,
    &SENDING_DISABLED,
    &CODE_NOT_FOUND,
    &CODE_EXPIRED,
    &INVALID_CODE,
    &TOO_MANY_ATTEMPTS,
    &NO_SESSION,
    &TAKEN,
    &UNKNOWN_NUMBER,
    &CANNOT_BE_UPDATED,
    &UNEXPECTED,
];

/// Returns the error for a rejected code.
fn of_code(error: CodeError) -> ApiError {
    match error {
        CodeError::Missing => (&CODE_NOT_FOUND).into(),
        CodeError::Expired => (&CODE_EXPIRED).into(),
        CodeError::TooManyForCode => (&TOO_MANY_ATTEMPTS).into(),
        CodeError::TooManyForRecipient(denied) => ApiError::too_many_requests(denied),
        CodeError::Wrong => (&INVALID_CODE).into(),
        CodeError::Failure(failure) => failure.into(),
    }
}

impl From<PhoneSignInError> for ApiError {
    fn from(error: PhoneSignInError) -> Self {
        match error {
            PhoneSignInError::InvalidNumber => (&INVALID_NUMBER).into(),
            PhoneSignInError::NotVerified(_) => (&NOT_VERIFIED).into(),
            PhoneSignInError::SignIn(SignInError::InvalidCredentials) => (&INVALID_CREDENTIALS).into(),
            PhoneSignInError::SignIn(error) => error.into(),
            PhoneSignInError::Failure(failure) => failure.into(),
        }
    }
}

impl From<SendPhoneCodeError> for ApiError {
    fn from(error: SendPhoneCodeError) -> Self {
        match error {
            SendPhoneCodeError::Disabled => (&SENDING_DISABLED).into(),
            SendPhoneCodeError::InvalidNumber => (&INVALID_NUMBER).into(),
            SendPhoneCodeError::Failure(failure) => failure.into(),
        }
    }
}

impl From<VerifyPhoneNumberError> for ApiError {
    fn from(error: VerifyPhoneNumberError) -> Self {
        match error {
            VerifyPhoneNumberError::Code(error) => of_code(error),
            VerifyPhoneNumberError::NoSession => (&NO_SESSION).into(),
            VerifyPhoneNumberError::Taken => (&TAKEN).into(),
            VerifyPhoneNumberError::UnknownNumber => (&UNKNOWN_NUMBER).into(),
            VerifyPhoneNumberError::InvalidNumber => (&INVALID_NUMBER).into(),
            // The handler reports which fields are invalid.
            VerifyPhoneNumberError::InvalidFields => (&code::VALIDATION_ERROR).into(),
            VerifyPhoneNumberError::NotCreated => (&sign_up::NOT_CREATED).into(),
            VerifyPhoneNumberError::Refused(refusal) => refusal.into(),
            VerifyPhoneNumberError::SessionEnded => (&code::UNAUTHORIZED).into(),
            VerifyPhoneNumberError::Failure(failure) => failure.into(),
        }
    }
}

impl From<PhonePasswordResetError> for ApiError {
    fn from(error: PhonePasswordResetError) -> Self {
        match error {
            PhonePasswordResetError::Code(error) => of_code(error),
            PhonePasswordResetError::UnknownNumber => (&UNEXPECTED).into(),
            PhonePasswordResetError::Password(rejection) => rejection.into(),
            PhonePasswordResetError::PasswordRefused(refusal) => refusal.into(),
            PhonePasswordResetError::Failure(failure) => failure.into(),
        }
    }
}
