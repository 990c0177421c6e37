//! Members of bodies and queries: what they accept, and the value that a handler receives.

use serde_json::Value;

use super::{issues::Issues, place::Place, schema::Shape};
use crate::options::Limits;

/// Reads one member.
pub(crate) trait Member {
    /// The value that the handler receives.
    type Value;

    /// The values that are accepted.
    const SHAPE: Shape;
    /// Whether the member must be present.
    const IS_REQUIRED: bool = true;

    /// Returns the value, or `None` if it is invalid; its issues are then added to the reader. `value` is `None` if the
    /// member is absent.
    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value>;
}

/// The state of reading a body or a query.
pub(crate) struct Reader<'a> {
    pub(crate) limits: &'a Limits,
    pub(crate) issues: Issues,
}

impl<'a> Reader<'a> {
    /// Starts reading.
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            issues: Issues::default(),
        }
    }
}

/// Any JSON value, or none; the handler decides whether it may be present.
pub(crate) enum Anything {}

impl Member for Anything {
    type Value = Option<Value>;

    const SHAPE: Shape = Shape::Anything;
    const IS_REQUIRED: bool = false;

    fn read(value: Option<Value>, _at: Place<'_>, _reader: &mut Reader<'_>) -> Option<Self::Value> {
        Some(value)
    }
}

impl Member for bool {
    type Value = Self;

    const SHAPE: Shape = Shape::Boolean;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let read = value.as_ref().and_then(Value::as_bool);
        if read.is_none() {
            reader.issues.wrong_type(at, "boolean", value.as_ref());
        }
        read
    }
}

/// A member that may be absent. `null` is invalid.
impl<M: Member> Member for Option<M> {
    type Value = Option<M::Value>;

    const SHAPE: Shape = M::SHAPE;
    const IS_REQUIRED: bool = false;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value> {
        match value {
            None => Some(None),
            value => M::read(value, at, reader).map(Some),
        }
    }
}

/// A value that may be `null`.
pub(crate) enum Nullable<T> {
    Null,
    Present(T),
}

impl<T> Nullable<T> {
    /// Returns the value, or `None` for `null`.
    pub(crate) fn into_option(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Present(value) => Some(value),
        }
    }
}

impl<M: Member> Member for Nullable<M> {
    type Value = Nullable<M::Value>;

    const SHAPE: Shape = Shape::Nullable(&M::SHAPE);

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value> {
        match value {
            Some(Value::Null) => Some(Nullable::Null),
            value => M::read(value, at, reader).map(Nullable::Present),
        }
    }
}
