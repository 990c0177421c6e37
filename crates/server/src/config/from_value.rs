//! The types as which values of keys are read.

use std::time::Duration;

use chrono::TimeDelta;
use portcullis_domain::secret::Secret;
use serde_json::{Map, Value as Json};

use super::value::Value;

/// A type as which a value can be read.
pub(super) trait FromValue: Sized {
    /// Converts the value. `None`: it has another form.
    fn from_value(value: Value) -> Option<Self>;
}

/// A type as which a whole number can be read.
pub(super) trait WholeNumber: FromValue {}

/// Implements [`FromValue`] for the types that a [`Value`] holds.
macro_rules! held_by {
    ($($variant:ident: $type:ty),* $(,)?) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                match value {
                    Value::$variant(held) => Some(held),
                    _ => None,
                }
            }
        }
    )*};
}

held_by!(
    Boolean: bool,
    Number: u64,
    Fraction: f64,
    Text: String,
    Secret: Secret<String>,
    List: Vec<String>,
    Secrets: Vec<Secret<String>>,
    Table: Map<String, Json>,
);

/// Implements [`FromValue`] for types that are made from a number. Ranges of keys keep numbers within the type.
macro_rules! made_from_number {
    ($($type:ty: $make:expr),* $(,)?) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                u64::from_value(value).and_then($make)
            }
        }

        impl WholeNumber for $type {}
    )*};
}

made_from_number!(
    i32: |number| number.try_into().ok(),
    u8: |number| number.try_into().ok(),
    u16: |number| number.try_into().ok(),
    u32: |number| number.try_into().ok(),
    usize: |number| number.try_into().ok(),
    Duration: |seconds| Some(Self::from_secs(seconds)),
    TimeDelta: |seconds| seconds.try_into().ok().and_then(Self::try_seconds),
);

impl WholeNumber for u64 {}

/// The value of a key without a fixed default.
impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        T::from_value(value).map(Some)
    }
}
