//! Names and texts in SQL.

use diesel::{PgConnection, QueryResult, QueryableByName, query_dsl::LoadQuery, sql_types::Text};

/// A row of a query whose only column is `line`.
#[derive(QueryableByName)]
pub(super) struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Returns the rows of a query whose only column is `line`.
pub(super) fn lines<'a, Q>(connection: &mut PgConnection, query: Q) -> QueryResult<Vec<String>>
where
    Q: LoadQuery<'a, PgConnection, Line>,
{
    let rows = query.load::<Line>(connection)?;
    Ok(rows.into_iter().map(|row| row.line).collect())
}

/// Quotes a name.
pub(in crate::migrations) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Returns a text as a literal that does not depend on `standard_conforming_strings`.
pub(in crate::migrations) fn text(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_are_quoted() {
        assert_eq!(quoted("a\"b"), "\"a\"\"b\"");
        assert_eq!(text(r"it's a \"), r"E'it''s a \\'");
    }
}
