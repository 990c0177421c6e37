//! Names of tables and columns that the deployment declares, and the comparison of names.

use std::collections::BTreeMap;

/// Names that differ from Better Auth's and that its options `modelName` and `fields` declare, by Better Auth's name of
/// the table.
pub type Names = BTreeMap<&'static str, TableNames>;

/// The names of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableNames {
    /// The key of the configuration in which these names stand, such as `user`.
    pub key: String,
    /// The table. `None`: it is recognised by its name and columns.
    pub table: Option<Name>,
    /// The column for each field.
    pub columns: BTreeMap<String, Name>,
}

/// A name, and the key of the configuration that declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The key, such as `user.fields.email`.
    pub key: String,
    /// The name of the table or column.
    pub name: String,
}

/// Normalises a name across naming conventions: `emailVerified`, `email_verified` and `EmailVerified` are equal.
pub(in crate::migrations) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| *c != '_');
    letters.collect::<String>().to_lowercase()
}

/// Returns whether a table may be Better Auth's `name`, in any naming convention, singular or plural.
pub(super) fn is_table(theirs: &str, name: &str) -> bool {
    let (theirs, name) = (plain(theirs), plain(name));
    [name.clone(), format!("{name}s"), format!("{name}es")].contains(&theirs)
}

/// Returns a name in camel case, as Better Auth writes its fields and tables.
#[must_use]
pub fn camel(name: &str) -> String {
    let mut parts = name.split('_').filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or(name).to_owned();
    parts.fold(first, |camel, part| {
        let mut letters = part.chars();
        let capital = letters.next().map(|first| first.to_ascii_uppercase());
        camel + &capital.into_iter().chain(letters).collect::<String>()
    })
}

/// Returns a name in snake case. Capitals that follow each other are one word, as in `credentialID`.
pub(super) fn snake(name: &str) -> String {
    let mut is_after_capital = false;
    name.chars().fold(String::new(), |mut snake, letter| {
        if letter.is_ascii_uppercase() && !is_after_capital {
            snake.push('_');
        }
        is_after_capital = letter.is_ascii_uppercase();
        snake.push(letter.to_ascii_lowercase());
        snake
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_and_converted_across_conventions() {
        for theirs in ["user", "users", "User", "Users"] {
            assert!(is_table(theirs, "user"), "{theirs}");
        }
        for theirs in ["two_factor", "twoFactor", "TwoFactor", "two_factors"] {
            assert!(is_table(theirs, "twoFactor"), "{theirs}");
        }
        assert!(!is_table("user_role", "user"));
        assert_eq!(camel("email_verified"), "emailVerified");
        assert_eq!(camel("emailVerified"), "emailVerified");
        assert_eq!(camel("id"), "id");
        assert_eq!(snake("emailVerified"), "email_verified");
        assert_eq!(snake("credentialID"), "credential_id");
        assert_eq!(snake("id"), "id");
    }
}
