//! Statements about the model of an authenticator (WebAuthn, 8).
//!
//! Registrations ask for no statement, so browsers remove nearly all of them. The others are verified as Better Auth
//! does, without a list of trusted certificates: a valid statement only shows that the authenticator has the private
//! key.

use super::{
    authenticator_data::Credential,
    cbor::{Item, Reader},
    certificate::Certificate,
    key::{Algorithm, CredentialKey},
};

/// What a statement is about.
pub(super) struct Attested<'a> {
    pub(super) authenticator_data: &'a [u8],
    pub(super) client_data_hash: &'a [u8],
    pub(super) credential: &'a Credential<'a>,
    pub(super) key: &'a CredentialKey,
}

/// The statement about the authenticator.
pub(super) struct Statement<'a> {
    pub(super) is_empty: bool,
    algorithm: Option<i64>,
    signature: Option<&'a [u8]>,
    /// The first certificate, whose key has signed.
    certificate: Option<&'a [u8]>,
}

impl<'a> Statement<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let pairs = reader.map()?;
        let mut statement = Self {
            is_empty: pairs == 0,
            algorithm: None,
            signature: None,
            certificate: None,
        };
        for _ in 0..pairs {
            match reader.text()? {
                "alg" => {
                    let Item::Number(number) = reader.next()? else {
                        return None;
                    };
                    statement.algorithm = Some(number);
                }
                "sig" => statement.signature = Some(reader.bytes()?),
                "x5c" => {
                    let mut chain = Reader::new(reader.whole()?);
                    let Item::Array(1..) = chain.next()? else {
                        return None;
                    };
                    statement.certificate = Some(chain.bytes()?);
                }
                _ => {
                    reader.whole()?;
                }
            }
        }
        Some(statement)
    }

    /// Returns whether the statement is signed by the key of a certificate, or by the passkey itself. `None`: a part of
    /// it is missing or not supported.
    pub(super) fn is_packed(&self, attested: &Attested<'_>) -> Option<bool> {
        let algorithm = Algorithm::from_number(self.algorithm?)?;
        let signature = self.signature?;
        let signed = [attested.authenticator_data, attested.client_data_hash].concat();
        let Some(certificate) = self.certificate else {
            let is_own = algorithm == attested.key.algorithm;
            return Some(is_own && attested.key.verifies(signature, &signed));
        };
        let certificate = Certificate::parse(certificate)?;
        Some(certificate.is_of_authenticator() && certificate.verifies(algorithm, signature, &signed))
    }

    /// Returns whether the statement is one of U2F, the predecessor of WebAuthn, in which authenticators have no
    /// AAGUID. `None`: it is malformed.
    pub(super) fn is_of_u2f(&self, attested: &Attested<'_>) -> Option<bool> {
        let Credential { aaguid, id, .. } = attested.credential;
        let (rp_id_hash, _rest) = attested.authenticator_data.split_at_checked(32)?;
        let point = attested.key.point.as_deref()?;
        let signed = [&[0], rp_id_hash, attested.client_data_hash, id, point].concat();
        let certificate = Certificate::parse(self.certificate?)?;
        let is_valid = certificate.verifies(Algorithm::Es256, self.signature?, &signed);
        Some(aaguid.0 == [0; 16] && is_valid)
    }
}
