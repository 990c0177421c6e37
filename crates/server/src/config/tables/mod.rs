//! Names of tables and columns that differ from Better Auth's, for the adoption of a database.

mod reader;
mod schema;
#[cfg(test)]
mod tests;

use portcullis_persistence::{
    DeclaredFields,
    migrations::adoption::{Names, fields},
};
use serde_json::{Map, Value};

use self::reader::Reader;
pub(super) use self::schema::Schema;
use super::{
    declare::{table, text},
    feature_fields,
    key::{Declaration, Key},
    settings::Settings,
};

/// What the members of `fields` are.
const FIELDS: &str = "columns by field name";
/// Better Auth's table of users.
const USER: &str = "user";
/// Better Auth's table of sessions.
const SESSION: &str = "session";

const USER_TABLE: Key<Option<String>> = text(
    "user.model_name",
    "Table of users in the application's database, if its name is not recognised by `portcullis adopt`.",
)
.otherwise("found by its name and columns");
const USER_FIELDS: Key<Map<String, Value>> = table(
    "user.fields",
    FIELDS,
    "Columns of the table of users whose names `portcullis adopt` does not recognise, as in `{ email = \"…\" }`. It recognises the fields' names in camel and snake case.",
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
    "Columns of the table of sessions whose names `portcullis adopt` does not recognise, as in `{ token = \"…\" }`. It recognises the fields' names in camel and snake case.",
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
    "Columns of the table of accounts whose names `portcullis adopt` does not recognise, as in `{ password = \"…\" }`. It recognises the fields' names in camel and snake case.",
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
    "Columns of the table of one-time tokens whose names `portcullis adopt` does not recognise, as in `{ value = \"…\" }`. It recognises the fields' names in camel and snake case.",
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
    "Columns of the table of rate limits whose names `portcullis adopt` does not recognise, as in `{ key = \"…\" }`. It recognises the fields' names in camel and snake case.",
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

/// Reads the names. `declared` are the fields that users and sessions have in addition to the built-in ones.
pub(super) fn read(settings: &mut Settings, declared: &DeclaredFields) -> Names {
    let mut reader = Reader::new(settings);
    for (table, model_name, fields) in [
        ("user", &USER_TABLE, &USER_FIELDS),
        ("session", &SESSION_TABLE, &SESSION_FIELDS),
        ("account", &ACCOUNT_TABLE, &ACCOUNT_FIELDS),
        ("verification", &VERIFICATION_TABLE, &VERIFICATION_FIELDS),
        ("rateLimit", &RATE_LIMIT_TABLE, &RATE_LIMIT_FIELDS),
    ] {
        let section = fields.name.trim_end_matches(".fields");
        reader.enter(table, section);
        reader.read_table(model_name, (table, section));
        reader.read_columns(fields, (table, section), &known(table, declared));
    }
    for schema in feature_fields::SCHEMAS {
        schema.read(&mut reader);
    }
    reader.names
}

/// Returns the fields of a table of the core.
fn known(table: &str, declared: &DeclaredFields) -> Vec<String> {
    let schemas = declared.tables().filter(|(name, _)| *name == table);
    let declared = schemas
        .flat_map(|(_, schema)| schema.fields())
        .map(|field| field.name.clone());
    let of_plugins = feature_fields::SCHEMAS.iter();
    let of_plugins = of_plugins.flat_map(|schema| schema.fields_of(table));
    let built_in = fields(table).into_iter().map(str::to_owned);
    let all = built_in.chain(of_plugins).chain(declared);
    all.fold(Vec::new(), |mut known, field| {
        if !known.contains(&field) {
            known.push(field);
        }
        known
    })
}
