//! Second factors.

use chrono::TimeDelta;
use portcullis_application::{
    code::CodeOptions,
    two_factor::{BackupCodeOptions, MessageCodeOptions, TwoFactorOptions},
};
use portcullis_domain::{
    additional::FieldDefinition,
    two_factor::{self, TotpPolicy},
};

use super::{
    codes::{CODE_STORAGES, code_storage},
    declare::{SECONDS, boolean, choice, lifetime, number, text},
    delivery,
    key::{Declaration, Key, Range},
    settings::Settings,
    tables::Schema,
};

const SECTION: &str = "plugins.two_factor";
const DIGITS: &str = "digits";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.two_factor.enabled",
    "Let users protect their sign-in with a second factor.",
)
.otherwise("`true` if there is a section `[plugins.two_factor]`, even an empty one, but not if it only contains `schema`");
const ISSUER: Key<Option<String>> = text(
    "plugins.two_factor.issuer",
    "Issuer that authenticator apps show.",
)
.otherwise("`app_name`, or `Better Auth` if that is not set, as in Better Auth");
const SKIP_VERIFICATION: Key<bool> = boolean(
    "plugins.two_factor.skip_verification_on_enable",
    "Ask for the second factor from the next sign-in on, even if the user has not entered a code yet.",
)
.or("false");
const CHALLENGE_LIFETIME: Key<TimeDelta> = number(
    "plugins.two_factor.two_factor_cookie_max_age",
    Range::new(1, 86_400, SECONDS),
    "Period in which the user must enter the second factor.",
)
.or("600");
const TRUST_LIFETIME: Key<TimeDelta> = lifetime(
    "plugins.two_factor.trust_device_max_age",
    "Period in which a trusted device needs no second factor, from its last sign-in.",
)
.or("2592000");
const TOTP_DISABLE: Key<bool> = boolean(
    "plugins.two_factor.totp_options.disable",
    "Reject codes of authenticator apps. `/two-factor/enable` still returns a URI for them; users confirm the enrolment by \
     a code that is sent by message, so messages must be enabled.",
)
.or("false");
const TOTP_DIGITS: Key<u8> = number(
    "plugins.two_factor.totp_options.digits",
    Range::new(6, 8, DIGITS).in_steps_of(2),
    "Digits of a code of an authenticator app. After a change, users must enrol again.",
)
.or("6");
const TOTP_PERIOD: Key<u32> = number(
    "plugins.two_factor.totp_options.period",
    Range::new(10, 600, SECONDS),
    "Time for which an authenticator app shows a code. After a change, users must enrol again.",
)
.or("30");
const OTP_PERIOD: Key<TimeDelta> = number(
    "plugins.two_factor.otp_options.period",
    Range::new(1, 3600, SECONDS),
    "Lifetime of a code that is sent by message. Better Auth's option is in minutes.",
)
.or("180");
const OTP_DIGITS: Key<u32> = number(
    "plugins.two_factor.otp_options.digits",
    Range::new(4, 12, DIGITS),
    "Digits of a code that is sent by message.",
)
.or("6");
const OTP_ATTEMPTS: Key<u32> = number(
    "plugins.two_factor.otp_options.allowed_attempts",
    Range::new(1, 100, "attempts"),
    "Maximum number of attempts to enter a code that is sent by message. After that, the user must request a new code.",
)
.or("5");
const OTP_STORAGE: Key<String> = choice(
    "plugins.two_factor.otp_options.store_otp",
    CODE_STORAGES,
    "Form in which codes that are sent by message are stored.",
)
.or("plain");
const BACKUP_AMOUNT: Key<usize> = number(
    "plugins.two_factor.backup_code_options.amount",
    Range::new(1, 100, "codes"),
    "Number of backup codes of a user.",
)
.or("10");
const BACKUP_LENGTH: Key<usize> = number(
    "plugins.two_factor.backup_code_options.length",
    Range::new(8, 64, "letters and digits"),
    "Length of a backup code, without its hyphen.",
)
.or("10");
const BACKUP_STORAGE: Key<String> = choice(
    "plugins.two_factor.backup_code_options.store_backup_codes",
    &["encrypted", "plain"],
    "Form in which backup codes are stored.",
)
.or("encrypted");
pub(super) const SCHEMA: Schema = Schema::new(
    "plugins.two_factor.schema",
    &["twoFactor"],
    two_factor::user_fields,
);

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &ISSUER.declaration,
    &SKIP_VERIFICATION.declaration,
    &CHALLENGE_LIFETIME.declaration,
    &TRUST_LIFETIME.declaration,
    &TOTP_DISABLE.declaration,
    &TOTP_DIGITS.declaration,
    &TOTP_PERIOD.declaration,
    &OTP_PERIOD.declaration,
    &OTP_DIGITS.declaration,
    &OTP_ATTEMPTS.declaration,
    &OTP_STORAGE.declaration,
    &BACKUP_AMOUNT.declaration,
    &BACKUP_LENGTH.declaration,
    &BACKUP_STORAGE.declaration,
    &SCHEMA.key.declaration,
];

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

/// Returns the field that the plugin adds to users, if it is enabled.
pub(super) fn user_fields(settings: &Settings) -> Vec<FieldDefinition> {
    if is_on(settings) {
        two_factor::user_fields()
    } else {
        Vec::new()
    }
}

/// Returns the options of second factors, or `None` if they are disabled.
pub(super) fn read(settings: &Settings, is_sending: bool) -> Option<TwoFactorOptions> {
    let options = TwoFactorOptions {
        issuer: settings
            .get(&ISSUER)
            .unwrap_or_else(|| delivery::shown_app_name(settings)),
        totp: (!settings.get(&TOTP_DISABLE)).then(|| totp(settings)),
        message_codes: message_codes(settings, is_sending),
        backup_codes: BackupCodeOptions {
            amount: settings.get(&BACKUP_AMOUNT),
            length: settings.get(&BACKUP_LENGTH),
            is_encrypted: settings.get(&BACKUP_STORAGE) == "encrypted",
        },
        skips_verification: settings.get(&SKIP_VERIFICATION),
        challenge_lifetime: settings.get(&CHALLENGE_LIFETIME),
        trust_lifetime: settings.get(&TRUST_LIFETIME),
    };
    is_on(settings).then_some(options)
}

fn totp(settings: &Settings) -> TotpPolicy {
    TotpPolicy {
        digits: settings.get(&TOTP_DIGITS),
        period: settings.get(&TOTP_PERIOD),
    }
}

fn message_codes(settings: &Settings, is_sending: bool) -> MessageCodeOptions {
    MessageCodeOptions {
        is_sending,
        codes: CodeOptions {
            lifetime: settings.get(&OTP_PERIOD),
            digits: settings.get(&OTP_DIGITS),
            allowed_attempts: settings.get(&OTP_ATTEMPTS),
            storage: code_storage(&settings.get(&OTP_STORAGE)),
        },
    }
}
