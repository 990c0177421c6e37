//! The responses of authenticators (WebAuthn, 5.1), which browsers send as JSON.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use portcullis_application::{passkey::RegistrationResponse, ports::Assertion};
use serde_json::{Map, Value};

/// The most bytes of the list of transports.
const LONGEST_TRANSPORTS: usize = 255;

/// Base64url, with padding or without, as Better Auth reads it.
const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads the response to a registration. `None`: it is malformed.
pub(super) fn registration(sent: &Value) -> Option<RegistrationResponse> {
    let response = credential(sent.as_object()?)?;
    Some(RegistrationResponse {
        client_data: bytes(response, "clientDataJSON")?,
        attestation: bytes(response, "attestationObject")?,
        transports: transports(response.get("transports")?)?,
    })
}

/// Reads the response to a sign-in. `None`: it is malformed.
pub(super) fn assertion(sent: &Map<String, Value>) -> Option<Assertion> {
    let response = credential(sent)?;
    Some(Assertion {
        client_data: bytes(response, "clientDataJSON")?,
        authenticator_data: bytes(response, "authenticatorData")?,
        signature: bytes(response, "signature")?,
    })
}

/// Returns the authenticator's part of the response of a public key.
fn credential(sent: &Map<String, Value>) -> Option<&Map<String, Value>> {
    let text = |name| sent.get(name).and_then(Value::as_str);
    let id = text("id").filter(|id| !id.is_empty());
    let is_public_key = id.is_some() && id == text("rawId") && text("type") == Some("public-key");
    sent.get("response").filter(|_| is_public_key)?.as_object()
}

fn bytes(response: &Map<String, Value>, name: &str) -> Option<Vec<u8>> {
    BASE64URL.decode(response.get(name)?.as_str()?).ok()
}

fn transports(sent: &Value) -> Option<String> {
    let transports: Option<Vec<_>> = sent.as_array()?.iter().map(Value::as_str).collect();
    let joined = transports?.join(",");
    let is_storable = joined.len() <= LONGEST_TRANSPORTS && !joined.contains('\0');
    is_storable.then_some(joined)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn made() -> Value {
        json!({
            "id": "AQI", "rawId": "AQI", "type": "public-key", "clientExtensionResults": {},
            "response": { "clientDataJSON": "e30", "attestationObject": "oA==", "transports": ["usb", "nfc"] },
        })
    }

    fn signed() -> Value {
        json!({
            "id": "AQI", "rawId": "AQI", "type": "public-key",
            "response": { "clientDataJSON": "e30", "authenticatorData": "-_8", "signature": "AQ", "userHandle": "eA" },
        })
    }

    fn changed(mut value: Value, pointer: &str, to: Value) -> Value {
        *value.pointer_mut(pointer).unwrap() = to;
        value
    }

    #[test]
    fn the_response_of_a_browser_is_read() {
        let read = registration(&made()).unwrap();
        assert_eq!(read.client_data, b"{}");
        assert_eq!(read.attestation, [0xa0]);
        assert_eq!(read.transports, "usb,nfc");
        let read = assertion(signed().as_object().unwrap()).unwrap();
        assert_eq!(read.client_data, b"{}");
        assert_eq!(
            (read.authenticator_data, read.signature),
            (vec![0xfb, 0xff], vec![1])
        );
    }

    #[test]
    fn a_malformed_response_is_rejected() {
        let long = "x".repeat(256);
        for (pointer, wrong) in [
            ("/id", json!("")),
            ("/id", json!(5)),
            ("/rawId", json!("AQ")),
            ("/type", json!("password")),
            ("/response", json!(null)),
            ("/response/clientDataJSON", json!("e3 0")),
            ("/response/clientDataJSON", json!(null)),
            ("/response/attestationObject", json!("+/8")),
            ("/response/transports", json!("usb")),
            ("/response/transports", json!(["usb", 5])),
            ("/response/transports", json!(["\0"])),
            ("/response/transports", json!([long])),
        ] {
            assert!(
                registration(&changed(made(), pointer, wrong)).is_none(),
                "{pointer}"
            );
        }
        assert!(registration(&json!("x")).is_none());
        for (pointer, wrong) in [
            ("/rawId", json!("AQ")),
            ("/response/authenticatorData", json!("a")),
            ("/response/signature", json!([])),
        ] {
            let sent = changed(signed(), pointer, wrong);
            assert!(assertion(sent.as_object().unwrap()).is_none(), "{pointer}");
        }
    }
}
