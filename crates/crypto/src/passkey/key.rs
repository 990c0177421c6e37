//! Public keys of passkeys, as COSE keys (RFC 9052, RFC 9053).

use openssl::{
    bn::BigNum,
    ec::{EcGroup, EcKey},
    error::ErrorStack,
    hash::MessageDigest,
    nid::Nid,
    pkey::{Id, PKey, Public},
    rsa::Rsa,
    sign::Verifier,
};

use super::cbor::{Item, Reader};

const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const P256: i64 = 1;
const ED25519: i64 = 6;
const COORDINATE: usize = 32;
/// Bits of the modulus of an RSA key. Shorter ones are weak, and longer ones are slow.
const MODULUS: std::ops::RangeInclusive<i32> = 2048..=8192;
/// Bytes of the exponent of an RSA key. A longer one would be slow.
const LONGEST_EXPONENT: usize = 4;

/// The lowest exponent of an RSA key. With the exponent 1, everyone can sign.
const LOWEST_EXPONENT: u32 = 3;
/// The points of small order on the curve of `Ed25519`, without their last bit, which is the sign of x. Everyone can sign
/// for such a key. The last two are other spellings of the first two.
const SMALL_ORDER: [[u8; COORDINATE]; 7] = [
    low(0x00, 0x00),
    low(0x01, 0x00),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5,
        0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a,
        0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
    low(0xec, 0xff),
    low(0xed, 0xff),
    low(0xee, 0xff),
];

/// Returns a coordinate with this first byte and these further ones. The last one is without its highest bit.
const fn low(first: u8, further: u8) -> [u8; COORDINATE] {
    let mut bytes = [further; COORDINATE];
    bytes[0] = first;
    bytes[COORDINATE - 1] = further & 0x7f;
    bytes
}

/// Returns whether a public key of `Ed25519` is a point of small order.
fn is_of_small_order(point: &[u8]) -> bool {
    let Some((last, start)) = point.split_last() else {
        return false;
    };
    let is_this = |small: &[u8; COORDINATE]| {
        small
            .split_last()
            .is_some_and(|(end, begin)| begin == start && *end == last & 0x7f)
    };
    SMALL_ORDER.iter().any(is_this)
}

/// An algorithm of signatures, by its number in COSE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// `Ed25519`.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

/// A public key with the algorithm of its signatures.
pub(super) struct CredentialKey {
    pub(super) algorithm: Algorithm,
    key: PKey<Public>,
    /// The point of a key on P-256, without compression.
    pub(super) point: Option<Vec<u8>>,
}

/// The members of a COSE key that are used.
#[derive(Default)]
struct Members<'a> {
    kind: Option<Item<'a>>,
    algorithm: Option<Item<'a>>,
    /// The curve, or the modulus of an RSA key.
    first: Option<Item<'a>>,
    /// The coordinate x, or the exponent of an RSA key.
    second: Option<Item<'a>>,
    /// The coordinate y.
    third: Option<Item<'a>>,
}

impl Algorithm {
    pub(super) const fn from_number(number: i64) -> Option<Self> {
        match number {
            -7 => Some(Self::Es256),
            -8 => Some(Self::EdDsa),
            -257 => Some(Self::Rs256),
            _ => None,
        }
    }

    /// Returns whether a signature is valid. A key of another kind verifies none.
    pub(super) fn verifies(self, key: &PKey<Public>, signature: &[u8], signed: &[u8]) -> bool {
        let (kind, digest) = match self {
            Self::Es256 => (Id::EC, Some(MessageDigest::sha256())),
            Self::EdDsa => (Id::ED25519, None),
            Self::Rs256 => (Id::RSA, Some(MessageDigest::sha256())),
        };
        let verified = || match digest {
            Some(digest) => Verifier::new(digest, key)?.verify_oneshot(signature, signed),
            None => Verifier::new_without_digest(key)?.verify_oneshot(signature, signed),
        };
        // OpenSSL returns an error if the bytes are not a signature.
        key.id() == kind && verified().unwrap_or(false)
    }
}

impl CredentialKey {
    /// Reads a COSE key. `None`: it is malformed, or not of an algorithm for which registrations ask.
    pub(super) fn parse(cose: &[u8]) -> Option<Self> {
        let members = Members::read(cose)?;
        let (Some(Item::Number(kind)), Some(Item::Number(number))) = (members.kind, members.algorithm) else {
            return None;
        };
        let algorithm = Algorithm::from_number(number)?;
        match (kind, algorithm) {
            (EC2, Algorithm::Es256) => members.p256(),
            (OKP, Algorithm::EdDsa) => members.ed25519(),
            (RSA, Algorithm::Rs256) => members.rsa(),
            _ => None,
        }
    }

    /// Returns whether a signature of the key is valid.
    pub(super) fn verifies(&self, signature: &[u8], signed: &[u8]) -> bool {
        self.algorithm.verifies(&self.key, signature, signed)
    }
}

impl<'a> Members<'a> {
    fn read(cose: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(cose);
        let mut members = Self::default();
        for _ in 0..reader.map()? {
            let Item::Number(label) = reader.next()? else {
                return None;
            };
            let member = match label {
                1 => &mut members.kind,
                3 => &mut members.algorithm,
                -1 => &mut members.first,
                -2 => &mut members.second,
                -3 => &mut members.third,
                _ => {
                    reader.whole()?;
                    continue;
                }
            };
            if member.replace(reader.next()?).is_some() {
                return None;
            }
        }
        reader.rest().is_empty().then_some(members)
    }

    fn p256(&self) -> Option<CredentialKey> {
        let (Some(Item::Number(P256)), Some(Item::Bytes(x)), Some(Item::Bytes(y))) =
            (self.first, self.second, self.third)
        else {
            return None;
        };
        if (x.len(), y.len()) != (COORDINATE, COORDINATE) {
            return None;
        }
        let key = || -> Result<_, ErrorStack> {
            let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
            let (x, y) = (BigNum::from_slice(x)?, BigNum::from_slice(y)?);
            // OpenSSL checks that the point is on the curve.
            PKey::from_ec_key(EcKey::from_public_key_affine_coordinates(&group, &x, &y)?)
        };
        Some(CredentialKey {
            algorithm: Algorithm::Es256,
            key: key().ok()?,
            point: Some([&[0x04], x, y].concat()),
        })
    }

    fn ed25519(&self) -> Option<CredentialKey> {
        let (Some(Item::Number(ED25519)), Some(Item::Bytes(x))) = (self.first, self.second) else {
            return None;
        };
        if is_of_small_order(x) {
            return None;
        }
        Some(CredentialKey {
            algorithm: Algorithm::EdDsa,
            key: PKey::public_key_from_raw_bytes(x, Id::ED25519).ok()?,
            point: None,
        })
    }

    fn rsa(&self) -> Option<CredentialKey> {
        let (Some(Item::Bytes(modulus)), Some(Item::Bytes(exponent))) = (self.first, self.second) else {
            return None;
        };
        if exponent.len() > LONGEST_EXPONENT {
            return None;
        }
        let (modulus, exponent) = (
            BigNum::from_slice(modulus).ok()?,
            BigNum::from_slice(exponent).ok()?,
        );
        let lowest = BigNum::from_u32(LOWEST_EXPONENT).ok()?;
        if !MODULUS.contains(&modulus.num_bits()) || !modulus.is_odd() {
            return None;
        }
        if exponent < lowest || !exponent.is_odd() {
            return None;
        }
        let key = PKey::from_rsa(Rsa::from_public_components(modulus, exponent).ok()?);
        Some(CredentialKey {
            algorithm: Algorithm::Rs256,
            key: key.ok()?,
            point: None,
        })
    }
}
