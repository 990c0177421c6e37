//! The column of the application's table for each field.

use std::collections::{BTreeMap, BTreeSet};

use super::{hints::Hints, names::plain};
use crate::{
    additional::DeclaredFields,
    migrations::{
        catalog::Table,
        declared,
        expected::{self, TABLES},
        unenforced,
    },
};

/// Returns the fields of one of Better Auth's tables, without those that plugins and the deployment add.
#[must_use]
pub fn fields(table: &str) -> Vec<&'static str> {
    let expected = TABLES.iter().find(|expected| expected.name == table);
    let columns = expected.into_iter().flat_map(|expected| expected.columns);
    let columns = columns.map(|column| column.name);
    columns.chain(unenforced::restrictions(table)).collect()
}

/// Returns the fields that the server reads or writes, and those that the adoption has recorded.
pub(super) fn needed(
    expected: &expected::Table,
    hints: &Hints<'_>,
    declared: &DeclaredFields,
) -> BTreeSet<String> {
    let declared = declared::all(declared).filter(|declared| declared.table() == expected.name);
    let declared = declared.map(|declared| declared.name().to_owned());
    let recorded = hints.recorded(expected.name).into_iter();
    let recorded = recorded.flat_map(|adopted| adopted.columns.keys().cloned());
    let known = fields(expected.name).into_iter().map(str::to_owned);
    known.chain(declared).chain(recorded).collect()
}

/// Returns the column for each of these fields that the table has.
pub(super) fn columns(
    view: &str,
    table: &Table,
    hints: &Hints<'_>,
    needed: BTreeSet<String>,
) -> BTreeMap<String, String> {
    let named = |field: &String| hints.column(view, field).map(str::to_owned);
    let (known, unknown): (Vec<_>, Vec<_>) = needed
        .into_iter()
        .map(|field| (named(&field), field))
        .partition(|(name, _)| name.is_some());
    let known = known.into_iter().filter_map(|(name, field)| Some((field, name?)));
    let mut columns: BTreeMap<_, _> = known
        .filter(|(_, name)| table.columns.contains_key(name))
        .collect();
    for (_, field) in unknown {
        let free = like(table, &field).into_iter();
        let mut free = free.filter(|theirs| !columns.values().any(|taken| taken == theirs));
        if let Some(theirs) = free.next() {
            columns.insert(field, theirs.to_owned());
        }
    }
    columns
}

/// Returns the columns of the table that have the name of a field, in any naming convention, that with exactly the
/// same name first.
pub(super) fn like<'a>(table: &'a Table, field: &str) -> Vec<&'a str> {
    let names = table.columns.keys().map(String::as_str);
    let (mut exact, others): (Vec<_>, Vec<_>) = names
        .filter(|theirs| plain(theirs) == plain(field))
        .partition(|theirs| *theirs == field);
    exact.extend(others);
    exact
}
