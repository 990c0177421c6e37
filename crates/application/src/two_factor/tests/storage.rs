use portcullis_domain::{code::StoredCode, two_factor::BackupCodes};

use super::*;
use crate::testing::PlainCipher;

const FORMS: [CodeStorage; 3] = [CodeStorage::Plain, CodeStorage::Hashed, CodeStorage::Encrypted];

fn forms() -> CodeForms {
    CodeForms {
        cipher: Arc::new(PlainCipher),
        codes: Arc::new(PlainTwoFactorCodes),
    }
}

fn backup(is_encrypted: bool) -> BackupCodeOptions {
    BackupCodeOptions {
        is_encrypted,
        ..options().backup_codes
    }
}

#[test]
fn each_form_is_stored_as_configured_and_matches_its_code_only() {
    for (storage, text) in [
        (CodeStorage::Plain, "123456"),
        (CodeStorage::Hashed, "digest:123456"),
        (CodeStorage::Encrypted, "TwoFactor:123456"),
    ] {
        let stored = forms().store(storage, "123456");
        assert_eq!(stored.expose(), text);
        let matches = |code| forms().matches(storage, &stored, code).unwrap();
        assert!(matches("123456"));
        for wrong in [
            "",
            "12345",
            "1234567",
            "123457",
            text.trim_start_matches("123456"),
        ] {
            assert!(!matches(wrong), "{storage:?} {wrong}");
        }
    }
}

#[test]
fn the_stored_form_itself_is_no_code_unless_codes_are_plain() {
    for storage in FORMS {
        let stored = forms().store(storage, "123456");
        let is_code = forms().matches(storage, &stored, stored.expose()).unwrap();
        assert_eq!(is_code, storage == CodeStorage::Plain);
    }
}

#[test]
fn an_encrypted_code_that_cannot_be_decrypted_is_a_failure() {
    for stored in ["123456", "Message:123456", ""] {
        let matches = forms().matches(CodeStorage::Encrypted, &StoredCode::new(stored), "123456");
        assert!(matches.is_err(), "{stored}");
    }
}

#[test]
fn a_code_that_was_encrypted_with_an_older_secret_matches() {
    let stored = StoredCode::new("stale:123456");
    assert!(
        forms()
            .matches(CodeStorage::Encrypted, &stored, "123456")
            .unwrap()
    );
}

#[test]
fn backup_codes_are_stored_in_the_configured_form_and_read_in_both() {
    let codes = BackupCodes::from_random(["aaaaa11111".to_owned()]);
    let [plain, encrypted] = [false, true].map(|form| forms().store_backup(backup(form), &codes));
    assert_eq!(plain.expose(), r#"["aaaaa-11111"]"#);
    assert_eq!(encrypted.expose(), r#"TwoFactor:["aaaaa-11111"]"#);
    for (stored, is_read) in [
        (plain, true),
        (encrypted, true),
        (Secret::new("TwoFactor:{}".to_owned()), false),
        (Secret::new(r#"Message:["aaaaa-11111"]"#.to_owned()), false),
        (Secret::new("{}".to_owned()), false),
    ] {
        let read = forms().read_backup(&stored);
        let read = read.map(|codes| codes.iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(
            read.as_deref(),
            is_read.then_some(["aaaaa-11111".to_owned()].as_slice())
        );
    }
}
