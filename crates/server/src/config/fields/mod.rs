//! Fields that the deployment declares: `user.additional_fields` and `session.additional_fields`.

use portcullis_domain::{
    additional::{FieldDefinition, FieldKind, FieldSchema},
    session::Session,
    user::User,
};
use portcullis_persistence::DeclaredFields;
use serde_json::{Map, Value};

use super::{
    declare::table,
    feature_fields::{self, FeatureField, FeatureFields},
    key::Key,
    settings::Settings,
};

/// What the members of both tables are.
const DECLARATIONS: &str = "declarations by field name";
pub(super) const USER: Key<Map<String, Value>> = table(
    "user.additional_fields",
    DECLARATIONS,
    "Fields of users in addition to the built-in ones; see [additional fields](#additional-fields).",
)
.or("{}");
pub(super) const SESSION: Key<Map<String, Value>> = table(
    "session.additional_fields",
    DECLARATIONS,
    "Fields of sessions in addition to the built-in ones; see [additional fields](#additional-fields).",
)
.or("{}");
/// Members of request bodies about users that are no fields of users.
const OTHER_MEMBERS: [&str; 5] = ["password", "newPassword", "rememberMe", "callbackURL", "token"];
/// Registered claims of JWTs.
const REGISTERED_CLAIMS: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
/// Maximum length of a column name in PostgreSQL.
const LONGEST_NAME: usize = 63;
/// Members of a declaration in Better Auth that are not supported.
const UNSUPPORTED: [&str; 8] = [
    "bigint",
    "fieldName",
    "index",
    "onUpdate",
    "references",
    "sortable",
    "transform",
    "validator",
];

/// Reads the declared fields of users and of sessions. They follow the fields of features, whose names are reserved.
pub(super) fn read(settings: &mut Settings, of_features: FeatureFields) -> DeclaredFields {
    let built_in = [&User::MEMBERS[..], &OTHER_MEMBERS].concat();
    let user = of_key(settings, &USER, &built_in, &of_features.user);
    let session = of_key(settings, &SESSION, &Session::MEMBERS, &of_features.session);
    for field in &user {
        // wire: a required field that clients cannot set and that has no default would make every sign-up fail.
        if field.is_required && !field.is_input && field.default.is_none() {
            refuse(
                settings,
                &USER,
                &field.name,
                "is required, but clients may not set it: give it a default",
            );
        }
    }
    for field in &session {
        if field.is_required && field.default.is_none() {
            let reason =
                "is required, so no session could be created: give it a default, or set `required = false`";
            refuse(settings, &SESSION, &field.name, reason);
        }
    }
    DeclaredFields {
        user: schema(of_features.user, user),
        session: schema(of_features.session, session),
        tables: feature_fields::tables(settings),
    }
}

fn schema(of_features: Vec<FeatureField>, declared: Vec<FieldDefinition>) -> FieldSchema {
    let of_features = of_features.into_iter().map(|field| field.definition);
    FieldSchema::new(of_features.chain(declared).collect())
}

/// Declarations of fields, and the key that contains them.
pub(super) struct Declared<'a> {
    pub(super) key: &'a Key<Map<String, Value>>,
    /// The place in the configuration, such as `user.additional_fields`.
    pub(super) section: &'a str,
    pub(super) declarations: &'a Map<String, Value>,
}

/// Reads the declared fields of a plugin's table.
pub(super) fn of_table(settings: &mut Settings, declared: &Declared<'_>, built_in: &[&str]) -> FieldSchema {
    FieldSchema::new(read_declared(settings, declared, built_in, &[]))
}

fn of_key(
    settings: &mut Settings,
    key: &Key<Map<String, Value>>,
    built_in: &[&str],
    of_features: &[FeatureField],
) -> Vec<FieldDefinition> {
    let declared = Declared {
        key,
        section: key.name,
        declarations: &settings.get(key),
    };
    read_declared(settings, &declared, built_in, of_features)
}

fn read_declared(
    settings: &mut Settings,
    declared: &Declared<'_>,
    built_in: &[&str],
    of_features: &[FeatureField],
) -> Vec<FieldDefinition> {
    let mut fields = Vec::new();
    for (name, declaration) in declared.declarations {
        match field(name, declaration, (built_in, of_features)) {
            Ok(field) => fields.push(field),
            Err(reason) => settings.refuse(declared.key, format!("`{}.{name}` {reason}", declared.section)),
        }
    }
    fields
}

fn refuse(settings: &mut Settings, key: &Key<Map<String, Value>>, name: &str, reason: &str) {
    settings.refuse(key, format!("`{key}.{name}` {reason}"));
}

fn field(
    name: &str,
    declaration: &Value,
    (built_in, of_features): (&[&str], &[FeatureField]),
) -> Result<FieldDefinition, String> {
    check_name(name, built_in)?;
    check_features(name, of_features)?;
    let declaration = declaration
        .as_object()
        .ok_or("must be a table such as { type = \"string\" }")?;
    check_members(declaration)?;
    let kind = kind(declaration.get("type"))?;
    let is = |member: &str, otherwise: bool| match declaration.get(member) {
        None => Ok(otherwise),
        Some(Value::Bool(boolean)) => Ok(*boolean),
        Some(_) => Err(format!("has a `{member}` that is neither `true` nor `false`")),
    };
    let field = FieldDefinition {
        name: name.to_owned(),
        default: default(declaration, &kind)?,
        kind,
        is_required: is("required", true)?,
        is_input: is("input", true)?,
        is_returned: is("returned", true)?,
        is_unique: is("unique", false)?,
    };
    check_default(&field)?;
    Ok(field)
}

/// Rejects a default that only one row could have.
fn check_default(field: &FieldDefinition) -> Result<(), &'static str> {
    if field.is_unique && field.default.is_some() {
        return Err(
            "is unique, but every row without a value would get the same default: remove one of both",
        );
    }
    Ok(())
}

/// Rejects the name of a field that a feature adds.
fn check_features(name: &str, of_features: &[FeatureField]) -> Result<(), String> {
    let is_taken = |field: &&FeatureField| field.definition.name.eq_ignore_ascii_case(name);
    match of_features.iter().find(is_taken) {
        Some(FeatureField { feature, .. }) => Err(format!(
            "has the name of a field of the plugin `{feature}`; use another name"
        )),
        None => Ok(()),
    }
}

fn check_name(name: &str, built_in: &[&str]) -> Result<(), &'static str> {
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_word = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !begins_well || !is_word || name.len() > LONGEST_NAME {
        return Err(
            "must have a name of at most 63 letters, digits and underscores that begins with a letter",
        );
    }
    if built_in.iter().any(|other| other.eq_ignore_ascii_case(name)) {
        return Err("has the name of a built-in field; use another name");
    }
    if REGISTERED_CLAIMS.contains(&name) {
        return Err("has the name of a registered claim of JWTs");
    }
    Ok(())
}

fn check_members(declaration: &Map<String, Value>) -> Result<(), String> {
    const KNOWN: [&str; 8] = [
        "type",
        "required",
        "default",
        "default_value",
        "defaultValue",
        "input",
        "returned",
        "unique",
    ];
    for member in declaration.keys() {
        if UNSUPPORTED.contains(&member.as_str()) {
            return Err(format!("has `{member}`, which is not supported yet"));
        }
        if !KNOWN.contains(&member.as_str()) {
            return Err(format!(
                "has an unknown member `{member}`: known members are {KNOWN:?}"
            ));
        }
    }
    Ok(())
}

fn kind(given: Option<&Value>) -> Result<FieldKind, &'static str> {
    const WRONG: &str = "must have a `type`: \"string\", \"number\", \"boolean\", \"date\", \"string[]\", \"number[]\", \"json\", or a list of the allowed texts";
    match given {
        Some(Value::String(name)) => Ok(match name.as_str() {
            "string" => FieldKind::String,
            "number" => FieldKind::Number,
            "boolean" => FieldKind::Boolean,
            "date" => FieldKind::Date,
            "string[]" => FieldKind::Strings,
            "number[]" => FieldKind::Numbers,
            "json" => FieldKind::Json,
            _ => return Err(WRONG),
        }),
        Some(Value::Array(choices)) if !choices.is_empty() => {
            let choices = choices.iter().map(|choice| choice.as_str().map(str::to_owned));
            choices.collect::<Option<_>>().map(FieldKind::Enum).ok_or(WRONG)
        }
        _ => Err(WRONG),
    }
}

fn default(declaration: &Map<String, Value>, kind: &FieldKind) -> Result<Option<Value>, String> {
    let given = ["default", "default_value", "defaultValue"].map(|member| declaration.get(member));
    let mut given = given.into_iter().flatten();
    let Some(value) = given.next() else {
        return Ok(None);
    };
    if given.next().is_some() {
        return Err("has two defaults".to_owned());
    }
    let value = kind.read(value);
    value
        .map(Some)
        .ok_or_else(|| format!("has a default that is not {}", kind.expected()))
}

#[cfg(test)]
mod tests;
