//! Tables that were dropped or renamed after the adoption.

use super::{UP_TO_DATE, World};

#[test]
fn a_table_that_was_dropped_is_replaced_by_one_of_the_server() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.execute("DROP TABLE two_factor CASCADE; DROP TABLE portcullis.portcullis_message");
    assert!(world.fail(&["check"]).contains("`portcullis adopt`"));
    let plan = world.succeed(&["adopt"]);
    for line in [
        "note: \"public\".\"two_factor\", which was `twoFactor`, no longer exists",
        "note: the server's table \"portcullis_message\" no longer exists",
        "CREATE TABLE IF NOT EXISTS \"twoFactor\"",
        "CREATE TABLE IF NOT EXISTS \"portcullis_message\"",
    ] {
        assert!(plan.contains(line), "{line}: {plan}");
    }
    world.succeed(&["adopt", "--apply"]);
    assert!(world.succeed(&["adopt"]).ends_with(UP_TO_DATE));
    assert!(world.succeed(&["check"]).contains("schema: current"));
    world.serve();
    world.succeed(&["adopt", "--undo"]);
}

#[test]
fn a_table_that_was_renamed_or_moved_is_not_replaced() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.execute("ALTER TABLE two_factor RENAME TO codes");
    assert!(world.succeed(&["check"]).contains("schema: current"));
    let plan = world.succeed(&["adopt", "--apply"]);
    assert!(plan.contains("public.codes is `twoFactor`"), "{plan}");
    world.execute("CREATE SCHEMA other; ALTER TABLE codes SET SCHEMA other");
    let printed = world.fail(&["adopt", "--apply"]);
    assert!(
        printed.contains("\"public\".\"codes\" is recorded as `twoFactor`")
            && printed.contains("`model_name`"),
        "{printed}"
    );
    world.execute("ALTER TABLE other.codes SET SCHEMA public");
    assert!(world.succeed(&["adopt"]).ends_with(UP_TO_DATE));
}
