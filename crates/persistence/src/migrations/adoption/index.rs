//! Indexes that the application's tables lack.

use std::collections::BTreeMap;

use diesel::{
    PgConnection, QueryResult, sql_query,
    sql_types::{Array, Text},
};

use super::{
    change::{Change, Order},
    facts::Facts,
    record::{Addition, AdoptedTable, Kind},
    sql::{lines, quoted},
    step,
};
use crate::migrations::{catalog::Table, expected::TABLES, inspection::OWN};

/// The indexes of this method that begin with these columns, for all rows.
const LIKE: &str = "
    SELECT x.relname::text AS line
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_am m ON m.oid = x.relam
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND m.amname = $3 AND i.indisvalid
        AND i.indpred IS NULL AND i.indexprs IS NULL
        AND (SELECT array_agg(a.attname::text ORDER BY k.place)
            FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
            WHERE k.place <= cardinality($4)) = $4";

/// An index that the server needs on a table of the application.
pub(super) struct Wanted<'a> {
    pub(super) adopted: &'a AdoptedTable,
    pub(super) name: String,
    /// The columns of the table.
    pub(super) columns: Vec<String>,
    pub(super) is_unique: bool,
    method: String,
}

/// Whether there is an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// There is none.
    Missing,
    /// There is one that the adoption has asked the operator to create.
    ByHand,
    /// There is one of the application.
    Theirs,
}

/// Returns the indexes of columns that must be unique, and whether each is missing. The columns count as unique in
/// `theirs` afterwards.
pub(super) fn unique<'a>(
    connection: &mut PgConnection,
    adopted: &'a [AdoptedTable],
    theirs: &mut BTreeMap<String, Table>,
) -> QueryResult<Vec<(Wanted<'a>, Found)>> {
    let mut found = Vec::new();
    for adopted in adopted {
        let expected = TABLES.iter().find(|expected| expected.name == adopted.view);
        let (Some(expected), Some(table)) = (expected, theirs.get_mut(&adopted.view)) else {
            continue;
        };
        for column in expected.columns.iter().filter(|column| column.is_unique) {
            let Some(theirs) = adopted.columns.get(column.name) else {
                continue;
            };
            let wanted = Wanted {
                adopted,
                name: format!("{OWN}{}_{}_key", adopted.view, column.name),
                columns: vec![theirs.clone()],
                is_unique: true,
                method: "btree".to_owned(),
            };
            let is_missing = table.unique.insert(theirs.clone());
            let state = if is_missing {
                Found::Missing
            } else {
                wanted.find(connection)?
            };
            found.push((wanted, state));
        }
    }
    Ok(found)
}

impl<'a> Wanted<'a> {
    /// Returns the index of a migration, or `None` if the adoption has no such table.
    pub(super) fn by(index: &step::Index, adopted: &'a [AdoptedTable]) -> Option<Self> {
        let adopted = adopted.iter().find(|adopted| adopted.view == index.view)?;
        let columns = index.columns.iter();
        Some(Self {
            adopted,
            // The application's own migrations may create an index with Better Auth's name later.
            name: format!("{OWN}{}", index.name.trim_start_matches(OWN)),
            columns: columns
                .filter_map(|shown| adopted.columns.get(shown).cloned())
                .collect(),
            is_unique: false,
            method: index.method.clone(),
        })
    }

    /// Looks for such an index on the table.
    pub(super) fn find(&self, connection: &mut PgConnection) -> QueryResult<Found> {
        let like = sql_query(LIKE)
            .bind::<Text, _>(&self.adopted.schema)
            .bind::<Text, _>(&self.adopted.table)
            .bind::<Text, _>(&self.method)
            .bind::<Array<Text>, _>(&self.columns);
        let like = lines(connection, like)?;
        Ok(if like.is_empty() {
            Found::Missing
        } else if like.contains(&self.name) {
            Found::ByHand
        } else {
            Found::Theirs
        })
    }

    /// Returns whether writes would wait long for its creation.
    pub(super) fn is_slow(&self, facts: &BTreeMap<&str, Facts>) -> bool {
        facts
            .get(self.adopted.view.as_str())
            .is_some_and(|facts| facts.is_big)
    }

    /// Returns the statement with which an operator creates it while the table is written to.
    pub(super) fn by_hand(&self, facts: &BTreeMap<&str, Facts>) -> String {
        let facts = facts.get(self.adopted.view.as_str());
        let is_partitioned = facts.is_some_and(Facts::is_partitioned);
        format!(
            "{};",
            self.create(if is_partitioned { "" } else { " CONCURRENTLY" })
        )
    }

    /// Returns the statement that creates it.
    pub(super) fn change(&self, is_of_new_column: bool) -> Change {
        let order = if is_of_new_column {
            Order::IndexOfColumn
        } else {
            Order::Index
        };
        Change::application(self.adopted, order, self.create(""))
    }

    pub(super) fn addition(&self) -> Addition {
        Addition {
            kind: Kind::Index,
            schema: self.adopted.schema.clone(),
            table: self.adopted.table.clone(),
            name: self.name.clone(),
            definition: String::new(),
        }
    }

    fn create(&self, concurrently: &str) -> String {
        let unique = if self.is_unique { "UNIQUE " } else { "" };
        let columns: Vec<_> = self.columns.iter().map(|column| quoted(column)).collect();
        format!(
            "CREATE {unique}INDEX{concurrently} {} ON {} USING {} ({})",
            quoted(&self.name),
            self.adopted.place(),
            self.method,
            columns.join(", ")
        )
    }
}
