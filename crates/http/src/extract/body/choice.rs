//! Enumerations of texts.

use std::fmt::Display;

use serde_json::Value;

use super::{
    member::{Member, Reader},
    place::Place,
    schema::Shape,
};

/// An enumeration whose values are texts on the wire. `body! { enum … }` declares one.
pub(crate) trait Choice: Copy + 'static {
    /// Each text with its value, in the order in which an issue lists them.
    const OPTIONS: &'static [(&'static str, Self)];
    /// The texts.
    const NAMES: &'static [&'static str];
}

impl<C: Choice> Member for C {
    type Value = C;

    const SHAPE: Shape = Shape::Choice(C::NAMES);

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<C> {
        let text = value.as_ref().and_then(Value::as_str);
        let found = C::OPTIONS.iter().find(|(name, _)| text == Some(*name));
        if found.is_none() {
            reader.issues.add(at, &issue(C::NAMES));
        }
        found.map(|(_, choice)| *choice)
    }
}

/// Returns the issue of a value that is none of these texts.
pub(crate) fn issue(names: &[impl Display]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match quoted.as_slice() {
        [only] => format!("Invalid input: expected {only}"),
        several => format!("Invalid option: expected one of {}", several.join("|")),
    }
}
