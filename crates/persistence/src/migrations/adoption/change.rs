//! The statements of a plan, and their order.

use super::record::AdoptedTable;
use crate::error::DatabaseError;
use crate::migrations::{MigrateError, refused};

/// A statement of a plan.
#[derive(Debug)]
pub struct Change {
    /// What it changes.
    pub side: Side,
    /// The statement.
    pub sql: String,
    pub(super) order: Order,
    /// The table of the application that it locks.
    pub(super) locks: Option<String>,
}

/// What a statement changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The schema of the adoption.
    Own,
    /// Tables of the application.
    Application,
}

/// When a statement is executed. Every sign-in needs the table of users, so it is locked last; an index is created
/// before a column if it can be, since that locks out only writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Order {
    Frame,
    Index,
    Column,
    IndexOfColumn,
    View,
    Operator,
    UserIndex,
    UserColumn,
    UserIndexOfColumn,
    UserView,
    Table,
}

impl Order {
    /// Returns the order for the table of users.
    fn of(self, view: &str) -> Self {
        match self {
            Self::Index if view == "user" => Self::UserIndex,
            Self::Column if view == "user" => Self::UserColumn,
            Self::IndexOfColumn if view == "user" => Self::UserIndexOfColumn,
            Self::View if view == "user" => Self::UserView,
            other => other,
        }
    }
}

impl Change {
    /// Returns a statement that changes only the schema of the adoption.
    pub(super) const fn own(order: Order, sql: String) -> Self {
        Self {
            side: Side::Own,
            sql,
            order,
            locks: None,
        }
    }

    /// Returns a statement that changes only the schema of the adoption, and is about the application's table, which it may
    /// lock.
    pub(super) fn about(adopted: &AdoptedTable, order: Order, sql: String) -> Self {
        Self::own(order.of(&adopted.view), sql).locking(adopted)
    }

    /// Returns a statement that changes the application's table.
    pub(super) fn application(adopted: &AdoptedTable, order: Order, sql: String) -> Self {
        Self {
            side: Side::Application,
            sql,
            order: order.of(&adopted.view),
            locks: Some(adopted.place()),
        }
    }

    /// Returns the statement as one that also locks a table of the application.
    pub(super) fn locking(self, table: &AdoptedTable) -> Self {
        Self {
            locks: Some(table.place()),
            ..self
        }
    }

    /// Returns why it failed.
    pub(super) fn failed(&self, error: &diesel::result::Error) -> MigrateError {
        let first_line = self.sql.lines().next().unwrap_or_default();
        let act = format!("the statement `{first_line}`");
        self.locks.as_deref().map_or_else(
            || refused(&act, error),
            |table| locked_or_refused(&act, table, error),
        )
    }
}

/// Returns why something failed that locks a table.
pub(super) fn locked_or_refused(act: &str, table: &str, error: &diesel::result::Error) -> MigrateError {
    if DatabaseError::of(error).is_lock_timeout() {
        MigrateError::Locked(table.to_owned())
    } else {
        refused(act, error)
    }
}
