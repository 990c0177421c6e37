//! Names of tables and columns that differ from Better Auth's, for the adoption of a database.

use std::collections::BTreeMap;

use portcullis_persistence::migrations::adoption::{Names, TableNames, camel};
use serde_json::{Map, Value};

use super::{
    declare::{table, text},
    key::{Declaration, Key},
    settings::Settings,
};

/// What the members of `fields` are.
const FIELDS: &str = "columns by field name";
/// What the members of `schema` are.
const SCHEMA: &str = "tables with `model_name` and `fields`";
/// The longest name in PostgreSQL.
const LONGEST: usize = 63;

const USER_TABLE: Key<Option<String>> = text(
    "user.model_name",
    "Table of users in the application's database, if its name is not recognised by `portcullis adopt`.",
)
.otherwise("found by its name and columns");
const USER_FIELDS: Key<Map<String, Value>> = table(
    "user.fields",
    FIELDS,
    "Columns of that table whose names are not the fields' in camel or snake case, as in `{ email = \"…\" }`.",
)
.or("{}");
const SESSION_TABLE: Key<Option<String>> = text(
    "session.model_name",
    "Table of sessions in the application's database, if its name is not recognised by `portcullis adopt`.",
)
.otherwise("found by its name and columns");
const SESSION_FIELDS: Key<Map<String, Value>> = table(
    "session.fields",
    FIELDS,
    "Columns of that table whose names are not the fields' in camel or snake case, as in `{ token = \"…\" }`.",
)
.or("{}");
const ACCOUNT_TABLE: Key<Option<String>> = text(
    "account.model_name",
    "Table of accounts in the application's database, if its name is not recognised by `portcullis adopt`.",
)
.otherwise("found by its name and columns");
const ACCOUNT_FIELDS: Key<Map<String, Value>> = table(
    "account.fields",
    FIELDS,
    "Columns of that table whose names are not the fields' in camel or snake case, as in `{ password = \"…\" }`.",
)
.or("{}");
const VERIFICATION_TABLE: Key<Option<String>> = text(
    "verification.model_name",
    "Table of one-time tokens in the application's database, if its name is not recognised by `portcullis adopt`.",
)
.otherwise("found by its name and columns");
const VERIFICATION_FIELDS: Key<Map<String, Value>> = table(
    "verification.fields",
    FIELDS,
    "Columns of that table whose names are not the fields' in camel or snake case, as in `{ value = \"…\" }`.",
)
.or("{}");
const RATE_LIMIT_TABLE: Key<Option<String>> = text(
    "rate_limit.model_name",
    "Table of rate limits in the application's database, if its name is not recognised by `portcullis adopt`.",
)
.otherwise("found by its name and columns");
const RATE_LIMIT_FIELDS: Key<Map<String, Value>> = table(
    "rate_limit.fields",
    FIELDS,
    "Columns of that table whose names are not the fields' in camel or snake case, as in `{ key = \"…\" }`.",
)
.or("{}");
const JWT_SCHEMA: Key<Map<String, Value>> = table(
    "plugins.jwt.schema",
    SCHEMA,
    "Names of the plugin's tables and columns, as in Better Auth's option `schema`, for `portcullis adopt`.",
)
.or("{}");
const TWO_FACTOR_SCHEMA: Key<Map<String, Value>> = table(
    "plugins.two_factor.schema",
    SCHEMA,
    "Names of the plugin's tables and columns, as in Better Auth's option `schema`, for `portcullis adopt`.",
)
.or("{}");
const USERNAME_SCHEMA: Key<Map<String, Value>> = table(
    "plugins.username.schema",
    SCHEMA,
    "Names of the plugin's tables and columns, as in Better Auth's option `schema`, for `portcullis adopt`.",
)
.or("{}");

/// The keys of each section, in the order of the documentation.
pub(super) const USER_KEYS: &[&Declaration] = &[&USER_TABLE.declaration, &USER_FIELDS.declaration];
pub(super) const SESSION_KEYS: &[&Declaration] = &[&SESSION_TABLE.declaration, &SESSION_FIELDS.declaration];
pub(super) const ACCOUNT_KEYS: &[&Declaration] = &[&ACCOUNT_TABLE.declaration, &ACCOUNT_FIELDS.declaration];
pub(super) const VERIFICATION_KEYS: &[&Declaration] =
    &[&VERIFICATION_TABLE.declaration, &VERIFICATION_FIELDS.declaration];
pub(super) const RATE_LIMIT_KEYS: &[&Declaration] =
    &[&RATE_LIMIT_TABLE.declaration, &RATE_LIMIT_FIELDS.declaration];
pub(super) const JWT_KEYS: &[&Declaration] = &[&JWT_SCHEMA.declaration];
pub(super) const TWO_FACTOR_KEYS: &[&Declaration] = &[&TWO_FACTOR_SCHEMA.declaration];
pub(super) const USERNAME_KEYS: &[&Declaration] = &[&USERNAME_SCHEMA.declaration];

/// Reads the names.
pub(super) fn read(settings: &mut Settings) -> Names {
    let mut names = Names::new();
    for (name, model_name, fields) in [
        ("user", &USER_TABLE, &USER_FIELDS),
        ("session", &SESSION_TABLE, &SESSION_FIELDS),
        ("account", &ACCOUNT_TABLE, &ACCOUNT_FIELDS),
        ("verification", &VERIFICATION_TABLE, &VERIFICATION_FIELDS),
        ("rateLimit", &RATE_LIMIT_TABLE, &RATE_LIMIT_FIELDS),
    ] {
        let table = settings.get(model_name);
        if table.as_ref().is_some_and(|table| !is_name(table)) {
            settings.refuse(
                model_name,
                format!("`{model_name}` must be the name of a table, of at most {LONGEST} bytes"),
            );
        }
        let columns = settings.get(fields);
        let columns = columns_of(settings, fields, &columns);
        names.insert(name, TableNames { table, columns });
    }
    for key in [&JWT_SCHEMA, &TWO_FACTOR_SCHEMA, &USERNAME_SCHEMA] {
        for (name, table) in settings.get(key) {
            add_schema(settings, key, (&name, &table), &mut names);
        }
    }
    names
}

/// Adds the names of one member of a plugin's `schema`.
fn add_schema(
    settings: &mut Settings,
    key: &Key<Map<String, Value>>,
    (name, table): (&str, &Value),
    names: &mut Names,
) {
    let known = ["user", "jwks", "twoFactor"];
    let Some(known) = known.into_iter().find(|known| *known == camel(name)) else {
        settings.refuse(key, format!("`{key}` has no table \"{name}\""));
        return;
    };
    let Some(table) = table.as_object() else {
        settings.refuse(
            key,
            format!("`{key}.{name}` must be a table with `model_name` and `fields`"),
        );
        return;
    };
    let entry = names.entry(known).or_default();
    for (member, value) in table {
        match (camel(member).as_str(), value) {
            ("modelName", Value::String(name)) if is_name(name) => entry.table = Some(name.clone()),
            ("fields", Value::Object(fields)) => entry.columns.extend(columns_of(settings, key, fields)),
            _ => settings.refuse(
                key,
                format!("`{key}.{name}.{member}` is none of `model_name` (a name) and `fields` (columns by field name)"),
            ),
        }
    }
}

/// Returns the column for each field, by the field's name in Better Auth.
fn columns_of(
    settings: &mut Settings,
    key: &Key<Map<String, Value>>,
    fields: &Map<String, Value>,
) -> BTreeMap<String, String> {
    let mut columns = BTreeMap::new();
    for (field, column) in fields {
        match column.as_str().filter(|column| is_name(column)) {
            Some(column) => {
                columns.insert(camel(field), column.to_owned());
            }
            None => settings.refuse(key, format!("`{key}.{field}` must be the name of a column")),
        }
    }
    columns
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST && !text.contains('\0')
}
