//! Proofs of the keys that name tables and columns. What they do at `portcullis adopt` is tested with the program.

use super::proof::{Proof, refused};

/// Longer than a name in PostgreSQL.
const TOO_LONG: &str = "a234567890123456789012345678901234567890123456789012345678901234";

pub(super) fn proofs() -> Vec<Proof> {
    let tables = [
        "account.model_name",
        "rate_limit.model_name",
        "session.model_name",
        "user.model_name",
        "verification.model_name",
    ];
    let tables = tables.map(|key| refused(key, TOO_LONG, "must be the name of a table"));
    let fields = [
        "account.fields",
        "rate_limit.fields",
        "session.fields",
        "user.fields",
        "verification.fields",
    ];
    let fields = fields.map(|key| refused(key, r#"{"id":1}"#, "must be the name of a column"));
    let schemas = [
        "plugins.admin.schema",
        "plugins.anonymous.schema",
        "plugins.api_key.schema",
        "plugins.jwt.schema",
        "plugins.last_login_method.schema",
        "plugins.organization.schema",
        "plugins.phone_number.schema",
        "plugins.two_factor.schema",
        "plugins.username.schema",
    ];
    let schemas = schemas.map(|key| refused(key, r#"{"passkey":{}}"#, "has no table \"passkey\""));
    let of_passkeys = refused(
        "plugins.passkey.schema",
        r#"{"apikey":{}}"#,
        "has no table \"apikey\"",
    );
    let adopted = refused(
        "database.adopted_schema",
        "public",
        "must be a name of lower-case letters",
    );
    tables
        .into_iter()
        .chain(fields)
        .chain(schemas)
        .chain([of_passkeys, adopted])
        .collect()
}
