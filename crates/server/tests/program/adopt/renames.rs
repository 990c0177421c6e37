//! Tables and columns that the application has renamed.

use super::World;

/// A user.
const USER: &str =
    "INSERT INTO \"user\" (id, name, email, email_verified) VALUES ('u', 'U', 'u@example.com', true)";

#[test]
fn a_renamed_restriction_is_followed() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.execute(&format!(
        "{USER}; UPDATE \"user\" SET two_factor_enabled = true;
         ALTER TABLE \"user\" RENAME two_factor_enabled TO tfa_on; ALTER TABLE \"user\" RENAME TO person"
    ));
    for arguments in [&["adopt"][..], &["adopt", "--apply"]] {
        let printed = world.fail(&["check"]);
        assert!(
            printed.contains("some users have a second factor (\"public\".\"person\".\"tfa_on\")"),
            "{printed}"
        );
        let plan = world.succeed(arguments);
        assert!(plan.contains("tfa_on is twoFactorEnabled"), "{plan}");
    }
    world.configure("[plugins.two_factor]");
    assert!(world.succeed(&["adopt"]).contains("the adoption is up to date"));
    assert!(world.succeed(&["check"]).contains("schema: current"));
    world.execute("DROP VIEW portcullis.\"user\"; ALTER TABLE person RENAME tfa_on TO second_factor");
    let plan = world.succeed(&["adopt"]);
    assert!(
        plan.contains("\"public\".\"person\".\"tfa_on\", which was `twoFactorEnabled`, no longer exists"),
        "{plan}"
    );
}

#[test]
fn ids_may_have_another_name() {
    for (rename, names) in [("ID", ""), ("uid", "user.fields.id = \"uid\"")] {
        let world = World::of("drizzle");
        world.execute(&format!("ALTER TABLE \"user\" RENAME id TO \"{rename}\""));
        world.configure(names);
        world.succeed(&["adopt", "--apply"]);
        assert!(world.succeed(&["check"]).contains("schema: current"));
        world.serve();
    }
}

#[test]
fn migrations_of_the_application_may_change_columns_that_the_server_does_not_need() {
    let world = World::of("drizzle");
    world.execute("ALTER TABLE \"user\" ADD COLUMN age int");
    world.succeed(&["adopt", "--apply"]);
    world.execute("ALTER TABLE \"user\" ALTER age TYPE bigint; ALTER TABLE \"user\" DROP COLUMN age");
    world.execute("ALTER TABLE session ADD COLUMN device text; ALTER TABLE session RENAME device TO machine");
    assert!(
        world
            .succeed(&["adopt"])
            .ends_with("the adoption is up to date: nothing to do\n")
    );
    assert!(world.succeed(&["check"]).contains("schema: current"));
}
