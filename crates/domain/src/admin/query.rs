//! Searches for users.

use chrono::{DateTime, Utc};

use crate::{
    additional::{FieldKind, FieldSchema},
    listing::SortDirection,
    moment,
    user::User,
};

/// The kinds of a user's members without additional fields.
const MEMBERS: [(&str, Kind); User::MEMBERS.len()] = [
    ("name", Kind::Text),
    ("email", Kind::Text),
    ("emailVerified", Kind::Boolean),
    ("image", Kind::Text),
    ("createdAt", Kind::Date),
    ("updatedAt", Kind::Date),
    ("id", Kind::Text),
];

/// A search for users.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserQuery {
    /// What must hold for each user.
    pub conditions: Vec<Condition>,
    /// The order. Users with equal values, and all users if it is `None`, are in the order in which they signed up.
    pub sorting: Option<Sorting>,
    /// The maximum number of users. `None`: unlimited.
    pub limit: Option<i64>,
    /// How many users are left out at the beginning.
    pub offset: i64,
}

/// A condition on one member of users. A user without a value for the member never fulfils it.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The name of the member.
    pub member: String,
    /// How it is compared.
    pub operator: Operator,
    /// What it is compared with.
    pub value: Comparand,
}

/// How a member is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// It is equal.
    Equal,
    /// It is not equal.
    NotEqual,
    /// It is less.
    Less,
    /// It is less or equal.
    LessOrEqual,
    /// It is greater.
    Greater,
    /// It is greater or equal.
    GreaterOrEqual,
    /// It contains the text, in lower or upper case.
    Contains,
    /// It starts with the text, in lower or upper case.
    StartsWith,
    /// It ends with the text, in lower or upper case.
    EndsWith,
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparand {
    /// A text.
    Text(String),
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Number(i32),
    /// A date with a time.
    Date(DateTime<Utc>),
}

/// An order of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sorting {
    /// The name of the member whose values are compared.
    pub member: String,
    /// Whether the least or the greatest value is the first.
    pub direction: SortDirection,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Boolean,
    Number,
    Date,
    /// Only sorting is possible.
    Other,
}

impl Condition {
    /// Returns a condition with a value in its text form. `None`: clients do not see this member of users, or cannot
    /// compare it in this way or with this value.
    #[must_use]
    pub fn parse(fields: &FieldSchema, member: &str, operator: Operator, value: &str) -> Option<Self> {
        let value = kind(fields, member)?.read(value)?;
        let is_text = matches!(value, Comparand::Text(_));
        (is_text || !operator.is_of_texts()).then(|| Self {
            member: member.to_owned(),
            operator,
            value,
        })
    }
}

impl Sorting {
    /// Returns an order. `None`: clients do not see this member of users.
    #[must_use]
    pub fn parse(fields: &FieldSchema, member: &str, direction: SortDirection) -> Option<Self> {
        kind(fields, member).map(|_known| Self {
            member: member.to_owned(),
            direction,
        })
    }
}

impl Operator {
    const fn is_of_texts(self) -> bool {
        match self {
            Self::Contains | Self::StartsWith | Self::EndsWith => true,
            Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessOrEqual
            | Self::Greater
            | Self::GreaterOrEqual => false,
        }
    }
}

impl Kind {
    fn read(self, text: &str) -> Option<Comparand> {
        match self {
            Self::Text => Some(Comparand::Text(text.to_owned())),
            Self::Boolean => match text.to_ascii_lowercase().as_str() {
                "true" | "t" | "yes" | "y" | "on" | "1" => Some(Comparand::Boolean(true)),
                "false" | "f" | "no" | "n" | "off" | "0" => Some(Comparand::Boolean(false)),
                _ => None,
            },
            Self::Number => text.trim().parse().ok().map(Comparand::Number),
            Self::Date => moment::read(text).map(Comparand::Date),
            Self::Other => None,
        }
    }
}

impl From<&FieldKind> for Kind {
    fn from(kind: &FieldKind) -> Self {
        match kind {
            FieldKind::String | FieldKind::Enum(_) => Self::Text,
            FieldKind::Number => Self::Number,
            FieldKind::Boolean => Self::Boolean,
            FieldKind::Date => Self::Date,
            FieldKind::Strings | FieldKind::Numbers | FieldKind::Json => Self::Other,
        }
    }
}

/// Returns the kind of a member that clients see.
fn kind(fields: &FieldSchema, member: &str) -> Option<Kind> {
    let core = MEMBERS.iter().find(|(name, _)| *name == member);
    let declared = fields.fields().iter().filter(|field| field.is_returned);
    let declared = || declared.clone().find(|field| field.name == member);
    core.map(|(_, kind)| *kind)
        .or_else(|| declared().map(|field| Kind::from(&field.kind)))
}
