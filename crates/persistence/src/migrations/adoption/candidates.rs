//! Tables of the application that may be one of Better Auth's.

use super::{
    hints::Hints,
    mapping::like,
    names::{is_table, plain},
    recognition::Tables,
};
use crate::migrations::{
    catalog::{Table, USER},
    expected::{self, TABLES},
};

/// Tables that are also recognised if their names only contain Better Auth's, such as `app_user`.
const UNMISTAKABLE: [&str; 4] = ["user", "session", "account", "verification"];

/// A table of the application, with its name.
pub(super) type Candidate<'a> = (&'a str, &'a Table);

/// The tables of a schema, and what is known about them.
#[derive(Clone, Copy)]
pub(super) struct Candidates<'a> {
    pub(super) schema: &'a str,
    pub(super) tables: &'a Tables,
    pub(super) hints: &'a Hints<'a>,
}

impl<'a> Candidates<'a> {
    /// Returns the application's table, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// Returns what is wrong, if the configuration names a table that does not exist, or several tables fit.
    pub(super) fn table(self, expected: &expected::Table) -> Result<Option<Candidate<'a>>, String> {
        match self.all(expected).as_slice() {
            [] => self
                .hints
                .named_table(expected.name)
                .map_or(Ok(None), |name| Err(self.absent(&name.key, &name.name))),
            [one] => Ok(Some(*one)),
            several => self
                .preferred(expected, several)
                .map(Some)
                .ok_or_else(|| self.ambiguous(expected, several)),
        }
    }

    /// Returns the tables that fit: only that which the configuration names or the adoption has recorded, if there is one.
    pub(super) fn all(self, expected: &expected::Table) -> Vec<Candidate<'a>> {
        let named = self.hints.named_table(expected.name).map(|name| &name.name);
        let recorded = self.hints.recorded(expected.name).map(|adopted| &adopted.table);
        if let Some(known) = named.or(recorded) {
            let table = self.tables.get_key_value(known);
            return table
                .map(|(name, table)| (name.as_str(), table))
                .into_iter()
                .collect();
        }
        let may_be_unusual = UNMISTAKABLE.contains(&expected.name);
        let contains = |theirs: &str| plain(theirs).contains(&plain(expected.name));
        // A wrong name of a column in the configuration must not hide the table, so that the wrong name is reported.
        [false, true]
            .into_iter()
            .flat_map(|trusts_names| {
                [
                    self.fitting(expected, trusts_names, |theirs| is_table(theirs, expected.name)),
                    self.fitting(expected, trusts_names, |theirs| {
                        may_be_unusual && contains(theirs)
                    }),
                ]
            })
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    fn fitting(
        self,
        expected: &expected::Table,
        trusts_names: bool,
        is_named: impl Fn(&str) -> bool,
    ) -> Vec<Candidate<'a>> {
        let tables = self.tables.iter().map(|(name, table)| (name.as_str(), table));
        tables
            .filter(|(name, table)| is_named(name) && self.unmarked(expected, table, trusts_names).is_empty())
            .collect()
    }

    /// Returns the columns by which a table would be recognised, and that it lacks.
    pub(super) fn unmarked(
        self,
        expected: &expected::Table,
        table: &Table,
        trusts_names: bool,
    ) -> Vec<&'static str> {
        let lacks = |mark: &&&str| match self.hints.named_column(expected.name, mark) {
            Some(name) => !trusts_names && !table.columns.contains_key(&name.name),
            None => like(table, mark).is_empty(),
        };
        expected.marks.iter().filter(lacks).copied().collect()
    }

    /// Returns the only one of several tables that foreign keys connect with the others of Better Auth.
    fn preferred(self, expected: &expected::Table, several: &[Candidate<'a>]) -> Option<Candidate<'a>> {
        let is_connected = |(name, table): &&Candidate<'a>| {
            if expected.name == USER {
                let others = TABLES
                    .iter()
                    .filter(|other| ["session", "account"].contains(&other.name));
                let mut others = others.flat_map(|other| self.all(other));
                others.any(|(_, other)| other.references.contains(*name))
            } else {
                let users = TABLES.iter().find(|other| other.name == USER);
                let users = users.and_then(|users| self.table(users).ok().flatten());
                users.is_some_and(|(users, _)| table.references.contains(users))
            }
        };
        let mut connected = several.iter().filter(is_connected);
        connected.next().filter(|_| connected.next().is_none()).copied()
    }

    fn ambiguous(self, expected: &expected::Table, several: &[Candidate<'a>]) -> String {
        let several: Vec<_> = several
            .iter()
            .map(|(name, _)| format!("{}.{name}", self.schema))
            .collect();
        format!(
            "each of the tables {} may be `{}`: name one of them in `{}.model_name`",
            several.join(", "),
            expected.name,
            self.hints.key(expected.name)
        )
    }

    /// Returns the reason that a table does not exist.
    pub(super) fn absent(self, key: &str, name: &str) -> String {
        format!(
            "`{key}` names the table \"{name}\", which the schema \"{}\" does not have",
            self.schema
        )
    }
}
