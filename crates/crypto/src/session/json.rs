//! JSON that is byte for byte equal to JavaScript's `JSON.stringify(JSON.parse(text))`.

use std::io::Write;

use serde_json::{Map, Number, Value};

use super::iso_date;

/// JavaScript cannot represent every whole number above it.
const MOST_SAFE: u64 = 1 << 53;

/// How texts that look like dates are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dates {
    /// Unchanged.
    Kept,
    /// As JavaScript prints the date.
    Revived,
}

/// Prints a value. The parser limits its depth.
pub(super) fn write(out: &mut Vec<u8>, value: &Value, dates: Dates) {
    match value {
        Value::Null => out.extend(b"null"),
        Value::Bool(true) => out.extend(b"true"),
        Value::Bool(false) => out.extend(b"false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_text(out, text, dates),
        Value::Array(items) => write_array(out, items, dates),
        Value::Object(members) => write_object(out, members, dates),
    }
}

/// Prints a text.
pub(super) fn write_text(out: &mut Vec<u8>, text: &str, dates: Dates) {
    let revived = match dates {
        Dates::Kept => None,
        Dates::Revived => iso_date::revived(text),
    };
    let _writing_to_memory_succeeds = serde_json::to_writer(out, revived.as_deref().unwrap_or(text));
}

fn write_array(out: &mut Vec<u8>, items: &[Value], dates: Dates) {
    out.push(b'[');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write(out, item, dates);
    }
    out.push(b']');
}

/// Prints an object. Keys that are array indices come first, in numerical order; all others keep their order.
fn write_object(out: &mut Vec<u8>, members: &Map<String, Value>, dates: Dates) {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(key, _)| index(key).map_or(u64::MAX, u64::from));
    out.push(b'{');
    for (place, (key, value)) in members.into_iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        write_text(out, key, Dates::Kept);
        out.push(b':');
        write(out, value, dates);
    }
    out.push(b'}');
}

/// Returns the array index that a key represents, if it is one.
fn index(key: &str) -> Option<u32> {
    let is_plain = key.bytes().all(|byte| byte.is_ascii_digit()) && (key == "0" || !key.starts_with('0'));
    key.parse().ok().filter(|index| is_plain && *index < u32::MAX)
}

fn write_number(out: &mut Vec<u8>, number: &Number) {
    let _writing_to_memory_succeeds = match number.as_i64() {
        Some(whole) if whole.unsigned_abs() <= MOST_SAFE => write!(out, "{whole}"),
        _ => {
            let double = number.as_f64().unwrap_or_default();
            out.write_all(ryu_js::Buffer::new().format(double).as_bytes())
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str, dates: Dates) -> String {
        let mut out = Vec::new();
        write(&mut out, &serde_json::from_str(text).unwrap(), dates);
        String::from_utf8(out).unwrap()
    }

    /// Each pair is `JSON.stringify(JSON.parse(text))` in Node 20.
    #[test]
    fn values_are_printed_as_javascript_prints_them() {
        for (text, expected) in [
            (
                r#"{"b":1,"4294967295":1,"4294967294":2,"10":3,"9":4,"01":5,"-1":6,"b":7}"#,
                r#"{"9":4,"10":3,"4294967294":2,"b":7,"4294967295":1,"01":5,"-1":6}"#,
            ),
            (r#"{"0":1,"+1":2,"":3,"00":4}"#, r#"{"0":1,"+1":2,"":3,"00":4}"#),
            (
                r#"{"a":1,"__proto__":{"z":1,"1":2}}"#,
                r#"{"a":1,"__proto__":{"1":2,"z":1}}"#,
            ),
            (
                "[1e21,1e20,-0,-0.0,0.1,1e-6,1e-7,5e-324,1.7976931348623157e308]",
                "[1e+21,100000000000000000000,0,0,0.1,0.000001,1e-7,5e-324,1.7976931348623157e+308]",
            ),
            (
                "[123456789012345678901,9007199254740993,9007199254740992,-9007199254740993,18446744073709551615]",
                "[123456789012345680000,9007199254740992,9007199254740992,-9007199254740992,18446744073709552000]",
            ),
            (
                "[1.0,100.50,2.2250738585072011e-308,8.41e21,1E3]",
                "[1,100.5,2.225073858507201e-308,8.41e+21,1000]",
            ),
            (
                r#""\u0000\u001f\u007f\u0080\u2028\b\f\n\r\t\/\\\"é😀""#,
                "\"\\u0000\\u001f\u{7f}\u{80}\u{2028}\\b\\f\\n\\r\\t/\\\\\\\"é😀\"",
            ),
            (" [ true , false , null , [ ] , { } ] ", "[true,false,null,[],{}]"),
        ] {
            assert_eq!(printed(text, Dates::Kept), expected);
        }
    }

    #[test]
    fn texts_that_look_like_dates_are_printed_as_dates_and_keys_are_not() {
        let text = r#"{"2020-01-01T00:00:00Z":["2020-01-01T00:00:00Z"]}"#;
        assert_eq!(printed(text, Dates::Kept), text);
        assert_eq!(
            printed(text, Dates::Revived),
            r#"{"2020-01-01T00:00:00Z":["2020-01-01T00:00:00.000Z"]}"#
        );
    }
}
