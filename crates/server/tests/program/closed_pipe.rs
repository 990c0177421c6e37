//! Commands whose output is no longer read, as in `portcullis check | head -1`, or cannot be written.

use std::{fs::File, io::pipe, process::Stdio};

use portcullis_test_database::TestDatabase;

use crate::support::{in_production, stderr};

#[test]
fn a_command_whose_reader_has_gone_does_its_work_and_does_not_panic() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["secret"],
        &["check"],
        &["check", "--help"],
        &["migrate", "--dry-run"],
        &["keys", "rotate"],
    ] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let output = in_production(directory.path(), database.url())
            .env("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")
            .args(arguments)
            .stdout(Stdio::from(writer))
            .output()
            .unwrap();
        let printed = stderr(&output);
        assert!(!printed.contains("panicked"), "{arguments:?}: {printed}");
        assert!(output.status.success(), "{arguments:?}: {printed}");
    }
}

#[test]
fn a_command_whose_output_cannot_be_written_fails() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::new());
    for arguments in [&["secret"][..], &["check"], &["migrate", "--dry-run"]] {
        let full_disk = File::create("/dev/full").unwrap();
        let output = in_production(directory.path(), database.url())
            .args(arguments)
            .stdout(Stdio::from(full_disk))
            .output()
            .unwrap();
        let printed = stderr(&output);
        assert!(
            printed.contains("could not write to the standard output"),
            "{printed}"
        );
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    }
}
