//! The statements of a plan, from what it has found.

use std::{collections::BTreeMap, mem};

use diesel::{PgConnection, QueryResult};

use super::{
    change::{Change, Order},
    columns::Added,
    facts::{self, Facts},
    index::{Found, Wanted},
    own::Own,
    plan::Plan,
    record::{self, AdoptedTable},
    requirements::{self, Work},
    stale, trust, view,
};
use crate::{
    additional::DeclaredFields,
    migrations::{
        MigrateError,
        catalog::{Catalog, USER},
        refused,
    },
};

/// What a plan has found.
pub(super) struct Parts<'a> {
    pub(super) adopted: &'a [AdoptedTable],
    pub(super) added: &'a [Added],
    /// The tables as they are after the adoption.
    pub(super) catalog: &'a Catalog,
    pub(super) fields: &'a DeclaredFields,
}

/// Returns the plan, apart from what was found. `unique` are the indexes of columns that must be unique.
pub(super) fn assemble<'a>(
    connection: &mut PgConnection,
    adopted_schema: &str,
    (parts, unique): (&'a Parts<'a>, Vec<(Wanted<'a>, Found)>),
    reasons: &mut Vec<String>,
) -> Result<Plan, MigrateError> {
    let reading = |error| refused("reading the schema", &error);
    let own = Own::read(connection, adopted_schema).map_err(reading)?;
    reasons.extend(own.in_the_way(parts.adopted));
    reasons.extend(trust::untrusted(connection, adopted_schema).map_err(reading)?);
    let has_uuids = parts.catalog.has_uuids();
    let mut steps = own.steps(
        connection,
        adopted_schema,
        (parts.adopted, has_uuids, parts.fields),
    )?;
    let indexes: Vec<_> = unique.into_iter().chain(mem::take(&mut steps.indexes)).collect();
    let facts = facts::read(connection, parts.adopted).map_err(reading)?;
    let missing = indexes.iter().filter(|(_, state)| *state == Found::Missing);
    let missing: Vec<_> = missing.map(|(wanted, _)| wanted).collect();
    let work = Work {
        adopted: parts.adopted,
        facts: &facts,
        added: parts.added,
        indexes: &missing,
        references_users: steps.references_users,
    };
    reasons.extend(requirements::unmet(connection, &work).map_err(reading)?);
    let mut plan = started(connection, (adopted_schema, &own), parts, reasons).map_err(reading)?;
    let (by_hand, creation) = indexing(adopted_schema, parts, (&missing, &facts));
    plan.by_hand = by_hand;
    plan.changes.extend(creation);
    plan.changes
        .extend(built_by_hand(connection, adopted_schema, &indexes).map_err(reading)?);
    plan.changes.extend(steps.changes);
    let columns = own.columns(connection, adopted_schema, (parts.adopted, parts.fields));
    plan.changes.extend(columns.map_err(reading)?);
    plan.notes.extend(steps.lost.iter().map(|table| {
        format!("the server's table \"{table}\" no longer exists: it is created again, without rows")
    }));
    if !plan.changes.is_empty() {
        reasons.extend(creation_reasons(connection, (adopted_schema, &own), parts).map_err(reading)?);
    }
    plan.changes.sort_by_key(|change| change.order);
    Ok(plan)
}

/// Returns the plan with the statements that create no indexes and no tables of ours.
fn started(
    connection: &mut PgConnection,
    (adopted_schema, own): (&str, &Own),
    parts: &Parts<'_>,
    reasons: &mut Vec<String>,
) -> QueryResult<Plan> {
    let stale = stale::find(connection, (adopted_schema, own), parts.adopted)?;
    reasons.extend(stale.reasons);
    let mut changes = own.frame(adopted_schema);
    changes.extend(stale.changes);
    changes.extend(adding(adopted_schema, parts));
    let shown = (parts.adopted, parts.catalog);
    changes.extend(own.views(connection, adopted_schema, shown, reasons)?);
    if parts.catalog.has_uuids() && !own.has_operators {
        let operators = view::uuid_operators(adopted_schema).into_iter();
        changes.extend(operators.map(|sql| Change::own(Order::Operator, sql)));
    }
    Ok(Plan {
        notes: stale.notes,
        changes,
        ..Plan::default()
    })
}

/// Returns the statements that add columns.
fn adding(adopted_schema: &str, parts: &Parts<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for added in parts.added {
        let adopted = parts.adopted.iter().find(|adopted| adopted.view == added.view);
        if let Some(adopted) = adopted {
            let keep = record::keep_column(adopted_schema, &added.addition, added.default.as_deref());
            changes.push(Change::application(adopted, Order::Column, added.sql.clone()));
            changes.push(Change::about(adopted, Order::Column, keep));
        }
    }
    changes
}

/// Returns the statements that an operator must execute to create indexes on big tables, and those that create the others.
fn indexing(
    adopted_schema: &str,
    parts: &Parts<'_>,
    (missing, facts): (&[&Wanted<'_>], &BTreeMap<&str, Facts>),
) -> (Vec<String>, Vec<Change>) {
    let (mut by_hand, mut changes) = (Vec::new(), Vec::new());
    for wanted in missing {
        // A new column is created with the adoption.
        let is_of_new_column = parts
            .added
            .iter()
            .any(|added| added.view == wanted.adopted.view && wanted.columns.contains(&added.addition.name));
        if wanted.is_slow(facts) && !is_of_new_column {
            by_hand.push(wanted.by_hand(facts));
            continue;
        }
        let create = wanted.change(is_of_new_column);
        let keep = record::keep_index(adopted_schema, &wanted.addition());
        let keep = Change::own(create.order, keep);
        changes.extend([create, keep]);
    }
    (by_hand, changes)
}

/// Returns the statements that record indexes which an operator has created.
fn built_by_hand(
    connection: &mut PgConnection,
    adopted_schema: &str,
    indexes: &[(Wanted<'_>, Found)],
) -> QueryResult<Vec<Change>> {
    let recorded = record::additions(connection, adopted_schema)?;
    let by_hand = indexes.iter().filter(|(_, state)| *state == Found::ByHand);
    let additions = by_hand.map(|(wanted, _)| wanted.addition());
    let unrecorded = additions.filter(|addition| !recorded.iter().any(|recorded| recorded.is(addition)));
    Ok(unrecorded
        .map(|addition| Change::own(Order::View, record::keep_index(adopted_schema, &addition)))
        .collect())
}

/// Returns what forbids to create objects in the schema of the adoption.
fn creation_reasons(
    connection: &mut PgConnection,
    (adopted_schema, own): (&str, &Own),
    parts: &Parts<'_>,
) -> QueryResult<Vec<String>> {
    let mut reasons = requirements::creation(connection, adopted_schema)?;
    if !own.is_recorded {
        reasons.extend(requirements::occupied(connection, adopted_schema)?);
        for users in parts.adopted.iter().filter(|adopted| adopted.view == USER) {
            reasons.extend(requirements::other_adoptions(connection, adopted_schema, users)?);
        }
    }
    Ok(reasons)
}
