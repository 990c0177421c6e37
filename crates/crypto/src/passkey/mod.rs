//! Signatures of authenticators, and the keys and statements that they send (WebAuthn).

mod attestation;
mod authenticator_data;
mod cbor;
mod certificate;
mod key;
mod statement;

#[cfg(test)]
mod tests;

use portcullis_application::ports::{Assertion, AttestedPasskey, PasskeyVerifier};
use portcullis_domain::passkey::{AuthenticatorData, PasskeyRejection};
use sha2::{Digest as _, Sha256};

use self::{attestation::Attestation, authenticator_data::Parsed, key::CredentialKey, statement::Attested};

/// Verifies the signatures of authenticators with OpenSSL: ES256, EdDSA and RS256, the algorithms for which registrations
/// ask.
#[derive(Clone, Copy, Debug, Default)]
pub struct AuthenticatorSignatures;

impl PasskeyVerifier for AuthenticatorSignatures {
    fn registration(
        &self,
        attestation: &[u8],
        client_data: &[u8],
        rp_id: &str,
    ) -> Result<AttestedPasskey, PasskeyRejection> {
        let attestation = Attestation::parse(attestation).ok_or(PasskeyRejection::Malformed)?;
        let parsed = parse(attestation.authenticator_data, rp_id)?;
        let credential = parsed.credential.ok_or(PasskeyRejection::Malformed)?;
        let key = CredentialKey::parse(credential.public_key).ok_or(PasskeyRejection::Key)?;
        let attested = Attested {
            authenticator_data: attestation.authenticator_data,
            client_data_hash: &Sha256::digest(client_data),
            credential: &credential,
            key: &key,
        };
        if !attestation.is_valid(&attested) {
            return Err(PasskeyRejection::Attestation);
        }
        Ok(AttestedPasskey {
            data: parsed.data,
            credential_id: credential.id.to_vec(),
            public_key: credential.public_key.to_vec(),
            aaguid: credential.aaguid,
        })
    }

    fn assertion(
        &self,
        assertion: &Assertion,
        public_key: &[u8],
        rp_id: &str,
    ) -> Result<AuthenticatorData, PasskeyRejection> {
        let parsed = parse(&assertion.authenticator_data, rp_id)?;
        let key = CredentialKey::parse(public_key).ok_or(PasskeyRejection::Key)?;
        let hash = Sha256::digest(&assertion.client_data);
        let signed = [assertion.authenticator_data.as_slice(), &hash].concat();
        if !key.verifies(&assertion.signature, &signed) {
            return Err(PasskeyRejection::Signature);
        }
        Ok(parsed.data)
    }
}

/// Reads authenticator data, which must belong to the relying party.
fn parse<'a>(data: &'a [u8], rp_id: &str) -> Result<Parsed<'a>, PasskeyRejection> {
    let parsed = Parsed::read(data).ok_or(PasskeyRejection::Malformed)?;
    let expected: [u8; 32] = Sha256::digest(rp_id).into();
    (parsed.rp_id_hash == expected)
        .then_some(parsed)
        .ok_or(PasskeyRejection::RelyingParty)
}
