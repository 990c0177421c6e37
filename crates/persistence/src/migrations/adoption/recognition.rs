//! Recognition of the application's tables.

use std::collections::BTreeMap;

use super::{candidates::Candidates, contradiction, hints::Hints, mapping, record::AdoptedTable};
use crate::{
    additional::DeclaredFields,
    migrations::{
        catalog::Table,
        expected::{self, TABLES},
    },
};

/// The tables that a schema must contain to be recognised as Better Auth's.
const NECESSARY: [&str; 3] = ["user", "session", "account"];

/// The tables of a schema.
pub(super) type Tables = BTreeMap<String, Table>;

/// Finds Better Auth's tables. `schemas` are the candidates, those in the search path first; `in_path` is their number.
///
/// # Errors
///
/// Returns what is missing or ambiguous, if the tables are in none of the schemas, or in several, and what the
/// configuration names and the schema does not have.
pub(super) fn find(
    schemas: &[(String, Tables)],
    in_path: usize,
    hints: &Hints<'_>,
    fields: &DeclaredFields,
) -> Result<Vec<AdoptedTable>, Vec<String>> {
    let candidates = choose(schemas, in_path, hints)?;
    adopted(candidates, fields)
}

/// Chooses the schema with Better Auth's tables.
fn choose<'a>(
    schemas: &'a [(String, Tables)],
    in_path: usize,
    hints: &'a Hints<'a>,
) -> Result<Candidates<'a>, Vec<String>> {
    let recorded = hints.schema();
    let candidates = schemas
        .iter()
        .filter(|(schema, _)| recorded.is_none_or(|recorded| recorded == schema))
        .map(|(schema, tables)| Candidates {
            schema,
            tables,
            hints,
        });
    let found: Vec<_> = candidates
        .map(|candidates| (candidates, lacking(candidates)))
        .collect();
    let complete = |(_, lacking): &&(Candidates<'a>, Vec<String>)| lacking.is_empty();
    let first = found.iter().take(in_path).find(complete);
    let others: Vec<_> = found.iter().skip(in_path).filter(complete).collect();
    match (first, others.as_slice()) {
        (Some((candidates, _)), _) | (None, [(candidates, _)]) => Ok(*candidates),
        (None, []) => Err(reasons(&found)),
        (None, several) => {
            let several: Vec<_> = several.iter().map(|(candidates, _)| candidates.schema).collect();
            Err(vec![format!(
                "the schemas {} all contain tables like Better Auth's: name one of them in the search path of \
                 `database.url` (`?options=-c%20search_path%3DNAME`)",
                several.join(", ")
            )])
        }
    }
}

/// Finds Better Auth's tables in a schema.
fn adopted(candidates: Candidates<'_>, fields: &DeclaredFields) -> Result<Vec<AdoptedTable>, Vec<String>> {
    let (mut adopted, mut reasons) = (Vec::new(), Vec::new());
    let is_used = |expected: &&expected::Table| {
        expected.is_used(fields) || candidates.hints.recorded(expected.name).is_some()
    };
    let of_better_auth = TABLES.iter().filter(|expected| !expected.marks.is_empty());
    for expected in of_better_auth.filter(is_used) {
        match candidates.table(expected) {
            Ok(Some(candidate)) => {
                let needed = mapping::needed(expected, candidates.hints, fields);
                reasons.extend(contradiction::find(candidates, expected, candidate, &needed));
                let (name, table) = candidate;
                adopted.push(AdoptedTable {
                    view: expected.name.to_owned(),
                    schema: candidates.schema.to_owned(),
                    table: name.to_owned(),
                    columns: mapping::columns(expected.name, table, candidates.hints, needed),
                });
            }
            Ok(None) => {
                let names = candidates.hints.names.get(expected.name);
                reasons.extend(names.and_then(|names| contradiction::unused(names, expected.name)));
            }
            Err(reason) => reasons.push(reason),
        }
    }
    if reasons.is_empty() {
        Ok(adopted)
    } else {
        Err(reasons)
    }
}

/// Returns what each schema lacks that has at least one of the tables.
fn reasons(found: &[(Candidates<'_>, Vec<String>)]) -> Vec<String> {
    let partial = found
        .iter()
        .filter(|(_, lacking)| lacking.len() < NECESSARY.len());
    let reasons: Vec<_> = partial.flat_map(|(_, lacking)| lacking.clone()).collect();
    if reasons.is_empty() {
        return vec![
            "no schema has tables like Better Auth's `user`, `session` and `account`; if they have other names, \
             set `user.model_name`, `session.model_name` and `account.model_name`"
                .to_owned(),
        ];
    }
    reasons
}

/// Returns which of the necessary tables are missing.
fn lacking(candidates: Candidates<'_>) -> Vec<String> {
    let necessary = TABLES
        .iter()
        .filter(|expected| NECESSARY.contains(&expected.name));
    let missing = necessary.filter(|expected| candidates.all(expected).is_empty());
    missing.map(|expected| absent(candidates, expected)).collect()
}

fn absent(candidates: Candidates<'_>, expected: &expected::Table) -> String {
    let named = candidates.hints.named_table(expected.name);
    named.map_or_else(
        || {
            format!(
                "the schema \"{}\" has no table for `{name}`; if the table has another name, set `{key}.model_name`",
                candidates.schema,
                name = expected.name,
                key = candidates.hints.key(expected.name)
            )
        },
        |name| candidates.absent(&name.key, &name.name),
    )
}
