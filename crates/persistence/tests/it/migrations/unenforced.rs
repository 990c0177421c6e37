//! What a plugin of another program's refuses and we would not.

use portcullis_persistence::migrations::unenforced;

use super::{CORE, PLUGINS, ROWS, Schema};

#[test]
fn what_nobody_has_and_what_is_no_column_is_not_told() {
    assert!(unenforced(&Schema::made_by(CORE).url).unwrap().is_empty());
    let schema = Schema::made_by(&format!("{PLUGINS}{ROWS}"));
    schema.execute("UPDATE \"user\" SET \"banned\" = NULL, \"twoFactorEnabled\" = false");
    assert!(unenforced(&schema.url).unwrap().is_empty());
}

#[test]
fn a_ban_and_a_second_factor_are_told() {
    for (column, word) in [("banned", "banned"), ("twoFactorEnabled", "second factor")] {
        let schema = Schema::made_by(&format!("{PLUGINS}{ROWS}"));
        schema.execute("UPDATE \"user\" SET \"banned\" = NULL, \"twoFactorEnabled\" = false");
        schema.execute(&format!(
            "UPDATE \"user\" SET \"{column}\" = true WHERE \"id\" = 'u1'"
        ));
        let told = unenforced(&schema.url).unwrap();
        assert!(told.len() == 1 && told[0].contains(word), "{told:?}");
    }
}
