//! The place of a value in a body or a query.

use std::fmt::{self, Display, Formatter};

/// The place of a value, which zod names in its issues, such as `body.members.0.role`.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// The whole body or query.
    Whole(&'static str),
    /// A member of an object.
    Member(&'a Place<'a>, &'a str),
    /// An item of a list.
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    /// Returns the place of a member of the object at this place.
    pub(crate) const fn member<'a>(&'a self, name: &'a str) -> Place<'a> {
        Place::Member(self, name)
    }

    /// Returns the place of an item of the list at this place.
    pub(crate) const fn item(&self, index: usize) -> Place<'_> {
        Place::Item(self, index)
    }
}

impl Display for Place<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(name) => f.write_str(name),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}.{index}"),
        }
    }
}
