//! Lists of roles, as a user or a member holds them.

use std::fmt;

/// The separator in storage and on the wire.
const SEPARATOR: char = ',';

/// The roles that a user or a member holds. Better Auth stores the names as one text, joined by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleList(Vec<String>);

impl RoleList {
    /// Reads a stored text. Names are used as they are: `a, b` holds `a` and ` b`, as in Better Auth.
    #[must_use]
    pub fn of_stored(text: &str) -> Self {
        Self(text.split(SEPARATOR).map(str::to_owned).collect())
    }

    /// Returns the roles that a client names, as one text or several. A text that contains commas names several roles, so
    /// that a check of each name sees every role that the stored text will grant.
    #[must_use]
    pub fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().flat_map(|name| name.split(SEPARATOR));
        Self(names.map(str::to_owned).collect())
    }

    /// Returns the roles of all these lists.
    #[must_use]
    pub fn of_all<'a>(lists: impl IntoIterator<Item = &'a Self>) -> Self {
        Self(lists.into_iter().flat_map(|list| list.0.clone()).collect())
    }

    /// Returns the names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Returns whether the list contains this role.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.iter().any(|held| held == name)
    }
}

impl fmt::Display for RoleList {
    /// Writes the text that is stored.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}
