//! Public keys with their algorithms.

use std::ops::RangeInclusive;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P521_SHA512_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};

use super::jwk::{Jwk, decoded};
use crate::Error;

/// Lengths of an RSA modulus, in bytes: 2048 to 8192 bits.
const RSA_MODULUS: RangeInclusive<usize> = 256..=1024;

/// A key with its algorithm. HMAC and `none` have no variant, so no token can select them.
#[derive(Debug)]
pub(super) enum Material {
    Curve {
        algorithm: &'static dyn VerificationAlgorithm,
        /// Ed25519: the key. ECDSA: the uncompressed point.
        key: Vec<u8>,
    },
    Rsa {
        algorithm: &'static RsaParameters,
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

impl Material {
    /// Returns the key and the names of its algorithm, or `None` if it is of a kind that this crate does not know.
    pub(super) fn read(jwk: &Jwk) -> Option<(&'static [&'static str], Self)> {
        let curve = |algorithm, key| Self::Curve { algorithm, key };
        match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            // RFC 9864 calls the algorithm `Ed25519`.
            ("OKP", Some("Ed25519")) => Some((
                &["EdDSA", "Ed25519"],
                curve(&ED25519, decoded(jwk.x.as_deref(), 32)?),
            )),
            ("EC", Some("P-256")) => Some((&["ES256"], curve(&ECDSA_P256_SHA256_FIXED, jwk.point(32)?))),
            ("EC", Some("P-521")) => Some((&["ES512"], curve(&ECDSA_P521_SHA512_FIXED, jwk.point(66)?))),
            ("RSA", _) if jwk.alg.as_deref() == Some("PS256") => {
                Some((&["PS256"], Self::rsa(jwk, &RSA_PSS_2048_8192_SHA256)?))
            }
            ("RSA", _) => Some((&["RS256"], Self::rsa(jwk, &RSA_PKCS1_2048_8192_SHA256)?)),
            _ => None,
        }
    }

    /// Returns an RSA key, or `None` if it is shorter or longer than is secure and affordable.
    fn rsa(jwk: &Jwk, algorithm: &'static RsaParameters) -> Option<Self> {
        let (modulus, exponent) = jwk.modulus_and_exponent()?;
        RSA_MODULUS.contains(&modulus.len()).then_some(Self::Rsa {
            algorithm,
            modulus,
            exponent,
        })
    }

    pub(super) fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), Error> {
        let outcome = match self {
            Self::Curve { algorithm, key } => {
                UnparsedPublicKey::new(*algorithm, key).verify(signed, signature)
            }
            Self::Rsa {
                algorithm,
                modulus,
                exponent,
            } => RsaPublicKeyComponents {
                n: modulus,
                e: exponent,
            }
            .verify(algorithm, signed, signature),
        };
        outcome.map_err(|_| Error::WrongSignature)
    }
}
