//! Phone numbers.

use chrono::TimeDelta;
use portcullis_application::{
    code::{CodeOptions, CodeStorage},
    message::MessageOptions,
    phone_number::{NumberFormat, PhoneNumberOptions},
};
use portcullis_domain::{
    additional::FieldDefinition,
    destination::PhoneNumber,
    phone_number::{self, PLACEHOLDER, TemporaryIdentity},
};

use super::{
    declare::{SECONDS, boolean, choice, number, text},
    key::{Declaration, Key, Range},
    settings::Settings,
    tables::Schema,
};

const SECTION: &str = "plugins.phone_number";
const SIGN_UP_SECTION: &str = "plugins.phone_number.sign_up_on_verification";
/// A number that templates are tried with.
const SAMPLE: &str = "+4915112345678";

const ENABLED: Key<Option<bool>> = boolean(
    "plugins.phone_number.enabled",
    "Let users prove a phone number by a code, and sign in with it.",
)
.otherwise("`true` if there is a section `[plugins.phone_number]`, even an empty one, but not if it only contains `schema`");
const OTP_LENGTH: Key<u32> = number(
    "plugins.phone_number.otp_length",
    Range::new(4, 12, "digits"),
    "Digits of a code that is sent to a phone.",
)
.or("6");
const EXPIRES_IN: Key<TimeDelta> = number(
    "plugins.phone_number.expires_in",
    Range::new(1, 3600, SECONDS),
    "Lifetime of a code that is sent to a phone.",
)
.or("300");
const ALLOWED_ATTEMPTS: Key<u32> = number(
    "plugins.phone_number.allowed_attempts",
    Range::new(1, 100, "attempts"),
    "Maximum number of attempts to enter a code. After that, the user must request a new code.",
)
.or("3");
const FORMAT: Key<String> = choice(
    "plugins.phone_number.format",
    &["any", "e164"],
    "Phone numbers that are accepted: any text, or numbers such as `+4915112345678` (E.164). Use `e164` if all your users have such numbers: with `any`, `+49 151` and `+49151` are two numbers.",
)
.or("any");
const AT_SIGN_UP: Key<bool> = boolean(
    "plugins.phone_number.accept_at_sign_up",
    "Accept a `phoneNumber` at sign-up, without proof. A user who proves the number takes it over. If `false`, numbers are set only by a code, and sign-up does not reveal whether a number is taken.",
)
.or("true");
const REQUIRE_VERIFICATION: Key<bool> = boolean(
    "plugins.phone_number.require_verification",
    "Reject sign-in with a phone number and a password until the number is proven, and send a code if the password is right.",
)
.or("false");
const TEMP_EMAIL: Key<Option<String>> = text(
    "plugins.phone_number.sign_up_on_verification.temp_email",
    "Create a user if an unknown number is proven, with this e-mail address, in which `{phone_number}` is replaced. Use a domain of yours that receives no mail: `{phone_number}@phone.example.com`.",
)
.otherwise("not set: only existing users can prove a number");
const TEMP_NAME: Key<String> = text(
    "plugins.phone_number.sign_up_on_verification.temp_name",
    "Name of users who sign up by proving a number; `{phone_number}` is replaced.",
)
.or(PLACEHOLDER);
pub(super) const SCHEMA: Schema = Schema::new("plugins.phone_number.schema", &[], phone_number::user_fields);

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &OTP_LENGTH.declaration,
    &EXPIRES_IN.declaration,
    &ALLOWED_ATTEMPTS.declaration,
    &FORMAT.declaration,
    &AT_SIGN_UP.declaration,
    &REQUIRE_VERIFICATION.declaration,
    &TEMP_EMAIL.declaration,
    &TEMP_NAME.declaration,
    &SCHEMA.key.declaration,
];

fn is_on(settings: &Settings) -> bool {
    settings.enables(&ENABLED, SECTION)
}

/// Returns the fields that the plugin adds to users, if it is enabled.
pub(super) fn user_fields(settings: &Settings) -> Vec<FieldDefinition> {
    if is_on(settings) {
        phone_number::user_fields()
    } else {
        Vec::new()
    }
}

/// Returns the options of phone numbers, or `None` if they are disabled.
pub(super) fn read(
    settings: &mut Settings,
    messages: &MessageOptions,
    revokes_sessions: bool,
) -> Option<PhoneNumberOptions> {
    let options = PhoneNumberOptions {
        codes: CodeOptions {
            lifetime: settings.get(&EXPIRES_IN),
            digits: settings.get(&OTP_LENGTH),
            allowed_attempts: settings.get(&ALLOWED_ATTEMPTS),
            storage: CodeStorage::Plain,
        },
        known_for: messages
            .limits
            .as_ref()
            .map_or_else(TimeDelta::zero, |limits| limits.known_for),
        format: match settings.get(&FORMAT).as_str() {
            "e164" => NumberFormat::E164,
            _ => NumberFormat::Any,
        },
        accepts_at_sign_up: settings.get(&AT_SIGN_UP),
        requires_verification: settings.get(&REQUIRE_VERIFICATION),
        sign_up: sign_up(settings),
        revokes_sessions,
        messages: messages.clone(),
    };
    if !is_on(settings) {
        return None;
    }
    if !messages.is_sending_to_phones {
        settings.warn(
            &ENABLED,
            "no messages are sent to phones, so users can prove no number: set `delivery.webhook.url`, and `delivery.transport` to \"webhook\" or \"smtp\"",
        );
    }
    Some(options)
}

fn sign_up(settings: &mut Settings) -> Option<TemporaryIdentity> {
    let name = settings.get(&TEMP_NAME);
    let Some(email) = settings.get(&TEMP_EMAIL) else {
        refuse_without_email(settings);
        return None;
    };
    let identity = TemporaryIdentity { email, name };
    let is_usable =
        identity.email.contains(PLACEHOLDER) && identity.email(&PhoneNumber::new(SAMPLE)).is_some();
    if !is_usable {
        settings.refuse(
            &TEMP_EMAIL,
            format!("`{TEMP_EMAIL}` must be an e-mail address that contains `{PLACEHOLDER}`, such as `{PLACEHOLDER}@phone.example.com`"),
        );
    }
    Some(identity)
}

/// Refuses a section without the key by which it has an effect.
fn refuse_without_email(settings: &mut Settings) {
    if settings.is_unreadable(&TEMP_EMAIL) {
        return;
    }
    if settings.is_given(&TEMP_NAME) {
        let text = format!("`{TEMP_NAME}` has no effect without `{TEMP_EMAIL}`");
        settings.refuse(&TEMP_NAME, text);
    } else if settings.has_section(SIGN_UP_SECTION) {
        let text = format!(
            "`{SIGN_UP_SECTION}` has no effect without `{TEMP_EMAIL}`: set it, or remove the section"
        );
        settings.refuse(&TEMP_EMAIL, text);
    }
}

#[cfg(test)]
mod tests {
    use crate::config::tests::{load, refused};

    #[test]
    fn a_section_for_sign_up_without_an_address_is_refused() {
        const ADVICE: &str =
            "has no effect without `plugins.phone_number.sign_up_on_verification.temp_email`";
        for file in [
            "[plugins.phone_number.sign_up_on_verification]",
            "[plugins.phone_number]\nsign_up_on_verification = {}",
            "[plugins.phone_number.sign_up_on_verification]\ntemp_name = \"User\"",
        ] {
            let problems = refused(file, &[]);
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains(ADVICE), "{problems:?}");
        }
        let file = "[plugins.phone_number.sign_up_on_verification]\ntemp_email = \"{phone_number}@phone.example.com\"";
        assert!(
            load(file, &[])
                .phone_number
                .is_some_and(|options| options.sign_up.is_some())
        );
    }
}
