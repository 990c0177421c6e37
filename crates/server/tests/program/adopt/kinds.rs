//! Every kind of database.

use std::fs;

use super::{NAMED, RECOGNISED, UP_TO_DATE, World, databases};

#[test]
fn every_kind_is_adopted_served_and_given_back() {
    for kind in RECOGNISED.into_iter().chain(NAMED) {
        let world = World::of(kind);
        let before = world.digest();
        if !kind.ends_with("schema") && kind != "prisma" {
            let reason = world.fail(&["check"]);
            assert!(
                reason.contains("`portcullis adopt`") || NAMED.contains(&kind),
                "{kind}: {reason}"
            );
        }
        let plan = world.succeed(&["adopt"]);
        assert!(
            plan.contains("is `session`") && plan.contains("nothing was changed"),
            "{kind}: {plan}"
        );
        assert_eq!(world.digest(), before, "{kind}");

        world.succeed(&["adopt", "--apply"]);
        for again in [&["adopt"][..], &["adopt", "--apply"]] {
            assert!(world.succeed(again).ends_with(UP_TO_DATE), "{kind}");
        }
        assert!(world.succeed(&["check"]).contains("schema: current"), "{kind}");
        assert!(world.succeed(&["migrate"]).contains("nothing to do"), "{kind}");
        world.serve();

        world.succeed(&["adopt", "--undo"]);
        assert_eq!(world.digest(), before, "{kind}");
        assert!(
            world.succeed(&["adopt", "--undo"]).contains("not adopted"),
            "{kind}"
        );
        world.succeed(&["adopt", "--apply"]);
    }
}

#[test]
fn tables_with_one_name_in_several_schemas_are_distinguished() {
    let sql = fs::read_to_string(databases().join("drizzle-schema.sql")).unwrap();
    let world = World::with(&sql);
    world.execute(&sql.replace("\"auth\"", "\"login\""));
    let printed = world.fail(&["adopt"]);
    assert!(
        printed.contains("auth, login") && printed.contains("search_path"),
        "{printed}"
    );
    world.put_into_search_path("login");
    assert!(world.succeed(&["adopt"]).contains("login.user is `user`"));
}

#[test]
fn an_empty_schema_that_exists_already_receives_all_tables() {
    let world = World::of("drizzle");
    world.execute("CREATE SCHEMA portcullis");
    world.succeed(&["adopt", "--apply"]);
    let digest = world.digest();
    assert!(!digest.contains("public.portcullis_"), "{digest}");
    world.serve();
}
