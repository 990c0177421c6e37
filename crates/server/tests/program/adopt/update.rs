//! An adoption that is brought up to date.

use super::World;

#[test]
fn missing_columns_are_added_by_an_adoption_only() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.configure("user.additional_fields.favouriteColour = { type = \"string\", required = false }");
    for command in ["check", "migrate"] {
        let printed = world.fail(&[command]);
        assert!(printed.contains("portcullis adopt"), "{command}: {printed}");
    }
    let added = "ALTER TABLE \"public\".\"user\" ADD COLUMN \"favourite_colour\" text";
    assert!(world.succeed(&["adopt"]).contains(added));
    world.succeed(&["adopt", "--apply"]);
    assert!(world.succeed(&["check"]).contains("schema: current"));
    world.serve();
    world.execute("UPDATE \"user\" SET favourite_colour = 'green'");
    let undone = world.succeed(&["adopt", "--undo"]);
    assert!(
        undone.contains("kept the column \"favourite_colour\""),
        "{undone}"
    );
}

#[test]
fn an_index_of_a_new_version_is_added_by_an_adoption_only() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.execute(
        "DROP INDEX \"portcullis_account_accountId_idx\";
         DELETE FROM portcullis.__diesel_schema_migrations WHERE version = 'portcullis0015'",
    );
    for (command, next) in [("check", "portcullis migrate"), ("migrate", "portcullis adopt")] {
        let printed = world.fail(&[command]);
        assert!(printed.contains(next), "{command}: {printed}");
    }
    let added =
        r#"CREATE INDEX "portcullis_account_accountId_idx" ON "public"."account" USING hash ("account_id")"#;
    assert!(world.succeed(&["adopt"]).contains(added));
    world.succeed(&["adopt", "--apply"]);
    assert!(world.succeed(&["check"]).contains("schema: current"));
}

#[test]
fn a_view_keeps_its_grants_and_what_depends_on_it() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    let role = world.role();
    let name = &role.name;
    world.execute(&format!(
        "GRANT SELECT, UPDATE ON portcullis.\"user\" TO {name} WITH GRANT OPTION; \
         GRANT INSERT (email) ON portcullis.\"user\" TO {name}; GRANT SELECT ON portcullis.\"user\" TO PUBLIC; \
         CREATE VIEW report AS SELECT email FROM portcullis.\"user\""
    ));
    let granted = "
        SELECT string_agg(acl::text, ' ' ORDER BY acl::text) AS text FROM (
            SELECT unnest(relacl) AS acl FROM pg_class WHERE oid = 'portcullis.\"user\"'::regclass
            UNION ALL SELECT unnest(attacl) FROM pg_attribute WHERE attrelid = 'portcullis.\"user\"'::regclass
        ) AS granted";
    let before = world.text(granted);
    world.configure("user.additional_fields.age = { type = \"number\", required = false }");
    world.succeed(&["adopt", "--apply"]);
    assert_eq!(world.text(granted), before);
    assert!(world.succeed(&["check"]).contains("schema: current"));

    // A column that the view must not have any more cannot be removed from it.
    world.execute(
        "DO $$ BEGIN EXECUTE 'CREATE OR REPLACE VIEW portcullis.\"user\" AS '
             || regexp_replace(pg_get_viewdef('portcullis.\"user\"'::regclass), '\\sFROM', ', image AS extra FROM'); END $$",
    );
    let printed = world.fail(&["adopt", "--apply"]);
    assert!(
        printed.contains("the view public.report reads \"portcullis\".\"user\""),
        "{printed}"
    );
    world.execute("DROP VIEW report");
    assert!(
        world
            .succeed(&["adopt", "--apply"])
            .contains("DROP VIEW \"portcullis\".\"user\"")
    );
    assert_eq!(world.text(granted), before);
    world.serve();
}

#[test]
fn the_role_of_the_server_needs_only_grants_on_the_schema() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    let role = world.role();
    let printed = world.fail_as(&role, &["check"]);
    let name = &role.name;
    let grant = format!("GRANT USAGE ON SCHEMA portcullis TO {name};");
    assert!(printed.contains(&grant), "{printed}");
    world.execute(&format!(
        "GRANT USAGE ON SCHEMA portcullis TO {name}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA portcullis TO {name}; \
         REVOKE INSERT, UPDATE, DELETE ON portcullis.portcullis_adoption, portcullis.__diesel_schema_migrations \
         FROM {name}"
    ));
    assert!(world.succeed_as(&role, &["check"]).contains("schema: current"));
    // In development, the server migrates.
    world.succeed_as(&role, &["migrate"]);
    world.succeed(&["adopt"]);
}
