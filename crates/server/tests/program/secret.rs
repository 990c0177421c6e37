use crate::support::{portcullis, stdout};

#[test]
fn every_secret_is_new_and_long_enough_for_production() {
    let directory = tempfile::tempdir().unwrap();
    let secret = || {
        let output = portcullis(directory.path()).arg("secret").output().unwrap();
        assert!(output.status.success());
        stdout(&output).trim().to_owned()
    };
    let (one, other) = (secret(), secret());
    assert_ne!(one, other);
    assert!(one.len() >= 32 && one.chars().all(|c| c.is_ascii_alphanumeric()));
}
