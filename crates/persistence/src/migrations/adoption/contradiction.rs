//! Names in the configuration that contradict the tables, or what the adoption has recorded.

use std::collections::BTreeSet;

use super::{
    candidates::{Candidate, Candidates},
    mapping::like,
    names::{Name, TableNames},
};
use crate::migrations::expected;

/// How a recorded name can be changed.
const UNDO_FIRST: &str = "run `portcullis adopt --undo` first";

/// Returns a reason for each contradiction about a table that was recognised. `needed` are the fields of its view.
pub(super) fn find(
    candidates: Candidates<'_>,
    expected: &expected::Table,
    candidate: Candidate<'_>,
    needed: &BTreeSet<String>,
) -> Vec<String> {
    let (view, hints) = (expected.name, candidates.hints);
    if let (Some(recorded), Some(name)) = (hints.recorded(view), hints.named_table(view))
        && recorded.table != name.name
    {
        return vec![format!(
            "`{}` names the table \"{}\", but this adoption has taken \"{}\": to change that, {UNDO_FIRST}",
            name.key, name.name, recorded.table
        )];
    }
    let place = format!("{}.{}", candidates.schema, candidate.0);
    let mut reasons = wrong(candidates, view, (&place, candidate.1));
    reasons.extend(ambiguous(candidates, view, (&place, candidate.1), needed));
    reasons.extend(twice(candidates, view));
    reasons
}

/// Returns a reason for each name of a column that the table does not have, or that differs from the recorded one.
fn wrong(candidates: Candidates<'_>, view: &str, (place, table): Candidate<'_>) -> Vec<String> {
    let recorded = candidates.hints.recorded(view);
    let columns = candidates.hints.names.get(view).map(|names| &names.columns);
    let mut reasons = Vec::new();
    for (field, Name { key, name }) in columns.into_iter().flatten() {
        let older = recorded.and_then(|recorded| recorded.columns.get(field));
        if !table.columns.contains_key(name) {
            reasons.push(format!(
                "`{key}` names the column \"{name}\", which {place} does not have"
            ));
        } else if let Some(older) = older.filter(|older| *older != name) {
            reasons.push(format!(
                "`{key}` names the column \"{name}\", but this adoption has taken \"{older}\": to change that, {UNDO_FIRST}"
            ));
        }
    }
    reasons
}

/// Returns a reason for each field that several columns may be.
fn ambiguous(
    candidates: Candidates<'_>,
    view: &str,
    (place, table): Candidate<'_>,
    needed: &BTreeSet<String>,
) -> Vec<String> {
    let hints = candidates.hints;
    let unknown = needed.iter().filter(|field| hints.column(view, field).is_none());
    let several = unknown.map(|field| (field, like(table, field)));
    let several = several.filter(|(_, columns)| columns.len() > 1);
    several
        .map(|(field, columns)| {
            format!(
                "each of the columns {} of {place} may be `{field}`: name one of them in `{}.fields.{field}`",
                columns.join(", "),
                hints.key(view)
            )
        })
        .collect()
}

/// Returns a reason for each column that the configuration names for two fields.
fn twice(candidates: Candidates<'_>, view: &str) -> Vec<String> {
    let columns = candidates.hints.names.get(view).map(|names| &names.columns);
    let mut seen: Vec<&Name> = Vec::new();
    let mut reasons = Vec::new();
    for name in columns.into_iter().flat_map(|columns| columns.values()) {
        if let Some(other) = seen.iter().find(|other| other.name == name.name) {
            reasons.push(format!(
                "`{}` and `{}` name the same column \"{}\"",
                other.key, name.key, name.name
            ));
        }
        seen.push(name);
    }
    reasons
}

/// Returns the reason that there is no table to which these names of columns could apply.
pub(super) fn unused(names: &TableNames, view: &str) -> Option<String> {
    let Name { key, name } = names.columns.values().next()?;
    Some(format!(
        "`{key}` names the column \"{name}\", but no table was recognised as `{view}`: set `{}.model_name`, or remove \
         the names of its columns",
        names.key
    ))
}
