//! A software authenticator together with its browser.

use openssl::{
    base64::encode_block,
    bn::{BigNum, BigNumContext},
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{Id, PKey, Private},
    rsa::Rsa,
    sha::sha256,
    sign::Signer,
};
use portcullis_testkit::BASE_URL;
use serde_json::{Value, json};

/// The host of the server.
pub(crate) const RP_ID: &str = "localhost";
pub(crate) const PRESENT: u8 = 0b0000_0001;
pub(crate) const VERIFIED: u8 = 0b0000_0101;
pub(crate) const BACKED_UP: u8 = 0b0001_1101;
const HAS_CREDENTIAL: u8 = 0b0100_0000;

/// A passkey in an authenticator, and the page of the browser that asks for it.
#[derive(Clone)]
pub(crate) struct Authenticator {
    key: PKey<Private>,
    cose: Vec<u8>,
    /// The id by which the authenticator knows the passkey.
    pub(crate) id: Vec<u8>,
    pub(crate) flags: u8,
    pub(crate) counter: u32,
    pub(crate) rp_id: &'static str,
    pub(crate) origin: String,
}

impl Authenticator {
    fn new(key: PKey<Private>, cose: &[Vec<u8>]) -> Self {
        let cose = [vec![0xa0 | u8::try_from(cose.len() / 2).unwrap()], cose.concat()].concat();
        Self {
            key,
            id: sha256(&cose)[..16].to_vec(),
            cose,
            flags: VERIFIED,
            counter: 0,
            rp_id: RP_ID,
            origin: BASE_URL.to_owned(),
        }
    }

    /// The same passkey for the same seed.
    pub(crate) fn eddsa(seed: u8) -> Self {
        let key = PKey::private_key_from_raw_bytes(&[seed; 32], Id::ED25519).unwrap();
        let x = bytes(&key.raw_public_key().unwrap());
        let cose = [
            vec![1],
            vec![1],
            vec![3],
            vec![0x27],
            vec![0x20],
            vec![6],
            vec![0x21],
            x,
        ];
        Self::new(key, &cose)
    }

    pub(crate) fn es256() -> Self {
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
        let key = EcKey::generate(&group).unwrap();
        let mut context = BigNumContext::new().unwrap();
        let (mut x, mut y) = (BigNum::new().unwrap(), BigNum::new().unwrap());
        key.public_key()
            .affine_coordinates(&group, &mut x, &mut y, &mut context)
            .unwrap();
        let [x, y] = [x, y].map(|coordinate| bytes(&coordinate.to_vec_padded(32).unwrap()));
        let (kind, algorithm, curve) = (vec![2], vec![0x26], vec![1]);
        let cose = [
            vec![1],
            kind,
            vec![3],
            algorithm,
            vec![0x20],
            curve,
            vec![0x21],
            x,
            vec![0x22],
            y,
        ];
        Self::new(PKey::from_ec_key(key).unwrap(), &cose)
    }

    pub(crate) fn rs256() -> Self {
        let key = Rsa::generate(2048).unwrap();
        let (n, e) = (bytes(&key.n().to_vec()), bytes(&key.e().to_vec()));
        let algorithm = vec![0x39, 0x01, 0x00];
        let cose = [vec![1], vec![3], vec![3], algorithm, vec![0x20], n, vec![0x21], e];
        Self::new(PKey::from_rsa(key).unwrap(), &cose)
    }

    pub(crate) fn credential_id(&self) -> String {
        base64url(&self.id)
    }

    /// The response of the browser to a registration with this challenge.
    pub(crate) fn register(&self, challenge: &str) -> Value {
        let mut data = self.data(self.flags | HAS_CREDENTIAL);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend(&self.cose);
        let attestation = [
            &[0xa3][..],
            b"\x63fmt\x64none",
            b"\x67attStmt\xa0",
            b"\x68authData",
            &bytes(&data),
        ]
        .concat();
        json!({
            "id": self.credential_id(), "rawId": self.credential_id(), "type": "public-key",
            "clientExtensionResults": {}, "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": base64url(&self.client_data("webauthn.create", challenge)),
                "attestationObject": base64url(&attestation),
                "transports": ["internal", "hybrid"],
            },
        })
    }

    /// The response of the browser to a sign-in with this challenge. The authenticator counts it.
    pub(crate) fn sign(&mut self, challenge: &str) -> Value {
        self.counter += 1;
        self.sign_uncounted(challenge)
    }

    /// As [`sign`](Self::sign), with the last count.
    pub(crate) fn sign_uncounted(&self, challenge: &str) -> Value {
        let client_data = self.client_data("webauthn.get", challenge);
        let data = self.data(self.flags);
        let signed = [data.as_slice(), &sha256(&client_data)].concat();
        json!({
            "id": self.credential_id(), "rawId": self.credential_id(), "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": base64url(&client_data),
                "authenticatorData": base64url(&data),
                "signature": base64url(&self.signature(&signed)),
                "userHandle": null,
            },
        })
    }

    fn client_data(&self, ceremony: &str, challenge: &str) -> Vec<u8> {
        let data = json!({
            "type": ceremony, "challenge": challenge, "origin": self.origin, "crossOrigin": false,
        });
        data.to_string().into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        [
            &sha256(self.rp_id.as_bytes())[..],
            &[flags],
            &self.counter.to_be_bytes(),
        ]
        .concat()
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let mut signer = if self.key.id() == Id::ED25519 {
            Signer::new_without_digest(&self.key).unwrap()
        } else {
            Signer::new(MessageDigest::sha256(), &self.key).unwrap()
        };
        signer.sign_oneshot_to_vec(message).unwrap()
    }
}

/// Bytes in CBOR.
fn bytes(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let head = match length {
        0..24 => vec![0x40 | bytes.len().to_be_bytes()[7]],
        24..256 => vec![0x58, length.to_be_bytes()[1]],
        _ => [&[0x59][..], &length.to_be_bytes()].concat(),
    };
    [head, bytes.to_vec()].concat()
}

fn base64url(bytes: &[u8]) -> String {
    let text = encode_block(bytes).replace('+', "-").replace('/', "_");
    text.trim_end_matches('=').to_owned()
}
