use super::*;

const SIX_DIGITS: TotpPolicy = TotpPolicy {
    digits: 6,
    period: 30,
};
const EIGHT_DIGITS: TotpPolicy = TotpPolicy {
    digits: 8,
    period: 30,
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn key() -> Secret<String> {
    Secret::new("12345678901234567890".to_owned())
}

/// RFC 6238, appendix B, SHA-1.
#[test]
fn codes_are_those_of_the_rfc() {
    for (seconds, code) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        let step = SecondFactorCodes.matching_step(&key(), EIGHT_DIGITS, code, at(seconds));
        assert_eq!(step, Some(u64::try_from(seconds).unwrap() / 30), "{code}");
        let six = SecondFactorCodes.matching_step(&key(), SIX_DIGITS, &code[2..], at(seconds));
        assert_eq!(six, step, "{code}");
    }
}

#[test]
fn a_code_is_accepted_one_step_before_and_one_step_after_its_own() {
    let step = 1_111_111_109 / 30;
    let matching = |offset: i64| {
        SecondFactorCodes.matching_step(&key(), EIGHT_DIGITS, "07081804", at((step + offset) * 30))
    };
    for offset in [-1, 0, 1] {
        assert_eq!(matching(offset), u64::try_from(step).ok());
    }
    assert_eq!(matching(-2), None);
    assert_eq!(matching(2), None);
}

#[test]
fn text_that_is_no_code_matches_no_step() {
    for text in [
        "",
        "9428708",
        "942870820",
        "9428708x",
        "９４２８７０８２",
        "-4287082",
        " 94287082",
    ] {
        assert_eq!(
            SecondFactorCodes.matching_step(&key(), EIGHT_DIGITS, text, at(59)),
            None,
            "{text}"
        );
    }
}

/// A secret as Better Auth makes them.
fn secret() -> Secret<String> {
    Secret::new("abcdefghijklmnopqrstuvwxyz-_0189".to_owned())
}

/// Made by `createOTP` of better-auth 1.4.22 at the start of 2026: the secret's text is the key.
#[test]
fn codes_are_those_of_better_auth() {
    for (digits, period, code) in [
        (6, 30, "328065"),
        (6, 60, "636408"),
        (8, 30, "71328065"),
        (8, 60, "61636408"),
    ] {
        let policy = TotpPolicy { digits, period };
        let step = SecondFactorCodes.matching_step(&secret(), policy, code, at(1_767_225_600));
        assert_eq!(step, Some(1_767_225_600 / u64::from(period)), "{code}");
    }
}

/// Made by `createOTP` of better-auth 1.4.22.
#[test]
fn the_uri_has_better_auths_form() {
    let uri = |policy, issuer, account| {
        let uri = SecondFactorCodes.uri(&secret(), policy, issuer, account);
        uri.expose().clone()
    };
    assert_eq!(
        uri(SIX_DIGITS, "My App & Co", "a+b@example.com"),
        "otpauth://totp/My%20App%20%26%20Co:a%2Bb%40example.com\
         ?secret=MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIWV6MBRHA4Q&issuer=My+App+%26+Co&digits=6&period=30"
    );
    let other = TotpPolicy {
        digits: 8,
        period: 60,
    };
    assert_eq!(
        uri(other, "a:b/c?d#e f!'()*~", "ada@example.com"),
        "otpauth://totp/a%3Ab%2Fc%3Fd%23e%20f!'()*~:ada%40example.com\
         ?secret=MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZPIWV6MBRHA4Q\
         &issuer=a%3Ab%2Fc%3Fd%23e+f%21%27%28%29*%7E&digits=8&period=60"
    );
}
