use serde_json::{Value, json};

use super::*;

fn data(flags: u8, counter: u32) -> AuthenticatorData {
    AuthenticatorData {
        flags: Flags::new(flags),
        counter,
    }
}

fn passkey(counter: i32) -> Passkey {
    Passkey {
        id: PasskeyId::new("p"),
        name: None,
        public_key: "key".to_owned(),
        user_id: UserId::new("u"),
        credential_id: "c".to_owned(),
        counter,
        device_type: "singleDevice".to_owned(),
        is_backed_up: false,
        transports: None,
        created_at: None,
        aaguid: None,
    }
}

#[test]
fn a_signature_counts_only_if_it_is_newer_than_the_last_one() {
    for (stored, presented, is_accepted) in [
        (0, 0, true),
        (0, 1, true),
        (4, 5, true),
        (4, 4, false),
        (4, 3, false),
        (4, 0, false),
        (-1, 0, true),
        (-1, 7, true),
        (i32::MAX, i32::MAX, false),
    ] {
        let checked = passkey(stored).check_counter(presented);
        assert_eq!(checked.is_ok(), is_accepted, "{stored} {presented}");
    }
}

#[test]
fn a_use_has_the_flags_and_a_count_that_can_be_stored() {
    let single = PasskeyUse::of(&data(0b0000_0101, 7)).unwrap();
    assert_eq!(
        (single.counter, single.device_type, single.is_backed_up),
        (7, "singleDevice", false)
    );
    let multi = PasskeyUse::of(&data(0b0001_1101, 0)).unwrap();
    assert_eq!((multi.device_type, multi.is_backed_up), ("multiDevice", true));
    for (flags, counter, rejection) in [
        (0b0001_0001, 1, PasskeyRejection::ContradictoryFlags),
        (0b0000_0001, 1 << 31, PasskeyRejection::Counter),
    ] {
        assert_eq!(PasskeyUse::of(&data(flags, counter)), Err(rejection));
    }
}

#[test]
fn each_flag_has_its_bit() {
    let read = |byte: u8| {
        let flags = Flags::new(byte);
        [
            flags.is_user_present(),
            flags.is_user_verified(),
            flags.is_backup_eligible(),
            flags.is_backed_up(),
            flags.has_credential(),
            flags.has_extensions(),
        ]
    };
    for (index, byte) in [1, 4, 8, 16, 64, 128].into_iter().enumerate() {
        let set = read(byte).iter().position(|flag| *flag);
        assert_eq!((set, read(!byte)[index]), (Some(index), false));
    }
}

#[test]
fn a_model_is_written_as_a_uuid() {
    let mut bytes = [0; 16];
    assert_eq!(Aaguid(bytes).to_string(), "00000000-0000-0000-0000-000000000000");
    bytes[0] = 0xad;
    bytes[15] = 0x0e;
    assert_eq!(Aaguid(bytes).to_string(), "ad000000-0000-0000-0000-00000000000e");
}

fn client_data(value: &Value) -> Result<ClientData, PasskeyRejection> {
    ClientData::parse(value.to_string().as_bytes())
}

#[test]
fn a_browser_must_answer_the_challenge_of_the_ceremony() {
    let sent = json!({ "type": "webauthn.get", "challenge": "abc", "origin": "https://a.test", "crossOrigin": false });
    let read = client_data(&sent).unwrap();
    assert_eq!(read.origin, "https://a.test");
    assert_eq!(read.check(Ceremony::Authentication, "abc"), Ok(()));
    for (ceremony, challenge, rejection) in [
        (Ceremony::Registration, "abc", PasskeyRejection::Ceremony),
        (Ceremony::Authentication, "abcd", PasskeyRejection::Challenge),
        (Ceremony::Authentication, "", PasskeyRejection::Challenge),
    ] {
        assert_eq!(read.check(ceremony, challenge), Err(rejection));
    }
    let other = json!({ "type": "payment.get", "challenge": "abc", "origin": "https://a.test" });
    let other = client_data(&other).unwrap();
    assert_eq!(
        other.check(Ceremony::Authentication, "abc"),
        Err(PasskeyRejection::Ceremony)
    );
}

#[test]
fn client_data_without_its_members_is_rejected() {
    for sent in [
        json!(null),
        json!([]),
        json!({ "type": "webauthn.get", "challenge": "abc" }),
        json!({ "type": "webauthn.get", "origin": "https://a.test" }),
        json!({ "type": "webauthn.get", "challenge": 5, "origin": "https://a.test" }),
    ] {
        assert_eq!(client_data(&sent), Err(PasskeyRejection::Malformed));
    }
    assert_eq!(ClientData::parse(b"{"), Err(PasskeyRejection::Malformed));
    assert_eq!(ClientData::parse(&[0xff]), Err(PasskeyRejection::Malformed));
}

#[test]
fn a_challenge_is_stored_as_by_better_auth() {
    for (user, id) in [(Some("u1"), "u1"), (None, "")] {
        let challenge = PasskeyChallenge {
            challenge: "abc".to_owned(),
            user_id: user.map(UserId::new),
        };
        let text = challenge.to_text();
        assert_eq!(
            text,
            format!(r#"{{"expectedChallenge":"abc","userData":{{"id":"{id}"}}}}"#)
        );
        assert_eq!(PasskeyChallenge::parse(&text), Some(challenge));
    }
}

#[test]
fn the_stored_text_of_another_purpose_is_no_challenge() {
    for text in [
        "",
        "u1",
        "null",
        r#"{"callbackURL":"/","codeVerifier":"x"}"#,
        r#"{"expectedChallenge":"abc"}"#,
        r#"{"expectedChallenge":"abc","userData":{}}"#,
        r#"{"userData":{"id":"u1"}}"#,
        r#"{"expectedChallenge":"abc","userData":{"id":"u1"},"email":"a@b.c"}"#,
        r#"{"expectedChallenge":"abc","userData":{"id":"u1","email":"a@b.c"}}"#,
    ] {
        assert_eq!(PasskeyChallenge::parse(text), None, "{text}");
    }
}
