//! Tables of optional plugins, whose names an application may use for tables of its own.

use portcullis_domain::additional::{FieldKind, FieldSchema};
use portcullis_persistence::{
    DeclaredFields,
    migrations::{SchemaState, inspect, migrate, pending},
};

use super::{CORE, PLUGINS, ROWS, Schema, all_steps, is_optional, revert, undeclared, up};
use crate::additional::field;

const API_KEY: &str = include_str!("../../fixtures/better_auth_api_key.sql");
const PASSKEY: &str = include_str!("../../fixtures/better_auth_passkey.sql");
const PASSKEY_ROW: &str = r#"INSERT INTO "passkey" ("id", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp") VALUES ('p1', 'key', 'u1', 'credential', 0, 'singleDevice', false);"#;
const KEY_ROW: &str = r#"INSERT INTO "apikey" ("id", "key", "userId", "enabled", "createdAt", "updatedAt") VALUES ('k1', 'digest', 'u1', true, now(), now());"#;

/// The migration of the plugin `organization`, and its tables without teams and roles of organizations.
const STEP: &str = "portcullis-0018_organization";
const ORGANIZATION: [&str; 3] = ["organization", "member", "invitation"];

fn using(tables: &[&'static str]) -> DeclaredFields {
    let tables = tables.iter().map(|table| (*table, FieldSchema::default()));
    DeclaredFields {
        tables: tables.collect(),
        ..DeclaredFields::default()
    }
}

/// Returns the names of the tables that the migrations of optional plugins create.
fn optional_tables() -> Vec<&'static str> {
    let steps = all_steps().into_iter().filter(|step| is_optional(step));
    let sql = steps.map(|step| up(&step)).collect::<String>();
    let created = sql.split("CREATE TABLE IF NOT EXISTS \"").skip(1);
    let names = created.map(|rest| rest.split('"').next().unwrap().to_owned());
    names.map(|name| &*name.leak()).collect()
}

/// All tables, with Better Auth's column for teams of invitations.
fn every_table() -> DeclaredFields {
    let mut fields = using(&optional_tables());
    let team_id = FieldSchema::new(vec![field("teamId", FieldKind::String)]);
    fields.tables.insert("invitation", team_id);
    fields
}

#[test]
fn tables_of_a_plugin_are_created_when_it_is_enabled_and_stay_when_it_is_disabled() {
    let schema = Schema::made_by("");
    migrate(&schema.url, &undeclared()).unwrap();
    let before = schema.shape();
    let first = vec![STEP.to_owned()];
    let plugin = using(&ORGANIZATION);
    assert_eq!(pending(&schema.url, &plugin).unwrap(), first);
    assert_eq!(migrate(&schema.url, &plugin).unwrap(), first);
    assert_eq!(inspect(&schema.url, &plugin).unwrap(), SchemaState::Current);

    let mut others = all_steps();
    others.retain(|step| is_optional(step) && step != STEP);
    others.push("invitation.teamId".to_owned());
    assert!(others.len() > 4, "{others:?}");
    assert_eq!(migrate(&schema.url, &every_table()).unwrap(), others);
    let with_every_table = schema.shape();
    assert!(before.iter().all(|line| with_every_table.contains(line)));
    assert_eq!(inspect(&schema.url, &undeclared()).unwrap(), SchemaState::Current);
    assert_eq!(migrate(&schema.url, &undeclared()).unwrap(), Vec::<String>::new());
    assert_eq!(schema.shape(), with_every_table);

    revert(&schema);
    assert_eq!(schema.shape(), Vec::<String>::new());
    migrate(&schema.url, &every_table()).unwrap();
    assert_eq!(schema.shape(), with_every_table);
}

#[test]
fn the_tables_of_organizations_are_those_of_better_auth() {
    let theirs = Schema::made_by(PLUGINS);
    let ours = Schema::made_by("");
    migrate(&ours.url, &every_table()).unwrap();
    let (theirs, ours) = (theirs.shape(), ours.shape());
    let is_of_organizations = |line: &&String| {
        let mut names = ["organization", "member", "invitation", "team"].into_iter();
        names.any(|name| line.contains(name)) && !line.starts_with("session ")
    };
    let expected: Vec<_> = theirs.iter().filter(is_of_organizations).collect();
    assert!(expected.len() > 40, "{expected:?}");
    for line in expected {
        assert!(ours.contains(line), "{line}");
    }
}

/// Checks that Portcullis creates an optional table as these statements of Better Auth do.
pub(crate) fn assert_table_of_better_auth(table: &'static str, statements: &str) {
    let theirs = Schema::made_by(&format!("{CORE}{statements}"));
    let ours = Schema::made_by("");
    migrate(&ours.url, &using(&[table])).unwrap();
    let (theirs, ours) = (theirs.shape(), ours.shape());
    let is_of_table = |line: &&String| line.contains(table) && !line.contains("portcullis_");
    let expected: Vec<_> = theirs.iter().filter(is_of_table).collect();
    assert!(expected.len() > 10, "{expected:?}");
    let found: Vec<_> = ours.iter().filter(is_of_table).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_database_of_better_auth_with_every_plugin_is_migrated_without_a_change_to_its_rows() {
    let schema = Schema::made_by(&format!(
        "{PLUGINS}{API_KEY}{PASSKEY}{ROWS}{KEY_ROW}{PASSKEY_ROW}"
    ));
    let rows = schema.rows();
    assert_eq!(migrate(&schema.url, &every_table()).unwrap(), all_steps());
    assert_eq!(
        inspect(&schema.url, &every_table()).unwrap(),
        SchemaState::Current
    );
    let rows_now = schema.rows();
    assert!(rows.iter().all(|line| rows_now.contains(line)));
}

#[test]
fn tables_of_an_application_that_have_the_names_of_a_disabled_plugin_are_not_changed() {
    let schema = Schema::made_by(&format!(
        "{CORE}CREATE TABLE team (id serial PRIMARY KEY, title text NOT NULL);
         CREATE TABLE organization (id serial PRIMARY KEY, name text NOT NULL);
         CREATE TABLE apikey (id serial PRIMARY KEY, secret text NOT NULL);
         CREATE TABLE passkey (id serial PRIMARY KEY, secret text NOT NULL);"
    ));
    migrate(&schema.url, &undeclared()).unwrap();
    assert_eq!(inspect(&schema.url, &undeclared()).unwrap(), SchemaState::Current);
    let SchemaState::Foreign(reasons) = inspect(&schema.url, &using(&["organization"])).unwrap() else {
        panic!("the application's table was taken for Better Auth's");
    };
    for reason in [
        "\"organization\".\"id\" is integer and must be text",
        "\"organization\" must have a column \"slug\" of type text",
    ] {
        assert!(
            reasons.iter().any(|found| found.starts_with(reason)),
            "{reasons:?}"
        );
    }
    assert!(
        !reasons
            .iter()
            .any(|reason| ["team", "apikey", "passkey"].iter().any(|it| reason.contains(it))),
        "{reasons:?}"
    );
}

#[test]
fn a_dropped_table_of_an_enabled_plugin_is_reported() {
    for table in optional_tables() {
        let schema = Schema::made_by("");
        migrate(&schema.url, &every_table()).unwrap();
        schema.execute(&format!("DROP TABLE \"{table}\" CASCADE"));
        let reason = format!("the table \"{table}\" is missing, although its migration was applied");
        let state = inspect(&schema.url, &every_table()).unwrap();
        assert_eq!(state, SchemaState::Foreign(vec![reason]));
        assert_eq!(inspect(&schema.url, &undeclared()).unwrap(), SchemaState::Current);
    }
}

#[test]
fn declared_columns_of_a_plugins_table_are_added() {
    let schema = Schema::made_by("");
    let mut fields = using(&ORGANIZATION);
    let declared = FieldSchema::new(vec![field("title", FieldKind::String)]);
    fields.tables = fields.tables.into_iter().chain([("member", declared)]).collect();
    let missing = pending(&schema.url, &fields).unwrap();
    assert_eq!(missing.last().unwrap(), "member.title");
    migrate(&schema.url, &fields).unwrap();
    assert_eq!(inspect(&schema.url, &fields).unwrap(), SchemaState::Current);
    let columns = schema.lines(
        "SELECT data_type::text AS line FROM information_schema.columns
         WHERE table_name = 'member' AND column_name = 'title'",
    );
    assert_eq!(columns, ["text"]);
}
