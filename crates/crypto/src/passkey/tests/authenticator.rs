//! A software authenticator.

use openssl::{
    asn1::Asn1Time,
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{Id, PKey, Private},
    rsa::Rsa,
    sign::Signer,
    x509::{X509, X509Name},
};
use portcullis_application::ports::Assertion;
use sha2::{Digest as _, Sha256};

pub(super) const RP: &str = "example.com";
pub(super) const CLIENT_DATA: &[u8] = br#"{"type":"webauthn.get"}"#;
pub(super) const USER_PRESENT: u8 = 0b0000_0001;
pub(super) const HAS_CREDENTIAL: u8 = 0b0100_0000;
pub(super) const HAS_EXTENSIONS: u8 = 0b1000_0000;

/// The beginning of an item of CBOR: its kind and its length or number.
pub(super) fn head(major: u8, argument: usize) -> Vec<u8> {
    let major = major << 5;
    match argument {
        0..24 => vec![major | u8::try_from(argument).unwrap()],
        24..256 => vec![major | 0x18, u8::try_from(argument).unwrap()],
        _ => [
            &[major | 0x19][..],
            &u16::try_from(argument).unwrap().to_be_bytes(),
        ]
        .concat(),
    }
}

pub(super) fn number(number: i64) -> Vec<u8> {
    if number < 0 {
        head(1, usize::try_from(-1 - number).unwrap())
    } else {
        head(0, usize::try_from(number).unwrap())
    }
}

pub(super) fn bytes(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

pub(super) fn text(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.as_bytes().to_vec()].concat()
}

pub(super) fn map(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let pairs_in_order = pairs.iter().flat_map(|(key, value)| [key.clone(), value.clone()]);
    [head(5, pairs.len())]
        .into_iter()
        .chain(pairs_in_order)
        .flatten()
        .collect()
}

/// A passkey in a software authenticator.
pub(super) struct Authenticator {
    pub(super) key: PKey<Private>,
    pub(super) cose: Vec<u8>,
}

impl Authenticator {
    pub(super) fn es256() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        key.public_key()
            .affine_coordinates(&group, &mut x, &mut y, &mut context)
            .unwrap();
        let [x, y] = [x, y].map(|coordinate| coordinate.to_vec_padded(32).unwrap());
        Self {
            key: PKey::from_ec_key(key).unwrap(),
            cose: p256(&x, &y),
        }
    }

    pub(super) fn eddsa() -> Self {
        let key = PKey::generate_ed25519().unwrap();
        let cose = map(&[
            (number(1), number(1)),
            (number(3), number(-8)),
            (number(-1), number(6)),
            (number(-2), bytes(&key.raw_public_key().unwrap())),
        ]);
        Self { key, cose }
    }

    pub(super) fn rs256(bits: u32) -> Self {
        let key = Rsa::generate(bits).unwrap();
        let cose = map(&[
            (number(1), number(3)),
            (number(3), number(-257)),
            (number(-1), bytes(&key.n().to_vec())),
            (number(-2), bytes(&key.e().to_vec())),
        ]);
        Self {
            key: PKey::from_rsa(key).unwrap(),
            cose,
        }
    }

    pub(super) fn data(&self, rp_id: &str, flags: u8, counter: u32) -> Vec<u8> {
        let mut data = Sha256::digest(rp_id).to_vec();
        data.push(flags);
        data.extend(counter.to_be_bytes());
        if flags & HAS_CREDENTIAL != 0 {
            data.extend([7; 16]);
            data.extend([0, 3, 1, 2, 3]);
            data.extend(&self.cose);
        }
        if flags & HAS_EXTENSIONS != 0 {
            data.extend(map(&[(text("credProtect"), number(2))]));
        }
        data
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signer = if self.key.id() == Id::ED25519 {
            Signer::new_without_digest(&self.key).unwrap()
        } else {
            Signer::new(MessageDigest::sha256(), &self.key).unwrap()
        };
        signer.sign_oneshot_to_vec(message).unwrap()
    }

    pub(super) fn assertion(&self, rp_id: &str) -> Assertion {
        let authenticator_data = self.data(rp_id, USER_PRESENT, 9);
        let hash = Sha256::digest(CLIENT_DATA);
        Assertion {
            client_data: CLIENT_DATA.to_vec(),
            signature: self.sign(&[authenticator_data.as_slice(), &hash].concat()),
            authenticator_data,
        }
    }

    /// Returns an attestation object with this statement.
    pub(super) fn attestation(&self, format: &str, statement: &[u8]) -> Vec<u8> {
        let data = self.data(RP, USER_PRESENT | HAS_CREDENTIAL, 0);
        object(format, statement, &data)
    }

    pub(super) fn signed_by(&self, authenticator: &Self) -> Vec<u8> {
        let data = authenticator.data(RP, USER_PRESENT | HAS_CREDENTIAL, 0);
        self.sign(&[data.as_slice(), &Sha256::digest(CLIENT_DATA)].concat())
    }
}

pub(super) fn p256(x: &[u8], y: &[u8]) -> Vec<u8> {
    map(&[
        (number(1), number(2)),
        (number(3), number(-7)),
        (number(-1), number(1)),
        (number(-2), bytes(x)),
        (number(-3), bytes(y)),
    ])
}

pub(super) fn object(format: &str, statement: &[u8], data: &[u8]) -> Vec<u8> {
    map(&[
        (text("fmt"), text(format)),
        (text("attStmt"), statement.to_vec()),
        (text("authData"), bytes(data)),
    ])
}

pub(super) fn none() -> Vec<u8> {
    map(&[])
}

pub(super) fn packed(algorithm: i64, signature: &[u8], certificate: Option<&X509>) -> Vec<u8> {
    let mut pairs = vec![(text("alg"), number(algorithm)), (text("sig"), bytes(signature))];
    if let Some(certificate) = certificate {
        let chain = [head(4, 1), bytes(&certificate.to_der().unwrap())].concat();
        pairs.push((text("x5c"), chain));
    }
    map(&pairs)
}

pub(super) fn certificate(of: &Authenticator, unit: &str) -> X509 {
    let mut name = X509Name::builder().unwrap();
    for (field, value) in [("C", "SE"), ("O", "Acme"), ("OU", unit), ("CN", "Acme 1")] {
        name.append_entry_by_text(field, value).unwrap();
    }
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(&of.key).unwrap();
    builder.set_not_before(&Asn1Time::from_unix(0).unwrap()).unwrap();
    builder
        .set_not_after(&Asn1Time::from_unix(4_000_000_000).unwrap())
        .unwrap();
    builder.sign(&of.key, MessageDigest::sha256()).unwrap();
    builder.build()
}
