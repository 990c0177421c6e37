//! Bodies of forms.

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::{error::ApiError, oauth_error::INVALID_REQUEST};

/// How the parameters of a form are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormRules {
    /// wire: as Better Auth does: of a repeated parameter, the last one counts.
    LastCounts,
    /// As OAuth demands: a parameter without a value is omitted, and none may be repeated.
    OAuth,
}

/// Returns the parameters of a form.
///
/// # Errors
///
/// 400 `invalid_request` if the rules forbid repeated parameters, and one is.
pub(crate) fn parse(bytes: &[u8], rules: FormRules) -> Result<Value, ApiError> {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(bytes) {
        if rules == FormRules::OAuth && value.is_empty() {
            continue;
        }
        let earlier = members.insert(name.into_owned(), Value::String(value.into_owned()));
        if rules == FormRules::OAuth && earlier.is_some() {
            return Err(ApiError::with_message(
                &INVALID_REQUEST,
                "The form contains a parameter twice",
            ));
        }
    }
    Ok(Value::Object(members))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_repeated_parameter_is_refused_only_by_the_rules_of_oauth() {
        let read = |form: &str, rules| parse(form.as_bytes(), rules).map_err(|error| error.code.name);
        let last = json!({ "a": "2", "b": "" });
        assert_eq!(read("a=1&b=&a=2", FormRules::LastCounts), Ok(last));
        assert_eq!(read("a=1&b=&a=2", FormRules::OAuth), Err("invalid_request"));
        assert_eq!(read("a=1&b=&a=", FormRules::OAuth), Ok(json!({ "a": "1" })));
    }
}
