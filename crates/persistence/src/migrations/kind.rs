//! The types of the expected columns.

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// The id of a row, or of the user that a row belongs to.
    Id,
    Boolean,
    Integer,
    BigInteger,
    BigIntegers,
    /// An integer of a declared field. The column may also be a `bigint`.
    Number,
    Time,
    Json,
}

impl Kind {
    /// Returns whether a column of this PostgreSQL type can hold every value.
    pub(super) fn accepts(self, kind: &str) -> bool {
        match self {
            Self::Text | Self::Id => kind == "text" || kind == "character varying",
            Self::Boolean => kind == "boolean",
            Self::Integer => kind == "integer",
            Self::BigInteger => kind == "bigint",
            Self::BigIntegers => kind == "bigint[]",
            Self::Number => kind == "integer" || kind == "bigint",
            Self::Json => kind == "jsonb" || kind == "json",
            // A lower precision than milliseconds is not enough.
            Self::Time => matches!(
                kind,
                "timestamp without time zone"
                    | "timestamp(3) without time zone"
                    | "timestamp(4) without time zone"
                    | "timestamp(5) without time zone"
                    | "timestamp(6) without time zone"
                    | "timestamp with time zone"
                    | "timestamp(3) with time zone"
                    | "timestamp(4) with time zone"
                    | "timestamp(5) with time zone"
                    | "timestamp(6) with time zone"
            ),
        }
    }

    /// Returns the reason why a column of this PostgreSQL type does not fit.
    pub(super) fn difference(self, kind: &str) -> String {
        let or = if matches!(self, Self::Text | Self::Id) && kind.starts_with("character") {
            " or character varying without a length"
        } else {
            ""
        };
        format!("is {kind} and must be {}{or}", self.name())
    }

    /// Returns the name of the PostgreSQL type that the column should have.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Id => "text",
            Self::Boolean => "boolean",
            Self::Integer | Self::Number => "integer",
            Self::BigInteger => "bigint",
            Self::BigIntegers => "bigint[]",
            Self::Time => "timestamp with time zone",
            Self::Json => "jsonb",
        }
    }
}
