//! Members of bodies about API keys.

use chrono::TimeDelta;
use portcullis_application::session::StrictCaller;
use portcullis_domain::{access::Statements, api_key::ApiKey};
use serde_json::{Map, Value};

use super::code::UNAUTHORIZED;
use crate::{
    error::ApiError,
    extract::body::{Member, Nullable, Place, Reader, Shape, Text, text_of},
};

/// The prefix of a key.
pub(super) enum Prefix {}

impl Member for Prefix {
    type Value = String;

    const SHAPE: Shape = Shape::Text;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<String> {
        let text = Text::read(value, at, reader)?;
        let is_permitted = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if text.is_empty() || !text.bytes().all(is_permitted) {
            let issue =
                "Invalid prefix format, must be alphanumeric and contain only underscores and hyphens.";
            reader.issues.add(at, issue);
            return None;
        }
        Some(text)
    }
}

/// Lists of actions by resource.
pub(super) enum Permissions {}

impl Member for Permissions {
    type Value = Statements;

    const SHAPE: Shape = Shape::Permissions;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Statements> {
        if !is_short(value.as_ref(), at, reader) {
            return None;
        }
        let Some(Value::Object(members)) = value else {
            reader.issues.wrong_type(at, "record", value.as_ref());
            return None;
        };
        let count = members.len();
        let mut read = Map::new();
        for (resource, actions) in members {
            let place = at.member(&resource);
            if let Some(actions) = Vec::<Text>::read(Some(actions), place, reader) {
                read.insert(resource, actions.into());
            }
        }
        (read.len() == count)
            .then(|| ApiKey::permissions_of_json(read))
            .flatten()
    }
}

/// Data of the application: any JSON, or none; the handler decides whether it may be present.
pub(super) enum Metadata {}

impl Member for Metadata {
    type Value = Option<Value>;

    const SHAPE: Shape = Shape::Anything;
    const IS_REQUIRED: bool = false;

    fn read(value: Option<Value>, at: Place<'_>, reader: &mut Reader<'_>) -> Option<Self::Value> {
        is_short(value.as_ref(), at, reader).then_some(value)
    }
}

/// Returns whether metadata is at most as long as a text may be, and adds an issue if it is not. The limit keeps lists
/// of keys short, since they contain the metadata of every key.
fn is_short(value: Option<&Value>, at: Place<'_>, reader: &mut Reader<'_>) -> bool {
    let limit = reader.limits.text;
    let is_short = value.is_none_or(|value| value.to_string().len() <= limit);
    if !is_short {
        let issue = format!("Too big: expected JSON to have <={limit} bytes");
        reader.issues.add(at, &issue);
    }
    is_short
}

/// Returns a lifetime that was sent in seconds. A number that is too large for a time is longer than any limit.
pub(super) fn lifetime(seconds: f64) -> TimeDelta {
    TimeDelta::try_milliseconds(whole(seconds * 1000.0)).unwrap_or(TimeDelta::MAX)
}

/// As [`lifetime`], for a member that may be `null`.
pub(super) fn optional_lifetime(seconds: Option<Nullable<f64>>) -> Option<TimeDelta> {
    seconds.and_then(Nullable::into_option).map(lifetime)
}

/// Returns a number without its fraction.
#[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
const fn whole(number: f64) -> i64 {
    number as i64
}

/// Returns the caller. The id that the request names as the owner of a key must be the caller's own. wire: Better Auth
/// converts that id to a text, as JavaScript does, before the comparison.
pub(super) fn owner(by: Option<StrictCaller>, sent: Option<&Value>) -> Result<StrictCaller, ApiError> {
    let by = by.ok_or(&UNAUTHORIZED)?;
    let sent = sent.map(text_of).unwrap_or_default();
    if !sent.is_empty() && sent != by.user().id.as_str() {
        return Err((&UNAUTHORIZED).into());
    }
    Ok(by)
}

/// wire: Better Auth ignores metadata that is no value for JavaScript, such as an empty text.
pub(super) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
