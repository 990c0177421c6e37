//! The declared columns in an UPDATE.

use std::marker::PhantomData;

use diesel::{
    AsChangeset, QueryResult, QuerySource,
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::Jsonb,
};
use portcullis_application::ports::Failure;
use portcullis_domain::additional::AdditionalFields;
use serde_json::{Map, Value};

use super::Columns;
use crate::text::reject_nul_in_json;

/// Sets the declared columns of a row of `Table` that have a value, and leaves the others unchanged.
#[derive(Debug)]
pub(crate) struct Change<Table> {
    columns: Columns,
    values: Value,
    table: PhantomData<Table>,
}

impl<Table> Change<Table> {
    /// Creates a change of these columns to these values; columns without a value are not changed.
    ///
    /// # Errors
    ///
    /// If a text contains NUL.
    pub(crate) fn new(columns: Columns, values: &AdditionalFields) -> Result<Self, Failure> {
        let values = Value::Object(columns.written(values));
        reject_nul_in_json(&values)?;
        Ok(Self {
            columns,
            values,
            table: PhantomData,
        })
    }

    /// Returns whether no column has a value.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.as_object().is_none_or(Map::is_empty)
    }
}

impl<Table: QuerySource> AsChangeset for &Change<Table> {
    type Target = Table;
    type Changeset = Self;

    fn as_changeset(self) -> Self {
        self
    }
}

impl<Table> QueryId for Change<Table> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Table> QueryFragment<Pg> for Change<Table> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        if self.is_empty() {
            return Ok(());
        }
        // Sets all columns, so that the statement's text does not depend on the client's request: a column without a
        // value is set to the row's current value.
        out.push_sql("(");
        push_names(&mut out, &self.columns, "")?;
        out.push_sql(") = (SELECT ");
        push_names(&mut out, &self.columns, "changed.")?;
        out.push_sql(" FROM jsonb_populate_record(");
        out.push_identifier(self.columns.table)?;
        out.push_sql(".*, ");
        out.push_bind_param::<Jsonb, _>(&self.values)?;
        out.push_sql(") AS changed)");
        Ok(())
    }
}

fn push_names(out: &mut AstPass<'_, '_, Pg>, columns: &Columns, prefix: &str) -> QueryResult<()> {
    for (index, name) in columns.names().enumerate() {
        out.push_sql(if index == 0 { "" } else { ", " });
        out.push_sql(prefix);
        out.push_identifier(name)?;
    }
    Ok(())
}
