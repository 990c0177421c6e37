//! Records of what no longer exists.

use diesel::{PgConnection, QueryResult};

use super::{
    addition::State,
    change::{Change, Order},
    own::Own,
    record::{self, AdoptedTable},
    sql::quoted,
};

/// What a plan does about such records.
#[derive(Default)]
pub(super) struct Stale {
    pub(super) changes: Vec<Change>,
    /// What was found, each as a sentence.
    pub(super) notes: Vec<String>,
    pub(super) reasons: Vec<String>,
}

/// Compares the records with the tables that were found, and with what exists.
pub(super) fn find(
    connection: &mut PgConnection,
    (adopted_schema, own): (&str, &Own),
    adopted: &[AdoptedTable],
) -> QueryResult<Stale> {
    let mut stale = Stale::default();
    for recorded in own.lost(adopted) {
        if own.has(&recorded.view) {
            stale.reasons.push(format!(
                "{} is recorded as `{}` and is not recognised any more, but {}.{} still reads it: set `model_name` for this \
                 table to its new name, or drop that view",
                recorded.place(),
                recorded.view,
                quoted(adopted_schema),
                quoted(&recorded.view)
            ));
            continue;
        }
        stale.notes.push(format!(
            "{}, which was `{}`, no longer exists: its record is removed, and the server gets an empty table of its own",
            recorded.place(),
            recorded.view
        ));
        let forget = record::forget_table(adopted_schema, &recorded.view);
        stale.changes.push(Change::own(Order::Frame, forget));
    }
    for addition in record::additions(connection, adopted_schema)? {
        if addition.state(connection)? == State::Gone {
            let described = addition.described();
            stale
                .notes
                .push(format!("{described} no longer exists: its record is removed"));
            let forget = record::forget_addition(adopted_schema, &addition);
            stale.changes.push(Change::own(Order::Frame, forget));
        }
    }
    Ok(stale)
}
