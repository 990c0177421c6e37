//! A software authenticator, and what is accepted of it.

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
use portcullis_domain::passkey::Aaguid;
use proptest::prelude::*;

use super::*;

const RP: &str = "example.com";
const CLIENT_DATA: &[u8] = br#"{"type":"webauthn.get"}"#;
const USER_PRESENT: u8 = 0b0000_0001;
const HAS_CREDENTIAL: u8 = 0b0100_0000;
const HAS_EXTENSIONS: u8 = 0b1000_0000;

/// The beginning of an item of CBOR: its kind and its length or number.
fn head(major: u8, argument: usize) -> Vec<u8> {
    let major = major << 5;
    match argument {
        0..24 => vec![major | u8::try_from(argument).unwrap()],
        24..256 => vec![major | 24, u8::try_from(argument).unwrap()],
        _ => [&[major | 25][..], &u16::try_from(argument).unwrap().to_be_bytes()].concat(),
    }
}

fn number(number: i64) -> Vec<u8> {
    if number < 0 {
        head(1, usize::try_from(-1 - number).unwrap())
    } else {
        head(0, usize::try_from(number).unwrap())
    }
}

fn bytes(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

fn text(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.as_bytes().to_vec()].concat()
}

fn map(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let pairs_in_order = pairs.iter().flat_map(|(key, value)| [key.clone(), value.clone()]);
    [head(5, pairs.len())]
        .into_iter()
        .chain(pairs_in_order)
        .flatten()
        .collect()
}

/// A passkey in a software authenticator.
struct Authenticator {
    key: PKey<Private>,
    cose: Vec<u8>,
}

impl Authenticator {
    fn es256() -> Self {
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

    fn eddsa() -> Self {
        let key = PKey::generate_ed25519().unwrap();
        let cose = map(&[
            (number(1), number(1)),
            (number(3), number(-8)),
            (number(-1), number(6)),
            (number(-2), bytes(&key.raw_public_key().unwrap())),
        ]);
        Self { key, cose }
    }

    fn rs256(bits: u32) -> Self {
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

    fn data(&self, rp_id: &str, flags: u8, counter: u32) -> Vec<u8> {
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

    fn sign(&self, signed: &[u8]) -> Vec<u8> {
        let mut signer = if self.key.id() == Id::ED25519 {
            Signer::new_without_digest(&self.key).unwrap()
        } else {
            Signer::new(MessageDigest::sha256(), &self.key).unwrap()
        };
        signer.sign_oneshot_to_vec(signed).unwrap()
    }

    fn assertion(&self, rp_id: &str) -> Assertion {
        let authenticator_data = self.data(rp_id, USER_PRESENT, 9);
        let hash = Sha256::digest(CLIENT_DATA);
        Assertion {
            client_data: CLIENT_DATA.to_vec(),
            signature: self.sign(&[authenticator_data.as_slice(), &hash].concat()),
            authenticator_data,
        }
    }

    /// Returns an attestation object with this statement.
    fn attestation(&self, format: &str, statement: &[u8]) -> Vec<u8> {
        let data = self.data(RP, USER_PRESENT | HAS_CREDENTIAL, 0);
        object(format, statement, &data)
    }

    fn signed_by(&self, authenticator: &Self) -> Vec<u8> {
        let data = authenticator.data(RP, USER_PRESENT | HAS_CREDENTIAL, 0);
        self.sign(&[data.as_slice(), &Sha256::digest(CLIENT_DATA)].concat())
    }
}

fn p256(x: &[u8], y: &[u8]) -> Vec<u8> {
    map(&[
        (number(1), number(2)),
        (number(3), number(-7)),
        (number(-1), number(1)),
        (number(-2), bytes(x)),
        (number(-3), bytes(y)),
    ])
}

fn object(format: &str, statement: &[u8], data: &[u8]) -> Vec<u8> {
    map(&[
        (text("fmt"), text(format)),
        (text("attStmt"), statement.to_vec()),
        (text("authData"), bytes(data)),
    ])
}

fn none() -> Vec<u8> {
    map(&[])
}

fn packed(algorithm: i64, signature: &[u8], certificate: Option<&X509>) -> Vec<u8> {
    let mut pairs = vec![(text("alg"), number(algorithm)), (text("sig"), bytes(signature))];
    if let Some(certificate) = certificate {
        let chain = [head(4, 1), bytes(&certificate.to_der().unwrap())].concat();
        pairs.push((text("x5c"), chain));
    }
    map(&pairs)
}

fn certificate(of: &Authenticator, unit: &str) -> X509 {
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

fn register(attestation: &[u8]) -> Result<AttestedPasskey, PasskeyRejection> {
    AuthenticatorSignatures.registration(attestation, CLIENT_DATA, RP)
}

fn verify(assertion: &Assertion, public_key: &[u8]) -> Result<AuthenticatorData, PasskeyRejection> {
    AuthenticatorSignatures.assertion(assertion, public_key, RP)
}

fn all() -> [Authenticator; 3] {
    [
        Authenticator::es256(),
        Authenticator::eddsa(),
        Authenticator::rs256(2048),
    ]
}

#[test]
fn each_algorithm_registers_and_signs() {
    for authenticator in all() {
        let made = register(&authenticator.attestation("none", &none())).unwrap();
        assert_eq!(made.public_key, authenticator.cose);
        assert_eq!(made.credential_id, [1, 2, 3]);
        assert_eq!(made.aaguid, Aaguid([7; 16]));
        assert!(made.data.flags.is_user_present() && !made.data.flags.is_user_verified());

        let data = verify(&authenticator.assertion(RP), &made.public_key).unwrap();
        assert_eq!(data.counter, 9);
    }
}

#[test]
fn a_signature_of_another_passkey_is_rejected() {
    for (authenticator, other) in all().iter().zip(all()) {
        let rejected = verify(&authenticator.assertion(RP), &other.cose);
        assert_eq!(rejected, Err(PasskeyRejection::Signature));
    }
    let [first, second, _] = all();
    assert_eq!(
        verify(&first.assertion(RP), &second.cose),
        Err(PasskeyRejection::Signature)
    );
}

#[test]
fn a_signature_covers_everything_that_it_is_sent_with() {
    for authenticator in all() {
        let genuine = authenticator.assertion(RP);
        let mut counter = genuine.clone();
        counter.authenticator_data[36] ^= 1;
        let mut flags = genuine.clone();
        flags.authenticator_data[32] ^= 0b0000_0100;
        let mut client = genuine.clone();
        client.client_data[2] ^= 1;
        let mut signature = genuine;
        let last = signature.signature.len() - 1;
        signature.signature[last] ^= 1;
        for forged in [counter, flags, client, signature] {
            let rejected = verify(&forged, &authenticator.cose);
            assert_eq!(rejected, Err(PasskeyRejection::Signature));
        }
    }
}

#[test]
fn a_passkey_of_another_relying_party_is_rejected() {
    let authenticator = Authenticator::es256();
    for other in ["example.org", "www.example.com", "EXAMPLE.COM", ""] {
        let rejected = verify(&authenticator.assertion(other), &authenticator.cose);
        assert_eq!(rejected, Err(PasskeyRejection::RelyingParty));
        let data = authenticator.data(other, USER_PRESENT | HAS_CREDENTIAL, 0);
        let rejected = register(&object("none", &none(), &data));
        assert_eq!(rejected.unwrap_err(), PasskeyRejection::RelyingParty);
    }
}

#[test]
fn extensions_are_read_over_and_anything_else_that_follows_is_rejected() {
    let authenticator = Authenticator::es256();
    let flags = USER_PRESENT | HAS_CREDENTIAL;
    let extended = authenticator.data(RP, flags | HAS_EXTENSIONS, 0);
    register(&object("none", &none(), &extended)).unwrap();
    for (wrong, rejection) in [
        ([extended, vec![0]].concat(), PasskeyRejection::Malformed),
        (
            authenticator.data(RP, USER_PRESENT, 0),
            PasskeyRejection::Malformed,
        ),
        (vec![0; 36], PasskeyRejection::Malformed),
    ] {
        assert_eq!(register(&object("none", &none(), &wrong)).unwrap_err(), rejection);
    }
}

#[test]
fn keys_that_registrations_do_not_ask_for_are_rejected() {
    let good = Authenticator::es256();
    let (x, y) = ([1; 32], [2; 32]);
    let short_rsa = Authenticator::rs256(1024);
    let pairs = |kind, algorithm| {
        map(&[
            (number(1), number(kind)),
            (number(3), number(algorithm)),
            (number(-1), number(1)),
        ])
    };
    let duplicate = [head(5, 2), number(1), number(2), number(1), number(2)].concat();
    for cose in [
        // The point is not on the curve.
        p256(&x, &y),
        p256(&x[..31], &y),
        short_rsa.cose,
        pairs(2, -7),
        pairs(2, -35),
        pairs(1, -7),
        pairs(3, -65535),
        duplicate,
        map(&[]),
        number(5),
    ] {
        let authenticator = Authenticator {
            key: good.key.clone(),
            cose,
        };
        let rejected = register(&authenticator.attestation("none", &none()));
        assert_eq!(rejected.unwrap_err(), PasskeyRejection::Key);
    }
}

#[test]
fn an_authenticator_may_attest_itself() {
    for (authenticator, algorithm) in all().iter().zip([-7, -8, -257]) {
        let statement = packed(algorithm, &authenticator.signed_by(authenticator), None);
        register(&authenticator.attestation("packed", &statement)).unwrap();
        let other = Authenticator::es256();
        for wrong in [
            packed(algorithm, &other.signed_by(authenticator), None),
            packed(-37, &authenticator.signed_by(authenticator), None),
            map(&[(text("alg"), number(algorithm))]),
            none(),
        ] {
            let rejected = register(&authenticator.attestation("packed", &wrong));
            assert_eq!(rejected.unwrap_err(), PasskeyRejection::Attestation);
        }
    }
}

#[test]
fn a_certificate_of_an_authenticator_may_attest_it() {
    let (authenticator, maker) = (Authenticator::eddsa(), Authenticator::es256());
    let signature = maker.signed_by(&authenticator);
    let genuine = certificate(&maker, "Authenticator Attestation");
    let statement = packed(-7, &signature, Some(&genuine));
    register(&authenticator.attestation("packed", &statement)).unwrap();
    for wrong in [
        packed(-7, &signature, Some(&certificate(&maker, "Web servers"))),
        packed(-257, &signature, Some(&genuine)),
        packed(-7, &authenticator.signed_by(&authenticator), Some(&genuine)),
    ] {
        let rejected = register(&authenticator.attestation("packed", &wrong));
        assert_eq!(rejected.unwrap_err(), PasskeyRejection::Attestation);
    }
}

#[test]
fn an_authenticator_of_u2f_is_accepted() {
    let (authenticator, maker) = (Authenticator::es256(), Authenticator::es256());
    let mut data = authenticator.data(RP, USER_PRESENT | HAS_CREDENTIAL, 0);
    data[37..53].fill(0);
    let key = CredentialKey::parse(&authenticator.cose).unwrap();
    let hash = Sha256::digest(CLIENT_DATA);
    let signed = [&[0], &data[..32], &hash, &[1, 2, 3], &key.point.unwrap()].concat();
    let statement = |signature: &[u8]| {
        let chain = [head(4, 1), bytes(&certificate(&maker, "U2F").to_der().unwrap())].concat();
        map(&[(text("sig"), bytes(signature)), (text("x5c"), chain)])
    };
    register(&object("fido-u2f", &statement(&maker.sign(&signed)), &data)).unwrap();
    let forged = statement(&authenticator.sign(&signed));
    let rejected = register(&object("fido-u2f", &forged, &data));
    assert_eq!(rejected.unwrap_err(), PasskeyRejection::Attestation);
}

#[test]
fn other_statements_about_authenticators_are_rejected() {
    let authenticator = Authenticator::es256();
    let filled = map(&[(text("x"), number(1))]);
    for (format, statement) in [
        ("none", &filled),
        ("tpm", &none()),
        ("apple", &none()),
        ("android-key", &none()),
        ("android-safetynet", &none()),
        ("", &none()),
    ] {
        let rejected = register(&authenticator.attestation(format, statement));
        assert_eq!(rejected.unwrap_err(), PasskeyRejection::Attestation, "{format}");
    }
    assert_eq!(register(b"").unwrap_err(), PasskeyRejection::Malformed);
    assert_eq!(register(&map(&[])).unwrap_err(), PasskeyRejection::Malformed);
}

proptest! {
    #[test]
    fn no_bytes_of_a_client_cause_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let attestation = object("none", &none(), &bytes);
        prop_assert!(register(&bytes).is_err());
        prop_assert!(register(&attestation).is_err());
        let assertion = Assertion {
            client_data: bytes.clone(),
            authenticator_data: bytes.clone(),
            signature: bytes.clone(),
        };
        prop_assert!(verify(&assertion, &bytes).is_err());
    }
}
