//! The fake of the port that reads and verifies what authenticators make.

use portcullis_domain::passkey::{Aaguid, AuthenticatorData, Flags, PasskeyRejection};
use serde_json::Value;

use super::member;
use crate::ports::{Assertion, AttestedPasskey, PasskeyVerifier};

/// An attestation object is JSON with the members `rpId`, `flags`, `counter`, `id` and `key`; authenticator data is JSON
/// with the first three. A signature is the public key.
pub struct PlainPasskeyVerifier;

impl PasskeyVerifier for PlainPasskeyVerifier {
    fn registration(
        &self,
        attestation: &[u8],
        _client_data: &[u8],
        rp_id: &str,
    ) -> Result<AttestedPasskey, PasskeyRejection> {
        let value: Value =
            serde_json::from_slice(attestation).map_err(|_error| PasskeyRejection::Malformed)?;
        let bytes = |name| member(&value, name).map(|text| text.as_bytes().to_vec());
        Ok(AttestedPasskey {
            data: authenticator_data(&value, rp_id)?,
            credential_id: bytes("id").ok_or(PasskeyRejection::Malformed)?,
            public_key: bytes("key").ok_or(PasskeyRejection::Key)?,
            aaguid: Aaguid([0; 16]),
        })
    }

    fn assertion(
        &self,
        assertion: &Assertion,
        public_key: &[u8],
        rp_id: &str,
    ) -> Result<AuthenticatorData, PasskeyRejection> {
        let value = serde_json::from_slice(&assertion.authenticator_data);
        let data = authenticator_data(&value.map_err(|_error| PasskeyRejection::Malformed)?, rp_id)?;
        (assertion.signature == public_key)
            .then_some(data)
            .ok_or(PasskeyRejection::Signature)
    }
}

fn authenticator_data(value: &Value, rp_id: &str) -> Result<AuthenticatorData, PasskeyRejection> {
    if member(value, "rpId") != Some(rp_id) {
        return Err(PasskeyRejection::RelyingParty);
    }
    let number = |name: &str| value.get(name).and_then(Value::as_u64);
    let flags = number("flags").and_then(|flags| u8::try_from(flags).ok());
    let counter = number("counter").and_then(|counter| u32::try_from(counter).ok());
    Ok(AuthenticatorData {
        flags: Flags::new(flags.ok_or(PasskeyRejection::Malformed)?),
        counter: counter.ok_or(PasskeyRejection::Malformed)?,
    })
}
