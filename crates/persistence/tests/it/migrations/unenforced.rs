//! Restrictions of Better Auth plugins that this program does not enforce.

use portcullis_persistence::migrations::unenforced;

use super::{CORE, PLUGINS, ROWS, Schema};

#[test]
fn restrictions_without_a_column_or_a_user_are_not_reported() {
    assert!(unenforced(&Schema::made_by(CORE).url, &[]).unwrap().is_empty());
    let schema = Schema::made_by(&format!("{PLUGINS}{ROWS}"));
    schema.execute("UPDATE \"user\" SET \"banned\" = NULL, \"twoFactorEnabled\" = false");
    assert!(unenforced(&schema.url, &[]).unwrap().is_empty());
}

#[test]
fn a_ban_and_a_second_factor_are_reported_with_their_plugins() {
    for (column, words) in [
        (
            "banned",
            [
                "some users are banned",
                "plugin `admin` with `plugins.admin.enabled = true`",
            ],
        ),
        (
            "twoFactorEnabled",
            [
                "some users have a second factor",
                "plugin `two_factor` with `plugins.two_factor.enabled = true`",
            ],
        ),
    ] {
        let schema = Schema::made_by(&format!("{PLUGINS}{ROWS}"));
        schema.execute("UPDATE \"user\" SET \"banned\" = NULL, \"twoFactorEnabled\" = false");
        schema.execute(&format!(
            "UPDATE \"user\" SET \"{column}\" = true WHERE \"id\" = 'u1'"
        ));
        let found = unenforced(&schema.url, &[]).unwrap();
        assert_eq!(found.len(), 1);
        assert!(words.iter().all(|words| found[0].contains(words)), "{found:?}");
    }
}

#[test]
fn a_restriction_that_a_feature_enforces_is_not_reported() {
    let schema = Schema::made_by(&format!("{PLUGINS}{ROWS}"));
    schema.execute("UPDATE \"user\" SET \"banned\" = true, \"twoFactorEnabled\" = true");
    let found = unenforced(&schema.url, &["twoFactorEnabled"]).unwrap();
    assert!(found.len() == 1 && found[0].contains("banned"), "{found:?}");
}
