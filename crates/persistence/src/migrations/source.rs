//! The SQL of the migrations, as text: parts of it are also run on their own.

use crate::additional::DeclaredFields;

/// The name of each migration and its SQL, oldest first.
pub(super) const STEPS: &[(&str, &str)] = &[
    (
        "portcullis-0001_user",
        include_str!("../../../../migrations/portcullis-0001_user/up.sql"),
    ),
    (
        "portcullis-0002_session",
        include_str!("../../../../migrations/portcullis-0002_session/up.sql"),
    ),
    (
        "portcullis-0003_account",
        include_str!("../../../../migrations/portcullis-0003_account/up.sql"),
    ),
    (
        "portcullis-0004_verification",
        include_str!("../../../../migrations/portcullis-0004_verification/up.sql"),
    ),
    (
        "portcullis-0005_rate_limit",
        include_str!("../../../../migrations/portcullis-0005_rate_limit/up.sql"),
    ),
    (
        "portcullis-0006_known_address",
        include_str!("../../../../migrations/portcullis-0006_known_address/up.sql"),
    ),
    (
        "portcullis-0007_housekeeping",
        include_str!("../../../../migrations/portcullis-0007_housekeeping/up.sql"),
    ),
    (
        "portcullis-0008_message",
        include_str!("../../../../migrations/portcullis-0008_message/up.sql"),
    ),
    (
        "portcullis-0009_jwks",
        include_str!("../../../../migrations/portcullis-0009_jwks/up.sql"),
    ),
    (
        "portcullis-0010_verification_indexes",
        include_str!("../../../../migrations/portcullis-0010_verification_indexes/up.sql"),
    ),
    (
        "portcullis-0011_rate_limit_log",
        include_str!("../../../../migrations/portcullis-0011_rate_limit_log/up.sql"),
    ),
    (
        "portcullis-0012_session_list",
        include_str!("../../../../migrations/portcullis-0012_session_list/up.sql"),
    ),
    (
        "portcullis-0013_refused_sign_up",
        include_str!("../../../../migrations/portcullis-0013_refused_sign_up/up.sql"),
    ),
    (
        "portcullis-0014_two_factor",
        include_str!("../../../../migrations/portcullis-0014_two_factor/up.sql"),
    ),
    (
        "portcullis-0015_account_identity",
        include_str!("../../../../migrations/portcullis-0015_account_identity/up.sql"),
    ),
    (
        "portcullis-0016_admin",
        include_str!("../../../../migrations/portcullis-0016_admin/up.sql"),
    ),
    (
        "portcullis-0017_api_key",
        include_str!("../../../../migrations/portcullis-0017_api_key/up.sql"),
    ),
    (
        "portcullis-0018_organization",
        include_str!("../../../../migrations/portcullis-0018_organization/up.sql"),
    ),
    (
        "portcullis-0019_team",
        include_str!("../../../../migrations/portcullis-0019_team/up.sql"),
    ),
    (
        "portcullis-0020_organization_role",
        include_str!("../../../../migrations/portcullis-0020_organization_role/up.sql"),
    ),
    (
        "portcullis-0021_passkey",
        include_str!("../../../../migrations/portcullis-0021_passkey/up.sql"),
    ),
];

/// The migrations that are applied only if an optional table is used, with this table.
const OPTIONAL: &[(&str, &str)] = &[
    ("portcullis-0017_api_key", "apikey"),
    ("portcullis-0018_organization", "organization"),
    ("portcullis-0019_team", "team"),
    ("portcullis-0020_organization_role", "organizationRole"),
    ("portcullis-0021_passkey", "passkey"),
];

/// Returns whether a migration is applied to a database with these tables.
pub(super) fn is_used(step: &str, fields: &DeclaredFields) -> bool {
    let table = OPTIONAL.iter().find(|(optional, _)| *optional == step);
    table.is_none_or(|(_, table)| fields.tables.contains_key(table))
}

/// Returns whether a migration creates this table.
pub(super) fn creates(step: &str, table: &str) -> bool {
    let statement = format!("CREATE TABLE IF NOT EXISTS \"{table}\" (");
    STEPS
        .iter()
        .any(|(name, sql)| *name == step && sql.contains(&statement))
}

/// Returns the statements of a migration, without comments and semicolons.
pub(super) fn statements(sql: &str) -> Vec<String> {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    let without_comments = lines.collect::<Vec<_>>().join("\n");
    let statements = without_comments.split(';').map(str::trim);
    statements
        .filter(|statement| !statement.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;
    use crate::migrations::expected::TABLES;

    #[test]
    fn every_table_is_created_by_a_migration_that_is_optional_if_the_table_is() {
        for table in TABLES {
            let step = STEPS.iter().find(|(step, _)| creates(step, table.name));
            let (step, _) = step.unwrap_or_else(|| panic!("no migration creates {}", table.name));
            let is_optional = OPTIONAL.iter().any(|(optional, _)| optional == step);
            assert_eq!(is_optional, table.is_optional, "{}", table.name);
        }
        for (step, table) in OPTIONAL {
            assert!(creates(step, table), "{step}: {table}");
        }
    }

    #[test]
    fn every_migration_is_listed() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let steps = folders.filter(|path| path.is_dir());
        let names: BTreeSet<_> = steps
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(names, STEPS.iter().map(|(name, _)| (*name).to_owned()).collect());
        assert!(STEPS.is_sorted());
    }

    #[test]
    fn statements_are_separated_and_have_no_comments() {
        let sql = "-- a; b\nCREATE x (\n    y\n);\n\n-- c\nCREATE z;\n";
        assert_eq!(statements(sql), ["CREATE x (\n    y\n)", "CREATE z"]);
    }
}
