//! Numbers.

use serde_json::Value;

use super::{
    member::{Member, Reader},
    place::Place,
    schema::Shape,
};

/// The largest whole number that JavaScript represents exactly.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

impl Member for f64 {
    type Value = Self;

    const SHAPE: Shape = Shape::Number;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let read = value.as_ref().and_then(Value::as_f64);
        if read.is_none() {
            reader.issues.wrong_type(at, "number", value.as_ref());
        }
        read
    }
}

/// A number that is not less than `MIN`.
pub(crate) enum AtLeast<const MIN: i32> {}

impl<const MIN: i32> Member for AtLeast<MIN> {
    type Value = f64;

    const SHAPE: Shape = Shape::Number;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<f64> {
        let number = f64::read(value, at, reader)?;
        if number < f64::from(MIN) {
            let issue = format!("Too small: expected number to be >={MIN}");
            reader.issues.add(at, &issue);
            return None;
        }
        Some(number)
    }
}

/// A whole number, also with a fraction of zero, such as `1.0`.
impl Member for i64 {
    type Value = Self;

    const SHAPE: Shape = Shape::WholeNumber;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self> {
        let number = f64::read(value.clone(), at, reader)?;
        if number.fract() != 0.0 {
            reader.issues.wrong_type(at, "int", value.as_ref());
            return None;
        }
        if number > MAX_SAFE {
            let issue = format!("Too big: expected int to be <={MAX_SAFE}");
            reader.issues.add(at, &issue);
            return None;
        }
        if number < -MAX_SAFE {
            let issue = format!("Too small: expected int to be >=-{MAX_SAFE}");
            reader.issues.add(at, &issue);
            return None;
        }
        // A whole number is printed without an exponent or a fraction.
        number.to_string().parse().ok()
    }
}

/// A whole number that is not less than `MIN` and that PostgreSQL's `integer` can store.
pub(crate) enum WholeAtLeast<const MIN: i32> {}

impl<const MIN: i32> Member for WholeAtLeast<MIN> {
    type Value = i32;

    const SHAPE: Shape = Shape::WholeNumber;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<i32> {
        let number = i64::read(value, at, reader)?;
        if number < i64::from(MIN) {
            let issue = format!("Too small: expected number to be >={MIN}");
            reader.issues.add(at, &issue);
            return None;
        }
        let stored = i32::try_from(number).ok();
        if stored.is_none() {
            let issue = format!("Too big: expected number to be <={}", i32::MAX);
            reader.issues.add(at, &issue);
        }
        stored
    }
}
