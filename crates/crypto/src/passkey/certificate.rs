//! Certificates of authenticators.

use openssl::{
    nid::Nid,
    pkey::{PKey, Public},
    x509::X509,
};

use super::key::Algorithm;

/// Version 3, as it is written in a certificate.
const VERSION_3: i32 = 2;

/// A certificate of an authenticator, whose issuer is not checked.
pub(super) struct Certificate {
    certificate: X509,
    key: PKey<Public>,
}

impl Certificate {
    /// Reads a certificate in DER.
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        let certificate = X509::from_der(der).ok()?;
        let key = certificate.public_key().ok()?;
        Some(Self { certificate, key })
    }

    /// Returns whether the certificate is one for statements of authenticators (WebAuthn, 8.2.1).
    pub(super) fn is_of_authenticator(&self) -> bool {
        let subject = self.certificate.subject_name();
        let entry = |nid| {
            let data = subject.entries_by_nid(nid).next()?.data();
            data.to_string().ok().filter(|text| !text.is_empty())
        };
        let unit = entry(Nid::ORGANIZATIONALUNITNAME);
        let country = entry(Nid::COUNTRYNAME);
        self.certificate.version() == VERSION_3
            && unit.as_deref() == Some("Authenticator Attestation")
            && country.is_some_and(|country| country.len() == 2)
            && entry(Nid::COMMONNAME).is_some()
            && entry(Nid::ORGANIZATIONNAME).is_some()
    }

    /// Returns whether the key of the certificate has made the signature.
    pub(super) fn verifies(&self, algorithm: Algorithm, signature: &[u8], signed: &[u8]) -> bool {
        algorithm.verifies(&self.key, signature, signed)
    }
}
