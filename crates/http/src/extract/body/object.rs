//! Objects: bodies, bodies within bodies, and queries.

use serde_json::{Map, Value};

use super::{
    member::{Member, Reader},
    place::Place,
    schema::{Schema, Shape},
};
use crate::extract::query::QueryString;

/// Stands in `known_as` for several types of which one must fit: zod names none of them.
pub(crate) const ALTERNATIVES: &str = "";

/// An object with declared members. `body!` declares one.
pub(crate) trait Object: Sized {
    /// The declared members.
    const SCHEMA: &'static Schema;

    /// Reads every member, and returns the object if none has an issue.
    fn from_members(members: impl Members, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self>;
}

/// The members of an object as they were sent.
pub(crate) trait Members {
    /// Removes and returns a member, or `None` if it is absent.
    fn take(&mut self, name: &str) -> Option<Value>;

    /// Returns the members that were not taken.
    fn rest(self) -> Map<String, Value>;
}

impl Members for Map<String, Value> {
    fn take(&mut self, name: &str) -> Option<Value> {
        self.swap_remove(name)
    }

    fn rest(self) -> Self {
        self
    }
}

/// The parameters of a query. What is not declared is ignored.
impl Members for QueryString<'_> {
    fn take(&mut self, name: &str) -> Option<Value> {
        self.value(name)
    }

    fn rest(self) -> Map<String, Value> {
        Map::new()
    }
}

/// An object with any members.
pub(crate) enum Record {}

impl Member for Record {
    type Value = Map<String, Value>;

    const SHAPE: Shape = Shape::Record;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value> {
        members(value, "record", at, reader)
    }
}

/// An object whose members the handler reads, such as declared fields.
pub(crate) enum AnyObject {}

impl Member for AnyObject {
    type Value = Map<String, Value>;

    const SHAPE: Shape = Shape::Record;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value> {
        members(value, "object", at, reader)
    }
}

fn members(
    value: Option<Value>,
    expected: &str,
    at: Place<'_>,
    reader: &mut Reader<'_>,
) -> Option<Map<String, Value>> {
    match value {
        Some(Value::Object(members)) => Some(members),
        other => {
            reader.issues.wrong_type(at, expected, other.as_ref());
            None
        }
    }
}

/// Reads an object.
pub(crate) fn object<O: Object>(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<O> {
    match value {
        Some(Value::Object(members)) => O::from_members(members, at, reader),
        other => {
            for expected in O::SCHEMA.known_as {
                if *expected == ALTERNATIVES {
                    reader.issues.add(at, "Invalid input");
                } else {
                    reader.issues.wrong_type(at, expected, other.as_ref());
                }
            }
            None
        }
    }
}
