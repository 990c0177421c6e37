use portcullis_domain::two_factor::BackupCodes;

use super::*;
use crate::testing::PlainCipher;

fn forms() -> BackupForms {
    BackupForms {
        cipher: Arc::new(PlainCipher),
    }
}

fn backup(is_encrypted: bool) -> BackupCodeOptions {
    BackupCodeOptions {
        is_encrypted,
        ..options().backup_codes
    }
}

#[test]
fn backup_codes_are_stored_in_the_configured_form_and_read_in_both() {
    let codes = BackupCodes::from_random(["aaaaa11111".to_owned()]);
    let [plain, encrypted] = [false, true].map(|form| forms().store(backup(form), &codes));
    assert_eq!(plain.expose(), r#"["aaaaa-11111"]"#);
    assert_eq!(encrypted.expose(), r#"TwoFactor:["aaaaa-11111"]"#);
    for (stored, is_read) in [
        (plain, true),
        (encrypted, true),
        (Secret::new("TwoFactor:{}".to_owned()), false),
        (Secret::new(r#"Message:["aaaaa-11111"]"#.to_owned()), false),
        (Secret::new("{}".to_owned()), false),
    ] {
        let read = forms().read(&stored);
        let read = read.map(|codes| codes.iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(
            read.as_deref(),
            is_read.then_some(["aaaaa-11111".to_owned()].as_slice())
        );
    }
}
