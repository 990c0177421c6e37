//! What an adoption trusts, and what it drops.

use diesel::connection::SimpleConnection;

use super::World;

#[test]
fn the_record_is_not_trusted_if_another_role_may_write_to_it() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    let role = world.role();
    let name = &role.name;
    world.execute(&format!(
        "GRANT USAGE ON SCHEMA portcullis TO {name}; GRANT SELECT, UPDATE ON portcullis.portcullis_adoption TO {name}"
    ));
    for arguments in [&["adopt"][..], &["adopt", "--apply"], &["adopt", "--undo"]] {
        let printed = world.fail(arguments);
        let reason = format!("the role {name} may change \"portcullis\".\"portcullis_adoption\"");
        assert!(printed.contains(&reason), "{printed}");
    }
    world.execute(&format!(
        "REVOKE UPDATE ON portcullis.portcullis_adoption FROM {name}"
    ));
    world.succeed(&["adopt", "--undo"]);
}

#[test]
fn a_record_is_never_executed_and_an_index_of_the_application_is_kept() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.execute(
        "INSERT INTO \"user\" (id, name, email, image) VALUES ('1', 'N', '1@example.com', 'picture');
         CREATE INDEX theirs ON \"user\" (name);
         INSERT INTO portcullis.portcullis_adoption (kind, view, schema, place, shown, name) VALUES
             ('added column', '', 'public', 'user', 'image', 'image'),
             ('added index', '', 'public', 'user', pg_get_indexdef('theirs'::regclass), 'theirs')",
    );
    let undone = world.succeed(&["adopt", "--undo"]);
    for line in ["kept the column \"image\"", "kept the index \"theirs\""] {
        assert!(undone.contains(line), "{line}: {undone}");
    }
}

#[test]
fn constraints_and_indexes_of_an_added_column_are_named() {
    let world = World::of("drizzle");
    world.configure("user.additional_fields.tags = { type = \"string\", required = false }");
    world.succeed(&["adopt", "--apply"]);
    world.execute(
        "ALTER TABLE \"user\" ADD CONSTRAINT cc CHECK (tags IS NULL); CREATE INDEX of_tags ON \"user\" (tags)",
    );
    let printed = world.fail(&["adopt", "--undo"]);
    for dependent in ["table constraint cc on public.\"user\"", "index public.of_tags"] {
        let reason = format!("the {dependent} depends on what the adoption has created: drop it\n");
        assert!(format!("{printed}\n").contains(&reason), "{printed}");
    }
    assert!(!printed.contains("the table public"), "{printed}");
    world.execute("ALTER TABLE \"user\" DROP CONSTRAINT cc; DROP INDEX of_tags");
    assert!(
        world
            .succeed(&["adopt", "--undo"])
            .contains("dropped the column \"tags\"")
    );
}

#[test]
fn a_locked_table_is_named() {
    let world = World::of("drizzle");
    for arguments in [["adopt", "--apply"], ["adopt", "--undo"]] {
        let mut other = world.connection();
        other
            .batch_execute("BEGIN; LOCK TABLE \"user\" IN ACCESS EXCLUSIVE MODE")
            .unwrap();
        let printed = world.fail(&arguments);
        assert!(
            printed.contains("another transaction holds a lock on")
                && printed.contains("\"public\".\"user\""),
            "{arguments:?}: {printed}"
        );
        drop(other);
        world.succeed(&["adopt", "--apply"]);
    }
}

#[test]
fn users_are_adopted_once() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.configure("database.adopted_schema = \"second\"");
    let printed = world.fail(&["adopt", "--apply"]);
    assert!(
        printed.contains("is adopted already, by the schema \"portcullis\""),
        "{printed}"
    );
}

#[test]
fn a_table_that_is_gone_is_named_once() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.execute("DROP TABLE rate_limit CASCADE");
    let printed = world.fail(&["check"]);
    assert!(
        printed.contains("the table \"public\".\"rate_limit\" or its view is gone: run `portcullis adopt`")
            && printed.contains("this database is adopted")
            && !printed.contains("must have a column"),
        "{printed}"
    );
}
