//! Registrations and sign-ins with a software authenticator.

mod authenticator;

use portcullis_domain::passkey::Aaguid;
use proptest::prelude::*;

use self::authenticator::{
    Authenticator, CLIENT_DATA, HAS_CREDENTIAL, HAS_EXTENSIONS, RP, USER_PRESENT, bytes, certificate, head,
    map, none, number, object, p256, packed, text,
};
use super::*;

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
fn extensions_are_skipped_and_other_bytes_after_the_data_are_rejected() {
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

/// An RSA key with this modulus and exponent.
fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    map(&[
        (number(1), number(3)),
        (number(3), number(-257)),
        (number(-1), bytes(modulus)),
        (number(-2), bytes(exponent)),
    ])
}

/// For points of small order and the exponent 1, everyone can sign. The private keys of the others can be computed.
#[test]
fn keys_with_which_everyone_can_sign_are_rejected() {
    let odd = [0xff; 256];
    let even = [&[0xff; 255][..], &[0xfe]].concat();
    let padded = [&[0; 192][..], &[0xff; 64]].concat();
    let mut low_points = vec![[0; 32], [0xff; 32], [0xff; 32], [0xff; 32]];
    for (point, first) in low_points[1..].iter_mut().zip([0xec, 0xed, 0xee]) {
        (point[0], point[31]) = (first, 0x7f);
    }
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut negative = identity;
    negative[31] = 0x80;
    low_points.extend([identity, negative]);
    let ed25519 = low_points.iter().map(|point| {
        map(&[
            (number(1), number(1)),
            (number(3), number(-8)),
            (number(-1), number(6)),
            (number(-2), bytes(point)),
        ])
    });
    let exponents: [&[u8]; 4] = [&[], &[0], &[1], &[4]];
    let by_exponent = exponents.map(|exponent| rsa(&odd, exponent));
    let moduli = [&even[..], &padded, &[], &[0; 256]].map(|modulus| rsa(modulus, &[1, 0, 1]));
    for cose in ed25519.chain(by_exponent).chain(moduli) {
        let authenticator = Authenticator {
            key: Authenticator::es256().key,
            cose,
        };
        let rejected = register(&authenticator.attestation("none", &none()));
        assert_eq!(rejected.unwrap_err(), PasskeyRejection::Key);
    }
    let strong = Authenticator {
        key: Authenticator::es256().key,
        cose: rsa(&odd, &[1, 0, 1]),
    };
    register(&strong.attestation("none", &none())).unwrap();
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
