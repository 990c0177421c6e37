//! An adoption that is undone.

use super::World;

const ORDERS: &str = "
    CREATE TABLE portcullis.orders (id integer PRIMARY KEY, note text);
    INSERT INTO portcullis.orders VALUES (1, 'kept');
    CREATE TABLE public.refs (order_id integer REFERENCES portcullis.orders);
    CREATE VIEW public.rep AS SELECT * FROM portcullis.orders";
const NOTES: &str = "SELECT string_agg(note, ',') AS text FROM public.rep";
const USERS: &str = "
    INSERT INTO \"user\" (id, name, email) VALUES ('1', 'N', '1@example.com'), ('2', 'N', '2@example.com')";

#[test]
fn a_schema_with_objects_of_others_is_neither_adopted_into_nor_dropped() {
    let world = World::of("drizzle");
    world.execute("CREATE SCHEMA portcullis");
    world.execute(ORDERS);
    for arguments in [&["adopt"][..], &["adopt", "--apply"]] {
        let printed = world.fail(arguments);
        assert!(
            printed.contains("(table portcullis.orders)") && printed.contains("`database.adopted_schema`"),
            "{printed}"
        );
    }
    world.execute("DROP SCHEMA portcullis CASCADE; DROP TABLE refs");
    let before = world.digest();

    world.succeed(&["adopt", "--apply"]);
    world.execute(ORDERS);
    let undone = world.succeed(&["adopt", "--undo"]);
    assert!(
        undone.contains(
            "kept the schema \"portcullis\", since it contains other objects: table portcullis.orders"
        ),
        "{undone}"
    );
    assert_eq!(world.text(NOTES), "kept");
    world.execute("DROP SCHEMA portcullis CASCADE; DROP TABLE refs");
    assert_eq!(world.digest(), before);
}

#[test]
fn a_schema_that_existed_before_stays() {
    let world = World::of("drizzle");
    world.execute("CREATE SCHEMA portcullis");
    let before = world.digest();
    world.succeed(&["adopt", "--apply"]);
    let undone = world.succeed(&["adopt", "--undo"]);
    assert!(
        undone.contains("since it existed before the adoption"),
        "{undone}"
    );
    assert_eq!(world.digest(), before);
}

#[test]
fn an_adoption_on_which_objects_of_others_depend_is_not_undone() {
    let world = World::of("drizzle-uuid");
    world.configure("user.additional_fields.nick = { type = \"string\", required = false }");
    world.succeed(&["adopt", "--apply"]);
    world.execute(
        "CREATE VIEW report AS SELECT email FROM portcullis.\"user\";
         CREATE VIEW nicks AS SELECT nick FROM public.\"user\";
         CREATE TABLE sent (message text REFERENCES portcullis.portcullis_message);
         CREATE FUNCTION of_user(portcullis.\"user\") RETURNS text LANGUAGE sql AS 'SELECT $1.email'",
    );
    let before = world.digest();
    let printed = world.fail(&["adopt", "--undo"]);
    for name in [
        "view public.report",
        "view public.nicks",
        "table constraint sent_message_fkey on public.sent",
        "function public.of_user(portcullis.\"user\")",
    ] {
        assert!(
            printed.contains(&format!("the {name} depends on")),
            "{name}: {printed}"
        );
    }
    assert_eq!(world.digest(), before);
    assert!(world.succeed(&["check"]).contains("schema: current"));
    world.execute("DROP FUNCTION of_user; DROP TABLE sent; DROP VIEW nicks; DROP VIEW report");
    let undone = world.succeed(&["adopt", "--undo"]);
    assert!(undone.contains("dropped the schema \"portcullis\""), "{undone}");
}

#[test]
fn a_column_with_another_value_than_its_default_is_kept() {
    let world = World::of("drizzle");
    world.configure(
        "[user.additional_fields]
         flag = { type = \"boolean\", default = true }
         label = { type = \"string\", required = false }
         colour = { type = \"string\", default = \"it's red\" }
         spare = { type = \"string\", required = false }",
    );
    world.succeed(&["adopt", "--apply"]);
    world.execute(USERS);
    world.execute(
        "UPDATE \"user\" SET flag = false WHERE id = '1'; UPDATE \"user\" SET label = 'false' WHERE id = '2'",
    );
    let undone = world.succeed(&["adopt", "--undo"]);
    for line in [
        "kept the column \"flag\"",
        "kept the column \"label\"",
        "dropped the column \"colour\"",
        "dropped the column \"spare\"",
    ] {
        assert!(undone.contains(line), "{line}: {undone}");
    }
    let kept = "SELECT string_agg(concat(flag, label), ' ' ORDER BY id) AS text FROM \"user\"";
    assert_eq!(world.text(kept), "f tfalse");
}

#[test]
fn rows_that_a_policy_hides_are_not_taken_for_missing() {
    let world = World::of("drizzle");
    world.configure("user.additional_fields.label = { type = \"string\", required = false }");
    world.succeed(&["adopt", "--apply"]);
    world.execute(USERS);
    let role = world.role();
    world.execute(&format!(
        "UPDATE \"user\" SET label = 'mine'; ALTER TABLE \"user\" OWNER TO {name};
         ALTER TABLE \"user\" ENABLE ROW LEVEL SECURITY; ALTER TABLE \"user\" FORCE ROW LEVEL SECURITY;
         GRANT ALL ON SCHEMA portcullis TO {name}; GRANT ALL ON ALL TABLES IN SCHEMA portcullis TO {name}",
        name = role.name
    ));
    let printed = world.fail_as(&role, &["adopt", "--undo"]);
    assert!(
        printed.contains("\"public\".\"user\" has row-level security")
            && printed.contains("\"public\".\"session\" belongs to another role"),
        "{printed}"
    );
    world.execute("ALTER TABLE \"user\" OWNER TO CURRENT_USER");
}

#[test]
fn what_the_application_has_changed_is_skipped() {
    let world = World::of("drizzle");
    world.configure("user.additional_fields.nick = { type = \"string\", required = false }");
    world.succeed(&["adopt", "--apply"]);
    world.execute(
        "ALTER TABLE \"user\" RENAME nick TO nickname;
         DROP INDEX \"portcullis_session_expiresAt_idx\";
         CREATE INDEX \"portcullis_session_expiresAt_idx\" ON session (ip_address);
         DROP INDEX \"portcullis_verification_value_idx\"",
    );
    let undone = world.succeed(&["adopt", "--undo"]);
    for line in [
        "skipped the column \"nick\"",
        "kept the index \"portcullis_session_expiresAt_idx\"",
        "skipped the index \"portcullis_verification_value_idx\"",
    ] {
        assert!(undone.contains(line), "{line}: {undone}");
    }
    assert!(world.digest().contains("nickname"));
    assert!(world.digest().contains("(ip_address)"));
}
