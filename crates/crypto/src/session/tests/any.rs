//! Tests with arbitrary values of columns.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Values that a column may hold, with keys and texts that JavaScript treats specially.
fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        "[0-9]{4}-[0-9]{2}-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{0,12})?Z",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let key = prop_oneof![any::<String>(), "[0-9]{1,11}", Just("__proto__".to_owned())];
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_sealed_session_opens_unchanged(name in any::<String>(), value in any_value(), version in any::<String>()) {
        let sealed = session(json!({ "a": value.clone(), "b": name }), json!({ "c": name, "d": value }), &version);
        for encoding in ENCODINGS {
            let text = cookies(&[SECRET]).seal(encoding, &sealed);
            prop_assert_eq!(cookies(&[SECRET]).open(encoding, &text, now()), Some(sealed.clone()));
        }
    }

    #[test]
    fn numbers_are_unchanged(number in any::<f64>().prop_filter("finite", |number| number.is_finite())) {
        let sealed = session(json!({ "number": number }), json!({}), "1");
        let text = cookies(&[SECRET]).seal(Encoding::Compact, &sealed);
        let opened = cookies(&[SECRET]).open(Encoding::Compact, &text, now()).unwrap();
        prop_assert_eq!(opened.session["number"].as_f64(), Some(number));
    }

    #[test]
    fn arbitrary_texts_are_rejected(text in any::<String>(), json in any_value()) {
        let json = BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
        for encoding in ENCODINGS {
            for text in [text.clone(), json.clone(), format!("{json}.{json}.{json}"), format!("{json}..{json}.{json}.{json}")] {
                prop_assert_eq!(cookies(&[SECRET]).open(encoding, &text, now()), None);
            }
        }
    }
}
