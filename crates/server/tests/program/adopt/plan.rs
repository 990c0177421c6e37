//! The plan of an adoption, which is printed before anything is changed.

use diesel::connection::SimpleConnection;

use super::World;

const BETTER_AUTHS_OWN: &str =
    "the schema is Better Auth's own: there is nothing to adopt; run `portcullis migrate`\n";
const BIG: &str = "UPDATE pg_class SET reltuples = 2000000 WHERE relname = 'session'";

#[test]
fn a_database_that_does_not_fit_is_rejected_with_every_reason() {
    let world = World::of("drizzle");
    world.execute(
        "ALTER TABLE session DROP COLUMN user_agent, ALTER COLUMN expires_at TYPE date; \
         ALTER TABLE \"user\" DROP COLUMN name, ADD COLUMN tenant integer NOT NULL",
    );
    let before = world.digest();
    for arguments in [&["adopt"][..], &["adopt", "--apply"]] {
        let printed = world.fail(arguments);
        assert!(
            printed.contains("do not fit") && !printed.contains("adopt`"),
            "{printed}"
        );
        for reason in [
            "\"public\".\"session\".\"expires_at\" is date",
            "\"public\".\"user\" has no column for \"name\"",
            "\"public\".\"user\".\"tenant\" must have a default or allow NULL",
        ] {
            assert!(printed.contains(reason), "{reason}: {printed}");
        }
    }
    assert_eq!(world.digest(), before);
    let empty = World::with("CREATE TABLE users (id integer)");
    assert!(empty.fail(&["adopt"]).contains("`user.model_name`"));
}

#[test]
fn all_missing_privileges_of_the_role_are_reported_at_once() {
    let world = World::of("drizzle");
    world.configure("user.additional_fields.nick = { type = \"string\" }");
    let role = world.role();
    world.execute(&format!(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}; \
         REVOKE SELECT ON \"user\" FROM {name}",
        name = role.name
    ));
    for arguments in [&["adopt"][..], &["adopt", "--apply"]] {
        let printed = world.fail_as(&role, arguments);
        for reason in [
            "the role of `database.url` needs CREATE on the database",
            "the role of `database.url` needs SELECT on \"public\".\"user\"",
            "the role of `database.url` needs REFERENCES on \"public\".\"user\"",
            "only the owner of \"public\".\"user\"",
            "only the owner of \"public\".\"session\"",
            "the role of `database.url` needs CREATE on the schema \"public\"",
        ] {
            assert!(printed.contains(reason), "{reason}: {printed}");
        }
    }
}

#[test]
fn everything_that_prevents_an_index_is_reported() {
    let world = World::of("drizzle");
    world.execute(
        "ALTER TABLE \"user\" DROP CONSTRAINT user_email_unique, ALTER name TYPE varchar(20);
         INSERT INTO \"user\" (id, name, email) VALUES ('1', 'N', 'n@example.com'), ('2', 'N', 'n@example.com');
         CREATE TABLE \"portcullis_verification_value_idx\" ();
         CREATE TABLE parts (LIKE session INCLUDING DEFAULTS, PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
         DROP TABLE session; ALTER TABLE parts RENAME TO session",
    );
    let before = world.digest();
    let printed = world.fail(&["adopt", "--apply"]);
    for reason in [
        "\"public\".\"user\" has rows with the same \"email\"",
        "SELECT \"email\", count(*) FROM \"public\".\"user\"",
        "the name \"public\".\"portcullis_verification_value_idx\" is taken",
        "\"public\".\"session\" is partitioned, so \"token\" cannot be made unique",
        "is character varying(20) and must be text or character varying without a length",
    ] {
        assert!(printed.contains(reason), "{reason}: {printed}");
    }
    assert_eq!(world.digest(), before);
}

#[test]
fn an_index_on_a_large_table_is_left_to_the_operator() {
    let world = World::of("drizzle");
    let original = world.digest();
    world.execute(BIG);
    let plan = world.succeed(&["adopt"]);
    let by_hand: Vec<_> = plan
        .lines()
        .filter(|line| line.starts_with("CREATE INDEX CONCURRENTLY"))
        .collect();
    assert_eq!(by_hand.len(), 2, "{plan}");
    let printed = world.fail(&["adopt", "--apply"]);
    assert!(
        printed.contains("building these indexes blocks writes to large tables")
            && by_hand.iter().all(|statement| printed.contains(statement)),
        "{printed}"
    );
    assert_eq!(world.digest(), original);

    for statement in by_hand {
        world.execute(statement);
    }
    world.execute(BIG);
    world.succeed(&["adopt", "--apply"]);
    world.succeed(&["adopt", "--undo"]);
    assert_eq!(world.digest(), original);
}

#[test]
fn a_schema_of_better_auth_itself_needs_no_adoption() {
    let world = World::with("SELECT");
    world.succeed(&["migrate"]);
    let before = world.digest();
    for arguments in [&["adopt"][..], &["adopt", "--apply"]] {
        assert_eq!(world.succeed(arguments), BETTER_AUTHS_OWN);
    }
    assert_eq!(world.digest(), before);
    assert!(world.succeed(&["check"]).contains("schema: current"));
}

#[test]
fn a_table_that_stays_locked_is_named() {
    let world = World::of("drizzle");
    let before = world.digest();
    let mut other = world.connection();
    let lock = "BEGIN; LOCK TABLE \"user\" IN ROW EXCLUSIVE MODE";
    other.batch_execute(lock).unwrap();
    let printed = world.fail(&["adopt", "--apply"]);
    assert!(
        printed.contains("another transaction holds a lock on \"public\".\"user\"")
            && printed.contains("try again"),
        "{printed}"
    );
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(world.digest(), before);
    let output = world.run(&["adopt", "--apply"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn check_names_the_schema_that_contains_the_tables() {
    let world = World::of("drizzle-schema");
    let printed = world.fail(&["check"]);
    assert!(
        printed.contains("the schema \"auth\" contains them: run `portcullis adopt`"),
        "{printed}"
    );
}

#[test]
fn the_table_of_users_is_locked_last() {
    let world = World::of("drizzle");
    world.configure("user.additional_fields.nick = { type = \"string\", required = false }");
    let plan = world.succeed(&["adopt"]);
    let (before, after) = plan
        .split_once("ALTER TABLE \"public\".\"user\" ADD COLUMN \"nick\"")
        .unwrap();
    assert!(!before.contains("REFERENCES \"public\".\"user\""), "{plan}");
    assert!(after.contains("REFERENCES \"public\".\"user\""), "{plan}");
    let of_others = |part: &str| part.contains("ON \"public\".\"session\"");
    assert!(of_others(before) && !of_others(after), "{plan}");
}
