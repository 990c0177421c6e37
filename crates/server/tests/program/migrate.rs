use portcullis_test_database::TestDatabase;

use crate::support::{in_production, stderr, stdout};

#[test]
fn a_database_is_migrated_once_and_a_dry_run_changes_nothing() {
    let (directory, database) = (tempfile::tempdir().unwrap(), TestDatabase::empty());
    let run = |arguments: &[&str]| {
        let mut program = in_production(directory.path(), database.url());
        let output = program.args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output)
    };
    let planned = run(&["migrate", "--dry-run"]);
    assert!(planned.starts_with("would migrate: "), "{planned}");
    assert_eq!(run(&["migrate", "--dry-run"]), planned);
    assert_eq!(
        run(&["migrate"]),
        planned.replace("would migrate: ", "migrated: ")
    );
    assert_eq!(run(&["migrate"]), "the schema is current: nothing to do\n");
    assert_eq!(
        run(&["migrate", "--dry-run"]),
        "the schema is current: nothing to do\n"
    );
}
