//! Members that accept values of several types. The value that the handler receives is a text, or several.

use serde_json::Value;

use super::{
    issues::type_issue,
    member::{Member, Reader},
    place::Place,
    schema::Shape,
    text::Text,
};

/// zod's issue of a value that is none of several types.
const NONE_OF_THEM: &str = "Invalid input";

/// One text, or a list of texts.
pub(crate) enum OneOrMany {}

impl Member for OneOrMany {
    type Value = Vec<String>;

    const SHAPE: Shape = Shape::OneOrMany;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value> {
        match value {
            Some(Value::String(text)) => Text::read(Some(text.into()), at, reader).map(|text| vec![text]),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
                Vec::<Text>::read(Some(Value::Array(items)), at, reader)
            }
            _ => {
                reader.issues.add(at, NONE_OF_THEM);
                None
            }
        }
    }
}

/// A text, or a number or a truth value as a text. All of them are texts in a query.
pub(crate) enum Scalar {}

impl Member for Scalar {
    type Value = String;

    const SHAPE: Shape = Shape::Text;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<String> {
        match value {
            Some(Value::String(text)) => Text::read(Some(text.into()), at, reader),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
            _ => {
                reader.issues.add(at, NONE_OF_THEM);
                None
            }
        }
    }
}

/// A value that JSON cannot contain, such as a date: every value that is sent is an issue.
pub(crate) enum UnsendableDate {}

impl Member for UnsendableDate {
    type Value = ();

    const SHAPE: Shape = Shape::Anything;
    const IS_REQUIRED: bool = false;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<()> {
        match value {
            None => Some(()),
            sent => {
                reader.issues.add(at, &type_issue("date", sent.as_ref()));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::options::Limits;

    fn read<M: Member>(value: Option<Value>) -> Result<M::Value, String> {
        let limits = Limits::default();
        let mut reader = Reader::new(&limits);
        let read = M::read(value, Place::Whole("body"), &mut reader);
        read.ok_or_else(|| reader.issues.refusal().message().to_owned())
    }

    #[test]
    fn one_text_and_several_are_read_as_a_list() {
        assert_eq!(read::<OneOrMany>(Some(json!("a"))).unwrap(), ["a"]);
        assert_eq!(read::<OneOrMany>(Some(json!(["a", "b"]))).unwrap(), ["a", "b"]);
        for wrong in [None, Some(json!(null)), Some(json!(1)), Some(json!(["a", 1]))] {
            assert_eq!(read::<OneOrMany>(wrong).unwrap_err(), "[body] Invalid input");
        }
    }

    #[test]
    fn numbers_and_truth_values_are_read_as_texts() {
        assert_eq!(read::<Scalar>(Some(json!(5))).unwrap(), "5");
        assert_eq!(read::<Scalar>(Some(json!(true))).unwrap(), "true");
        assert_eq!(
            read::<Scalar>(Some(json!(["a"]))).unwrap_err(),
            "[body] Invalid input"
        );
    }

    #[test]
    fn a_date_cannot_be_sent() {
        assert!(read::<UnsendableDate>(None).is_ok());
        assert_eq!(
            read::<UnsendableDate>(Some(json!("2026"))).unwrap_err(),
            "[body] Invalid input: expected date, received string"
        );
    }
}
