use chrono::DateTime;
use portcullis_domain::{
    code::PhoneCode,
    destination::PhoneNumber,
    email::EmailAddress,
    id::{SessionId, UserId, VerificationId},
    secret::Secret,
};

use super::*;

fn secret(text: &str) -> OneTimeToken {
    OneTimeToken::new(text)
}

#[test]
fn identifiers_have_our_format_or_better_auths() {
    let hash = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
    let link = |purpose: Purpose| format!("{}:{hash}", purpose.name());
    assert_eq!(hash.len(), HASH_LENGTH);
    for purpose in Purpose::ALL {
        let (text, shared) = match purpose {
            Purpose::PasswordReset => ("abc", "reset-password:abc".to_owned()),
            Purpose::AccountDeletion => ("abc", "delete-account-abc".to_owned()),
            Purpose::TwoFactorChallenge => ("2fa-abc", "2fa-abc".to_owned()),
            Purpose::TrustedDevice => ("trust-device-abc", "trust-device-abc".to_owned()),
            Purpose::EmailVerification
            | Purpose::EmailChangeConfirmation
            | Purpose::EmailChangeVerification
            | Purpose::AuthorizationState
            | Purpose::TokenRefresh => ("abc", link(purpose)),
        };
        let token = secret(text);
        let own = hashed(purpose.name(), &token);
        assert!(text != "abc" || own == link(purpose));
        assert_eq!(written(purpose, &token, false), own);
        assert_eq!(written(purpose, &token, true), shared);
        assert_eq!(read(purpose, &token, false), std::slice::from_ref(&own));
        let read = read(purpose, &token, true);
        assert!(read.contains(&own) && read.contains(&shared));
        let claimed = claimed(purpose, &token);
        assert_eq!(claimed, hashed(&format!("{}-claimed", purpose.name()), &token));
    }
}

#[test]
fn payload_tokens_have_our_format_or_better_auths() {
    let text = "aZ09-_aZ09-_aZ09-_aZ09-_aZ09-_aZ";
    let hash = hash(&secret(text));
    let token = |purpose, form, text: &str| PayloadToken {
        id: VerificationId::new("V"),
        purpose,
        secret: secret(text),
        form,
        payload: Secret::new("{}".to_owned()),
        expires_at: DateTime::default(),
        created_at: DateTime::default(),
    };
    for (purpose, prefix) in [
        (PayloadPurpose::MagicLink, ""),
        (PayloadPurpose::SessionHandOver, "one-time-token:"),
        (PayloadPurpose::PasskeyChallenge, ""),
    ] {
        let own = format!("{}:{hash}", purpose.name());
        let (plain, hashed) = (format!("{prefix}{text}"), format!("{prefix}{hash}"));
        for (form, shared) in [(TokenForm::Plain, &plain), (TokenForm::Hashed, &hashed)] {
            assert_eq!(payload_written(&token(purpose, form, text), true), *shared);
            assert_eq!(payload_written(&token(purpose, form, text), false), own);
        }
        assert_eq!(
            payload_read(purpose, &secret(text), false),
            std::slice::from_ref(&own)
        );
        assert_eq!(payload_read(purpose, &secret(text), true), [own, plain, hashed]);
        // A hash, which a reader of the table sees, and the identifier of another row.
        for foreign in [hash.as_str(), "reset-password:abcdefghijklmnopq", "abc"] {
            assert_eq!(
                payload_read(purpose, &secret(foreign), true).len(),
                1,
                "{foreign}"
            );
        }
    }
}

/// Better Auth's random texts contain these characters.
#[test]
fn tokens_with_dashes_and_underscores_may_be_better_auths() {
    for (purpose, text, identifier) in [
        (
            Purpose::TwoFactorChallenge,
            "2fa-dn7_7iUW-qkepKrvl72l",
            "2fa-dn7_7iUW-qkepKrvl72l",
        ),
        (Purpose::TrustedDevice, "trust-device--_a", "trust-device--_a"),
    ] {
        let read = read(purpose, &secret(text), true);
        assert!(read.contains(&identifier.to_owned()), "{read:?}");
    }
}

#[test]
fn codes_have_our_format_or_better_auths() {
    let challenge = secret("2fa-abc");
    let foreign = secret("abc");
    let session = CodeKey::TwoFactorSession(UserId::new("U"), SessionId::new("S"));
    for (key, own, shared) in [
        (
            CodeKey::TwoFactorChallenge(challenge.clone()),
            hashed("two-factor-code", &challenge),
            "2fa-otp-2fa-abc".to_owned(),
        ),
        (
            CodeKey::TwoFactorChallenge(foreign.clone()),
            hashed("two-factor-code", &foreign),
            hashed("two-factor-code", &foreign),
        ),
        (
            session,
            "two-factor-code:U!S".to_owned(),
            "2fa-otp-U!S".to_owned(),
        ),
    ] {
        assert_eq!(code_written(&key, false), own);
        assert_eq!(code_written(&key, true), shared);
        assert_eq!(code_read(&key, false), std::slice::from_ref(&own));
        let read = code_read(&key, true);
        assert!(read.contains(&own) && read.contains(&shared), "{read:?}");
    }
    let hostile = CodeKey::TwoFactorSession(UserId::new("\0"), SessionId::new("S"));
    assert_eq!(code_read(&hostile, true), [""; 0]);
}

#[test]
fn codes_of_addresses_and_numbers_have_our_format_or_better_auths() {
    let email = EmailAddress::from_stored("ada@example.com");
    for code in AddressCode::ALL {
        let key = CodeKey::Address(code, email.clone());
        let own = hashed_text(code.name(), "ada@example.com");
        let plain = format!("{}ada@example.com", code.better_auth_prefix());
        assert_eq!(code_written(&key, false), own);
        assert_eq!(code_written(&key, true), plain);
        assert_eq!(code_read(&key, true), [own, plain]);
    }
    for (number, is_plain) in [
        ("+491701234567", true),
        ("0170 / 123-45(67)", true),
        ("2fa-otp-abc", false),
        ("+4917012345678901234567890", false),
        ("", true),
    ] {
        for code in [PhoneCode::Verification, PhoneCode::PasswordReset] {
            let key = CodeKey::Phone(code, PhoneNumber::new(number));
            let own = hashed_text(code.name(), number);
            assert_eq!(code_written(&key, false), own);
            assert_eq!(code_read(&key, true).len(), 1 + usize::from(is_plain), "{number}");
        }
    }
}

#[test]
fn states_have_our_format_or_better_auths() {
    let state = secret("aZ09-_aZ09-_aZ09-_aZ09-_aZ09-_aZ");
    let own = own_state(&state);
    assert_eq!(state_written(&state, false), own);
    assert_eq!(state_written(&state, true), *state.expose());
    assert_eq!(state_read(&state, false), std::slice::from_ref(&own));
    assert_eq!(state_read(&state, true), [own, state.expose().clone()]);
}

#[test]
fn a_text_that_may_name_another_row_is_never_a_plain_state() {
    let hash = hashed("", &secret("abc"));
    for text in [
        "",
        "a",
        "2fa-otp-2fa-abcdefghijklmnopqrst",
        "2fa-abcdefghijklmnopqrstuvwxyzab",
        "trust-device-abcdefghijklmnopqrs",
        "delete-account-abcdefghijklmnopq",
        "reset-password:abcdefghijklmnopq",
        "oauth-state:abcdefghijklmnopqrst",
        "abcdefghijklmnopqrstuvwxyz01234\0",
        "abcdefghijklmnopqrstuvwxyz0123 4",
        "abcdefghijklmnopqrstuvwxyz0123\u{e9}",
        "abcdefghijklmnopqrstuvwxyz0123456",
        hash.trim_start_matches(':'),
    ] {
        let own = own_state(&secret(text));
        assert_eq!(state_written(&secret(text), true), own, "{text}");
        assert_eq!(state_read(&secret(text), true), [own], "{text}");
    }
}

#[test]
fn a_state_and_a_token_of_another_purpose_never_have_the_same_identifier() {
    let state = secret("abcdefghijklmnopqrstuvwxyz012345");
    let identifiers = state_read(&state, true);
    let is_other = |purpose: &Purpose| *purpose != Purpose::AuthorizationState;
    for purpose in Purpose::ALL.into_iter().filter(is_other) {
        for text in [
            state.expose(),
            &identifiers[0],
            &format!("{}{}", purpose.token_prefix(), state.expose()),
        ] {
            let tokens = read(purpose, &secret(text), true);
            assert!(
                !tokens.iter().any(|token| identifiers.contains(token)),
                "{tokens:?}"
            );
        }
    }
    let codes = code_read(&CodeKey::TwoFactorChallenge(state), true);
    assert!(!codes.iter().any(|code| identifiers.contains(code)), "{codes:?}");
}

#[test]
fn a_hash_is_not_accepted_as_a_plain_token() {
    let hash = hashed("", &secret("abc"));
    for text in [
        hash.trim_start_matches(':'),
        &"a".repeat(HASH_LENGTH),
        "a!b",
        "a:b",
        "a\0",
    ] {
        assert_eq!(
            read(Purpose::PasswordReset, &secret(text), true).len(),
            1,
            "{text}"
        );
        let challenge = secret(&format!("2fa-{text}"));
        assert_eq!(read(Purpose::TwoFactorChallenge, &challenge, true).len(), 1);
    }
    // An identifier of another kind of row.
    for text in ["abc", "2fa-otp-abc", "2fa-otp-2fa-abc", "reset-password:abc"] {
        assert_eq!(read(Purpose::TwoFactorChallenge, &secret(text), true).len(), 1);
    }
}
