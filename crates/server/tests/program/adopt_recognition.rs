//! Recognition of tables and columns by `portcullis adopt`, and names in the configuration.

use crate::adopt::World;

/// A user, with an account that has a password.
const USER: &str = "
    INSERT INTO \"user\" (id, name, email, email_verified) VALUES ('u', 'U', 'u@example.com', true);
    INSERT INTO account (id, account_id, provider_id, user_id, password, updated_at)
        VALUES ('a', 'u', 'credential', 'u', 'hash', now());";

/// Expects that an adoption is rejected for this reason, and changes nothing.
fn reject(world: &World, reason: &str) {
    let before = world.digest();
    for arguments in [&["adopt"][..], &["adopt", "--apply"]] {
        let printed = world.fail(arguments);
        assert!(printed.contains(reason), "{reason}: {printed}");
    }
    assert_eq!(world.digest(), before);
}

#[test]
fn a_renamed_column_that_restricts_sign_in_is_enforced_while_its_plugin_is_off() {
    for (column, key, sentence) in [
        (
            "has_second_factor",
            "plugins.two_factor.schema.user.fields.twoFactorEnabled = \"has_second_factor\"\n\
             plugins.username.schema.user.fields.username = \"username\"",
            "some users have a second factor",
        ),
        (
            "is_barred",
            "user.fields.banned = \"is_barred\"",
            "some users are banned",
        ),
    ] {
        let world = World::of("drizzle");
        world.execute(&format!(
            "ALTER TABLE \"user\" DROP COLUMN two_factor_enabled, ADD COLUMN {column} boolean; {USER}
             UPDATE \"user\" SET {column} = true"
        ));
        let plan = world.succeed(&["adopt"]);
        assert!(
            plan.contains("the server ignores these columns of public.user: ") && plan.contains(column),
            "{plan}"
        );
        world.configure(key);
        assert!(
            !world
                .succeed(&["adopt", "--apply"])
                .contains(&format!(" {column},"))
        );
        let printed = world.fail(&["check"]);
        let place = format!("(\"public\".\"user\".\"{column}\")");
        assert!(
            printed.contains(sentence) && printed.contains(&place),
            "{printed}"
        );
    }
}

#[test]
fn a_restriction_that_the_application_adds_later_must_be_adopted() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.execute(&format!(
        "{USER} ALTER TABLE \"user\" ADD COLUMN banned boolean DEFAULT true"
    ));
    let printed = world.fail(&["check"]);
    assert!(
        printed.contains("the column \"banned\"") && printed.contains("`portcullis adopt --apply`"),
        "{printed}"
    );
    world.succeed(&["adopt", "--apply"]);
    let printed = world.fail(&["check"]);
    assert!(printed.contains("some users are banned"), "{printed}");
    world.execute("UPDATE \"user\" SET banned = false");
    assert!(world.succeed(&["check"]).contains("schema: current"));
}

#[test]
fn of_several_tables_the_adoption_chooses_the_one_that_others_reference() {
    let world = World::of("drizzle-plural");
    world.execute("CREATE TABLE \"Users\" (LIKE users INCLUDING ALL); CREATE TABLE session (LIKE sessions INCLUDING ALL)");
    let plan = world.succeed(&["adopt"]);
    assert!(plan.contains("public.users is `user`"), "{plan}");
    assert!(plan.contains("public.sessions is `session`"), "{plan}");
    world.execute(
        "ALTER TABLE sessions DROP CONSTRAINT sessions_user_id_users_id_fk;
         ALTER TABLE accounts DROP CONSTRAINT accounts_user_id_users_id_fk;
         CREATE TABLE verification (LIKE verifications INCLUDING ALL)",
    );
    reject(
        &world,
        "each of the tables public.Users, public.users may be `user`: name one of them in `user.model_name`",
    );
    reject(
        &world,
        "each of the tables public.session, public.sessions may be `session`",
    );
    reject(
        &world,
        "each of the tables public.verification, public.verifications may be `verification`",
    );
    world.configure(
        "user.model_name = \"users\"\nsession.model_name = \"sessions\"\nverification.model_name = \"verifications\"",
    );
    world.succeed(&["adopt", "--apply"]);
    world.serve();
}

#[test]
fn names_that_the_database_does_not_have_are_rejected() {
    for (names, reason) in [
        (
            "verification.model_name = \"verificatoin\"",
            "`verification.model_name` names the table \"verificatoin\", which the schema \"public\" does not have",
        ),
        (
            "user.model_name = \"person\"",
            "`user.model_name` names the table \"person\", which the schema \"public\" does not have",
        ),
        (
            "account.fields.password = \"pasword_hash\"",
            "`account.fields.password` names the column \"pasword_hash\", which public.account does not have",
        ),
        (
            "session.fields.token = \"tokn\"",
            "`session.fields.token` names the column \"tokn\", which public.session does not have",
        ),
        (
            "user.fields = { email = \"name\", name = \"name\" }",
            "`user.fields.email` and `user.fields.name` name the same column \"name\"",
        ),
        (
            "user.fields.no_such_field = \"x\"",
            "`user.fields.no_such_field` is not the name of a field",
        ),
    ] {
        let world = World::of("drizzle");
        world.configure(names);
        reject(&world, reason);
    }
    let world = World::of("drizzle");
    world.execute("DROP TABLE rate_limit");
    world.configure("rate_limit.fields.key = \"bucket\"");
    reject(
        &world,
        "`rate_limit.fields.key` names the column \"bucket\", but no table was recognised as `rateLimit`",
    );
}

#[test]
fn no_column_of_passwords_is_added_beside_the_real_one() {
    let world = World::of("drizzle");
    world.execute(&format!(
        "{USER} ALTER TABLE account RENAME password TO secret_hash"
    ));
    reject(
        &world,
        "\"public\".\"account\" has no column for \"password\", although it has accounts of the provider `credential`: \
         set `account.fields.password`",
    );
    let printed = world.fail(&["adopt"]);
    assert_eq!(printed.matches("\"password\"").count(), 1, "{printed}");
    world.execute("DELETE FROM account");
    assert!(world.succeed(&["adopt"]).contains("ADD COLUMN \"password\" text"));
}

#[test]
fn an_adoption_keeps_what_it_has_recorded() {
    let world = World::of("drizzle");
    world.execute("ALTER TABLE account RENAME password TO secret_hash");
    world.configure("account.fields.password = \"secret_hash\"");
    world.succeed(&["adopt", "--apply"]);
    world.execute("ALTER TABLE account ADD COLUMN password text");
    world.configure("");
    assert!(
        world
            .succeed(&["adopt", "--apply"])
            .ends_with("the adoption is up to date: nothing to do\n")
    );
    world.configure("account.fields.password = \"password\"");
    reject(
        &world,
        "`account.fields.password` names the column \"password\", but this adoption has taken \"secret_hash\": to change \
         that, run `portcullis adopt --undo` first",
    );
    world.execute("CREATE TABLE accounts (LIKE account)");
    world.configure("account.model_name = \"accounts\"");
    reject(
        &world,
        "`account.model_name` names the table \"accounts\", but this adoption has taken \"account\": to change that",
    );
    world.configure("");
    assert!(world.succeed(&["check"]).contains("schema: current"));
    world.execute("ALTER TABLE account RENAME secret_hash TO hash; ALTER TABLE account DROP COLUMN password");
    assert!(world.succeed(&["check"]).contains("schema: current"));
    let plan = world.succeed(&["adopt", "--apply"]);
    assert!(
        plan.contains("hash is password") && !plan.contains("ADD COLUMN"),
        "{plan}"
    );
    assert!(world.succeed(&["adopt"]).contains("the adoption is up to date"));
    assert!(world.succeed(&["check"]).contains("schema: current"));
}

#[test]
fn a_field_whose_column_exists_is_found_when_it_is_declared_later() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.configure("[plugins.username]");
    let printed = world.fail(&["check"]);
    assert!(
        printed.contains("\"user\".\"username\": run `portcullis adopt`, which finds or adds it"),
        "{printed}"
    );
    let plan = world.succeed(&["adopt", "--apply"]);
    assert!(!plan.contains("ADD COLUMN"), "{plan}");
    assert!(world.succeed(&["check"]).contains("schema: current"));
}

#[test]
fn a_required_column_that_the_server_does_not_fill_is_reported_also_after_the_adoption() {
    let world = World::of("drizzle");
    world.succeed(&["adopt", "--apply"]);
    world.execute("ALTER TABLE \"user\" ADD COLUMN tenant text NOT NULL");
    let reason = "\"public\".\"user\".\"tenant\" must have a default or allow NULL";
    for command in ["check", "serve", "migrate", "adopt"] {
        let printed = world.fail(&[command]);
        assert!(printed.contains(reason), "{command}: {printed}");
    }
    world.execute("ALTER TABLE \"user\" ALTER tenant SET DEFAULT 'x'");
    world.serve();
}

#[test]
fn a_required_column_that_a_configured_column_replaces_is_reported() {
    let world = World::of("drizzle");
    world.execute(
        "ALTER TABLE \"user\" ADD COLUMN login_email text NOT NULL UNIQUE, ADD COLUMN _team text NOT NULL, \
         ADD COLUMN team text NOT NULL",
    );
    world.configure("user.fields.email = \"login_email\"");
    for column in ["email", "_team", "team"] {
        reject(
            &world,
            &format!("\"public\".\"user\".\"{column}\" must have a default or allow NULL"),
        );
    }
    world.execute("ALTER TABLE \"user\" DROP COLUMN email, DROP COLUMN _team, DROP COLUMN team");
    world.succeed(&["adopt", "--apply"]);
    world.serve();
}

#[test]
fn the_configuration_chooses_one_of_several_columns_for_a_field() {
    let world = World::of("drizzle");
    world.execute("ALTER TABLE account ADD COLUMN \"Password\" text");
    reject(
        &world,
        "each of the columns password, Password of public.account may be `password`: name one of them in \
         `account.fields.password`",
    );
    world.configure("account.fields.password = \"Password\"");
    assert!(world.succeed(&["adopt"]).contains("Password is password"));
}

#[test]
fn a_table_of_another_meaning_is_left_alone() {
    let world = World::of("drizzle");
    world.execute(
        "DROP TABLE rate_limit, jwks, two_factor;
         CREATE TABLE rate_limits (id serial PRIMARY KEY, route text, per_minute int);
         CREATE TABLE jwks (kid text PRIMARY KEY);
         CREATE TABLE two_factor (user_id text, phone text)",
    );
    let plan = world.succeed(&["adopt", "--apply"]);
    for line in [
        "public.rate_limits is not `rateLimit`, since it has no column for key, count, lastRequest",
        "public.jwks is not `jwks`, since it has no column for publicKey, privateKey",
        "public.two_factor is not `twoFactor`, since it has no column for secret, backupCodes",
    ] {
        assert!(plan.contains(line), "{line}: {plan}");
    }
    world.configure(
        "[plugins.jwt]\n[plugins.two_factor]\n[rate_limit]\nenabled = true\nstorage = \"database\"",
    );
    world.succeed(&["adopt", "--apply"]);
    world.serve();
}
