//! Comparison of the database's schema with the expected one.

use super::{
    SchemaState,
    adoption::{plain, sql::quoted},
    catalog::{self, Catalog},
    declared,
    expected::{self, Kind, TABLES},
    source,
};
use crate::additional::DeclaredFields;

/// Prefix of our migrations' versions. diesel may record another program's migrations in the same table; they are
/// ignored.
const PREFIX: &str = "portcullis";

/// Prefix of the tables that Better Auth does not have.
pub(super) const OWN: &str = "portcullis_";

/// A migration of this program.
pub(super) struct Step {
    pub(super) name: String,
    pub(super) version: String,
    /// Whether it is applied to this database.
    pub(super) is_used: bool,
}

/// Compares the catalogue with the known migrations and the declared columns.
pub(super) fn compare_catalog(catalog: &Catalog, known: Vec<Step>, fields: &DeclaredFields) -> SchemaState {
    let reasons = reasons(catalog, &known, fields);
    if !reasons.is_empty() && catalog.is_adopted() {
        return SchemaState::Misfit(reasons);
    }
    if !reasons.is_empty() {
        return SchemaState::Foreign(reasons);
    }
    let is_known = |version: &&String| known.iter().any(|step| step.version == **version);
    let of_ours = catalog
        .versions
        .iter()
        .filter(|version| version.starts_with(PREFIX));
    let unknown: Vec<String> = of_ours.filter(|version| !is_known(version)).cloned().collect();
    if !unknown.is_empty() {
        return SchemaState::Ahead(unknown);
    }
    let missing = known
        .into_iter()
        .filter(|step| step.is_used && !catalog.versions.contains(&step.version));
    let columns = declared::all(fields).filter(|declared| declared.is_missing(catalog));
    let columns = columns.map(declared::Declared::step);
    let missing: Vec<String> = missing.map(|step| step.name).chain(columns).collect();
    if missing.is_empty() {
        SchemaState::Current
    } else {
        SchemaState::Behind(missing)
    }
}

/// Returns what must change, one sentence for each change.
pub(super) fn reasons(catalog: &Catalog, known: &[Step], fields: &DeclaredFields) -> Vec<String> {
    // A table such as "users" may belong to any program. If there is one that looks like "account", the tables are
    // Better Auth's with other names.
    let is_renamed = !catalog.tables.contains_key("account") && lookalike(catalog, "account").is_some();
    let encoding = catalog.foreign_encoding.as_ref();
    let mut reasons: Vec<String> = encoding
        .map(|encoding| format!("the database has the encoding {encoding} and must have UTF8"))
        .into_iter()
        .collect();
    for expected in TABLES.iter().filter(|expected| expected.is_used(fields)) {
        if let Some(table) = catalog.tables.get(expected.name) {
            if catalog.is_adopted() && table.columns.is_empty() {
                let place = catalog.table(expected.name);
                reasons.push(format!(
                    "the table {place} or its view is gone: run `portcullis adopt`"
                ));
                continue;
            }
            compare(expected.name, table, (expected, catalog), &mut reasons);
            compare_extra((expected, catalog), table, fields, &mut reasons);
            compare_unseen(expected.name, table, catalog, &mut reasons);
            compare_access(&catalog.table(expected.name), table, &mut reasons);
        } else if is_renamed && let Some((name, table)) = lookalike(catalog, expected.name) {
            reasons.push(format!(
                "the table \"{name}\" must be called \"{}\"",
                expected.name
            ));
            compare(name, table, (expected, catalog), &mut reasons);
        } else if has_been_made(expected.name, catalog, known) {
            reasons.push(format!(
                "the table \"{}\" is missing, although its migration was applied",
                expected.name
            ));
        }
    }
    for declared in declared::all(fields) {
        declared.compare(catalog, &mut reasons);
        // Only an adoption adds columns to tables of the application.
        let mut adopted = catalog.adopted.iter();
        if adopted.any(|adopted| adopted.view == declared.table()) && declared.is_missing(catalog) {
            reasons.push(format!(
                "the adoption has no column for the field \"{}\".\"{}\": run `portcullis adopt`, which finds or adds it",
                declared.table(),
                declared.name()
            ));
        }
    }
    reasons
}

/// Returns whether the migration that creates a table was applied.
fn has_been_made(table: &str, catalog: &Catalog, known: &[Step]) -> bool {
    known
        .iter()
        .any(|step| source::creates(&step.name, table) && catalog.versions.contains(&step.version))
}

/// Returns the table that has the columns of table `name`, but another name.
fn lookalike<'a>(catalog: &'a Catalog, name: &str) -> Option<(&'a str, &'a catalog::Table)> {
    let marks = TABLES.iter().find(|expected| expected.name == name)?.marks;
    let is_like = |table: &catalog::Table| {
        let has = |column: &&str| table.columns.keys().any(|theirs| plain(theirs) == plain(column));
        !marks.is_empty() && marks.iter().all(has)
    };
    let is_ours = |table: &str| TABLES.iter().any(|expected| expected.name == table);
    catalog
        .tables
        .iter()
        .find(|(theirs, table)| !is_ours(theirs) && plain(theirs).contains(name) && is_like(table))
        .map(|(theirs, table)| (theirs.as_str(), table))
}

fn compare(
    name: &str,
    table: &catalog::Table,
    (expected, catalog): (&expected::Table, &Catalog),
    reasons: &mut Vec<String>,
) {
    for column in expected.columns {
        compare_column((name, table), column, catalog, reasons);
    }
}

/// Columns that we never write must have a default or allow NULL.
fn compare_extra(
    (expected, catalog): (&expected::Table, &Catalog),
    table: &catalog::Table,
    fields: &DeclaredFields,
    reasons: &mut Vec<String>,
) {
    let name = expected.name;
    for (extra, column) in &table.columns {
        let is_like = |column: &expected::Column| plain(column.name) == plain(extra);
        let is_known = expected.columns.iter().any(is_like) || declared::is_declared(fields, name, extra);
        if !is_known && column.is_required && !column.has_default {
            reasons.push(format!(
                "{} must have a default or allow NULL, since nothing is written to it",
                catalog.column(name, extra)
            ));
        }
    }
}

/// Columns of the application's table that an adoption does not show are never written either.
fn compare_unseen(name: &str, table: &catalog::Table, catalog: &Catalog, reasons: &mut Vec<String>) {
    let adopted = catalog.adopted.iter().find(|adopted| adopted.view == name);
    for (extra, column) in &table.unseen {
        if let Some(adopted) = adopted
            && column.is_required
            && !column.has_default
        {
            reasons.push(format!(
                "{}.{} must have a default or allow NULL, since nothing is written to it",
                adopted.place(),
                quoted(extra)
            ));
        }
    }
}

/// `name` is quoted.
fn compare_access(name: &str, table: &catalog::Table, reasons: &mut Vec<String>) {
    if !table.refused.is_empty() {
        let privileges = table.refused.join(", ");
        reasons.push(format!("the role of `database.url` needs {privileges} on {name}"));
    }
    if table.is_row_secured {
        reasons.push(format!(
            "{name} has row-level security, which must not apply to the role of `database.url`"
        ));
    }
}

fn compare_column(
    (name, table): (&str, &catalog::Table),
    expected: &expected::Column,
    catalog: &Catalog,
    reasons: &mut Vec<String>,
) {
    let like = |(theirs, _): &(&String, &catalog::Column)| plain(theirs) == plain(expected.name);
    let exact = table.columns.get_key_value(expected.name);
    let Some((theirs, column)) = exact.or_else(|| table.columns.iter().find(like)) else {
        reasons.push(format!(
            "{} must have a column \"{}\" of type {}",
            catalog.table(name),
            expected.name,
            expected.kind.name()
        ));
        return;
    };
    let place = catalog.column(name, theirs);
    let mut report = |what: &str| reasons.push(format!("{place} {what}"));
    if theirs != expected.name {
        report(&format!("must be called \"{}\"", expected.name));
    }
    let is_uuid = catalog.is_adopted() && catalog.has_uuids() && !name.starts_with(OWN);
    match expected.kind {
        Kind::Id if is_uuid && column.kind == "uuid" => {}
        kind if kind.accepts(&column.kind) => {}
        kind => report(&kind.difference(&column.kind)),
    }
    if let Some(zone) = catalog.foreign_time_zone.as_ref()
        && column.kind.contains("without time zone")
    {
        report(&format!(
            "has no time zone, so database sessions must be in UTC and not in {zone}: run ALTER ROLE … SET timezone = 'UTC'"
        ));
    }
    if expected.is_required && !expected.may_be_null && !column.is_required {
        report("must be NOT NULL");
    }
    if !expected.is_required && column.is_required {
        report("must allow NULL");
    }
    if expected.is_unique && !table.unique.contains(theirs) {
        report("must be UNIQUE");
    }
    // The application's own rule applies, and sessions and accounts are deleted before their user.
    if expected.references_user && !catalog.is_adopted() && !table.cascades.contains(theirs) {
        report("must reference \"user\".\"id\" ON DELETE CASCADE");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(number: u8) -> Step {
        Step {
            name: format!("portcullis-000{number}_thing{number}"),
            version: format!("portcullis000{number}"),
            is_used: true,
        }
    }

    fn compared(versions: &[&str]) -> SchemaState {
        let catalog = Catalog {
            versions: versions.iter().map(|&version| version.to_owned()).collect(),
            ..Catalog::default()
        };
        compare_catalog(&catalog, vec![step(1), step(2)], &DeclaredFields::default())
    }

    #[test]
    fn steps_are_compared_by_version() {
        assert_eq!(
            compared(&["portcullis0001", "portcullis0002"]),
            SchemaState::Current
        );
        assert_eq!(
            compared(&["portcullis0001"]),
            SchemaState::Behind(vec![step(2).name])
        );
        assert_eq!(
            compared(&["portcullis0001", "portcullis0002", "portcullis0003"]),
            SchemaState::Ahead(vec!["portcullis0003".to_owned()])
        );
    }

    #[test]
    fn another_encoding_is_rejected_by_name() {
        let catalog = Catalog {
            foreign_encoding: Some("SQL_ASCII".to_owned()),
            ..Catalog::default()
        };
        let reason = "the database has the encoding SQL_ASCII and must have UTF8".to_owned();
        let state = compare_catalog(&catalog, Vec::new(), &DeclaredFields::default());
        assert_eq!(state, SchemaState::Foreign(vec![reason]));
    }

    #[test]
    fn migrations_of_another_program_are_ignored() {
        let versions = ["20260101000000", "portcullis0001", "portcullis0002"];
        assert_eq!(compared(&versions), SchemaState::Current);
    }
}
