//! Migration of columns that the deployment declares.

use portcullis_domain::additional::{FieldDefinition, FieldKind, FieldSchema};
use portcullis_persistence::{
    DeclaredFields,
    migrations::{MigrateError, SchemaState, inspect, migrate, pending},
};
use serde_json::{Value, json};

use super::{CORE, PLUGINS, ROWS, Schema, revert, steps, undeclared};
use crate::additional::field;

/// The definitions of the columns of users and sessions, sorted by table and name.
const COLUMNS: &str = "
    SELECT concat_ws(' ', c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'NOT NULL' END, pg_get_expr(d.adbin, d.adrelid)) AS line
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relname IN ('user', 'session') AND a.attnum > 0
    ORDER BY 1";

fn required(name: &str, kind: FieldKind, default: Option<Value>) -> FieldDefinition {
    FieldDefinition {
        is_required: true,
        default,
        ..field(name, kind)
    }
}

fn unique(field: FieldDefinition) -> FieldDefinition {
    FieldDefinition {
        is_unique: true,
        ..field
    }
}

fn of_users(fields: Vec<FieldDefinition>) -> DeclaredFields {
    DeclaredFields {
        user: FieldSchema::new(fields),
        ..DeclaredFields::default()
    }
}

fn every_kind() -> DeclaredFields {
    DeclaredFields {
        user: FieldSchema::new(vec![
            field("timezone", FieldKind::String),
            field("age", FieldKind::Number),
            field("isNew", FieldKind::Boolean),
            field("birthday", FieldKind::Date),
            field("tags", FieldKind::Strings),
            field("color", FieldKind::Enum(vec!["red".to_owned()])),
        ]),
        session: FieldSchema::new(vec![field("scores", FieldKind::Numbers)]),
        ..DeclaredFields::default()
    }
}

#[test]
fn missing_declared_columns_are_reported_and_added_with_their_types_on_databases_of_every_origin() {
    for made in [String::new(), CORE.to_owned(), format!("{PLUGINS}{ROWS}")] {
        let schema = Schema::made_by(&made);
        let fields = every_kind();
        let missing = pending(&schema.url, &fields).unwrap();
        let declared =
            ["timezone", "age", "isNew", "birthday", "tags", "color"].map(|name| format!("user.{name}"));
        let all: Vec<String> = steps()
            .into_iter()
            .chain(declared)
            .chain(["session.scores".to_owned()])
            .collect();
        assert_eq!(missing, all);
        assert_eq!(
            inspect(&schema.url, &fields).unwrap(),
            SchemaState::Behind(all.clone())
        );

        assert_eq!(migrate(&schema.url, &fields).unwrap(), all);

        assert_eq!(inspect(&schema.url, &fields).unwrap(), SchemaState::Current);
        assert_eq!(migrate(&schema.url, &fields).unwrap(), Vec::<String>::new());
        let columns = schema.lines(COLUMNS);
        for column in [
            "session.scores jsonb",
            "user.age integer",
            "user.birthday timestamp with time zone",
            "user.color text",
            "user.isNew boolean",
            "user.tags jsonb",
            "user.timezone text",
        ] {
            assert!(columns.contains(&column.to_owned()), "{column}: {columns:?}");
        }
    }
}

#[test]
fn a_column_that_is_declared_later_is_added_and_one_that_is_no_longer_declared_stays() {
    let schema = Schema::made_by("");
    migrate(&schema.url, &undeclared()).unwrap();
    let later = of_users(vec![field("timezone", FieldKind::String)]);
    let step = vec!["user.timezone".to_owned()];
    assert_eq!(
        inspect(&schema.url, &later).unwrap(),
        SchemaState::Behind(step.clone())
    );
    assert_eq!(migrate(&schema.url, &later).unwrap(), step);
    let shape = schema.shape();
    assert_eq!(inspect(&schema.url, &undeclared()).unwrap(), SchemaState::Current);
    assert_eq!(migrate(&schema.url, &undeclared()).unwrap(), Vec::<String>::new());
    assert_eq!(schema.shape(), shape);
}

#[test]
fn up_and_down_and_up_again_gives_the_same_columns() {
    let schema = Schema::made_by("");
    migrate(&schema.url, &every_kind()).unwrap();
    let before = schema.shape();
    revert(&schema);
    assert_eq!(
        pending(&schema.url, &every_kind()).unwrap().len(),
        steps().len() + 7
    );
    migrate(&schema.url, &every_kind()).unwrap();
    assert_eq!(schema.shape(), before);
}

#[test]
fn existing_rows_get_the_default_or_null() {
    let fields = of_users(vec![
        required("plan", FieldKind::String, Some(json!("it's \\ free"))),
        required("seats", FieldKind::Number, Some(json!(3))),
        required("isNew", FieldKind::Boolean, Some(json!(true))),
        required("since", FieldKind::Date, Some(json!("2026-01-01T00:00:00.000Z"))),
        required("tags", FieldKind::Strings, Some(json!(["a'b", "\""]))),
        required("company", FieldKind::String, None),
        FieldDefinition {
            default: Some(json!("x")),
            ..field("optional", FieldKind::String)
        },
        unique(required("handle", FieldKind::String, Some(json!("same")))),
    ]);
    let schema = Schema::made_by(&format!("{PLUGINS}{ROWS}"));
    migrate(&schema.url, &fields).unwrap();
    let rows = schema.lines(
        "SELECT concat_ws('|', plan, seats, \"isNew\", since = '2026-01-01 00:00:00+00', tags->>0, tags->>1,
            num_nulls(company, optional, handle)) AS line FROM \"user\"",
    );
    assert_eq!(rows, [r#"it's \ free|3|t|t|a'b|"|3"#; 2]);
    let nullable = ["company", "handle", "optional"].map(|name| format!("user.{name} text"));
    let columns = schema.lines(COLUMNS);
    assert!(
        nullable.iter().all(|column| columns.contains(column)),
        "{columns:?}"
    );
    assert_eq!(inspect(&schema.url, &fields).unwrap(), SchemaState::Current);
}

#[test]
fn an_empty_table_gets_the_columns_of_better_auth() {
    let fields = of_users(vec![
        required("company", FieldKind::String, None),
        unique(required("handle", FieldKind::String, None)),
    ]);
    let ours = Schema::made_by("");
    migrate(&ours.url, &fields).unwrap();
    // Better Auth's migration adds this to a table for the same fields.
    let theirs = Schema::made_by(CORE);
    theirs.execute(
        "alter table \"user\" add column \"company\" text not null;
         alter table \"user\" add column \"handle\" text not null unique",
    );
    assert!(matches!(
        inspect(&theirs.url, &undeclared()).unwrap(),
        SchemaState::Foreign(_)
    ));
    migrate(&theirs.url, &fields).unwrap();
    assert_eq!(ours.shape(), theirs.shape());
}

#[test]
fn a_column_that_differs_from_its_declaration_is_rejected_by_name() {
    for (change, declared, reason) in [
        (
            "ADD age text",
            field("age", FieldKind::Number),
            "\"user\".\"age\" is text and must be integer",
        ),
        (
            "ADD tags text",
            field("tags", FieldKind::Strings),
            "\"user\".\"tags\" is text and must be jsonb",
        ),
        (
            "ADD since date",
            field("since", FieldKind::Date),
            "\"user\".\"since\" is date and must be timestamp with time zone",
        ),
        (
            "ADD plan text NOT NULL",
            field("plan", FieldKind::String),
            "\"user\".\"plan\" must allow NULL, or be declared as required",
        ),
        (
            "ADD handle text",
            unique(field("handle", FieldKind::String)),
            "\"user\".\"handle\" must be UNIQUE",
        ),
    ] {
        let schema = Schema::made_by(CORE);
        schema.execute(&format!("ALTER TABLE \"user\" {change}"));
        let before = schema.shape();
        let fields = of_users(vec![declared]);
        let reasons = vec![reason.to_owned()];
        assert_eq!(
            inspect(&schema.url, &fields).unwrap(),
            SchemaState::Foreign(reasons.clone())
        );
        assert!(
            matches!(migrate(&schema.url, &fields), Err(MigrateError::Foreign(found)) if found == reasons)
        );
        assert_eq!(schema.shape(), before);
    }
}

#[test]
fn columns_with_a_wider_type_than_declared_are_accepted() {
    let schema = Schema::made_by(CORE);
    schema.execute(
        "ALTER TABLE \"user\" ADD age bigint, ADD tags json, ADD plan varchar, ADD since timestamptz(3)",
    );
    let fields = of_users(vec![
        field("age", FieldKind::Number),
        field("tags", FieldKind::Strings),
        field("plan", FieldKind::String),
        field("since", FieldKind::Date),
    ]);
    assert_eq!(migrate(&schema.url, &fields).unwrap(), steps());
    assert_eq!(inspect(&schema.url, &fields).unwrap(), SchemaState::Current);
}

#[test]
fn concurrent_migrations_add_each_column_once() {
    let schema = Schema::made_by("");
    let fields = every_kind();
    let taken: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| migrate(&schema.url, &fields).unwrap().len()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(taken, steps().len() + 7);
}
