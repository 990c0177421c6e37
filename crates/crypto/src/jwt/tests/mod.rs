mod verification;

use josekit::jws::JwsVerifier;
use serde_json::json;

use super::*;

/// Keys and tokens made by Better Auth; the file names the functions.
const VECTORS: &str = include_str!("../../../vectors/keys.json");
const CLAIMS: &str = r#"{"iat":1767225600,"name":"Zoë","sub":"U","exp":1767226500,"iss":"i","aud":"a"}"#;

struct Vector {
    algorithm: Algorithm,
    public: String,
    private: Secret<String>,
    token: String,
}

fn vectors() -> Vec<Vector> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let vector = |key: &Value| Vector {
        algorithm: Algorithm::from_name(key["alg"].as_str().unwrap()).unwrap(),
        public: text(&key["public"]),
        private: Secret::new(text(&key["private"])),
        token: text(&key["token"]),
    };
    let vectors: Vec<_> = vectors["keys"].as_array().unwrap().iter().map(vector).collect();
    assert_eq!(vectors.len(), Algorithm::ALL.len());
    vectors
}

fn verifier(algorithm: Algorithm, public: &str) -> Box<dyn JwsVerifier> {
    let jwk = Jwk::from_bytes(public).unwrap();
    match algorithm {
        Algorithm::EdDsa => Box::new(EdDSA.verifier_from_jwk(&jwk).unwrap()),
        Algorithm::Es256 => Box::new(ES256.verifier_from_jwk(&jwk).unwrap()),
        Algorithm::Es512 => Box::new(ES512.verifier_from_jwk(&jwk).unwrap()),
        Algorithm::Rs256 => Box::new(RS256.verifier_from_jwk(&jwk).unwrap()),
        Algorithm::Ps256 => Box::new(PS256.verifier_from_jwk(&jwk).unwrap()),
    }
}

fn is_signed(token: &str, verifier: &dyn JwsVerifier) -> bool {
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
    verifier.verify(message.as_bytes(), &signature).is_ok()
}

fn decoded(part: &str) -> String {
    String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn names(jwk: &str) -> String {
    let jwk: Map<String, Value> = serde_json::from_str(jwk).unwrap();
    let names: Vec<_> = jwk.keys().map(String::as_str).collect();
    names.join(" ")
}

#[test]
fn tokens_signed_with_better_auths_keys_equal_better_auths_tokens() {
    for vector in vectors() {
        let key = Jose::default().open(vector.algorithm, &vector.private).unwrap();
        let token = key.sign("K", CLAIMS).unwrap();
        let (message, _) = vector.token.rsplit_once('.').unwrap();
        assert!(
            token.starts_with(&format!("{message}.")),
            "{:?}",
            vector.algorithm
        );
        assert_eq!(token.len(), vector.token.len());
        if matches!(vector.algorithm, Algorithm::EdDsa | Algorithm::Rs256) {
            assert_eq!(token, vector.token);
        }
        let verifier = verifier(vector.algorithm, &vector.public);
        assert!(is_signed(&token, &*verifier) && is_signed(&vector.token, &*verifier));
    }
}

#[tokio::test]
async fn new_keys_have_better_auths_format_and_sign() {
    for vector in vectors() {
        let algorithm = vector.algorithm;
        let jose = Jose::default();
        let pair = jose.generate(algorithm, 2048).await.unwrap();
        let is_rsa = matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256);
        let own = if is_rsa { " alg" } else { "" };
        assert_eq!(names(&pair.public), format!("{}{own}", names(&vector.public)));
        assert_eq!(names(pair.private.expose()), names(vector.private.expose()));
        let named = format!(r#","alg":"{}""#, algorithm.name());
        let length = pair.public.replace(&named, "").len();
        assert_eq!(length, vector.public.len(), "{algorithm:?}");
        for configured in Algorithm::ALL {
            assert_eq!(jose.algorithm(&pair.public, configured), Some(algorithm));
        }

        let token = jose
            .open(algorithm, &pair.private)
            .unwrap()
            .sign("K", "{}")
            .unwrap();
        assert!(is_signed(&token, &*verifier(algorithm, &pair.public)));
        let another = jose.generate(algorithm, 2048).await.unwrap();
        assert!(!is_signed(&token, &*verifier(algorithm, &another.public)));
    }
}

#[test]
fn the_header_names_algorithm_and_key_and_the_claims_are_unchanged() {
    let vector = &vectors()[0];
    let key = Jose::default().open(vector.algorithm, &vector.private).unwrap();
    let claims = "{ \"b\" : 1.50, \"a\":\"\\u00e9é\", \"b\":2 }";
    let token = key.sign("a\"b", claims).unwrap();
    let parts: Vec<_> = token.split('.').collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(decoded(parts[0]), r#"{"alg":"EdDSA","kid":"a\"b"}"#);
    assert_eq!(decoded(parts[1]), claims);
}

#[test]
fn a_key_opens_only_for_its_own_algorithm() {
    let is_rsa = |algorithm| matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256);
    for vector in vectors() {
        for algorithm in Algorithm::ALL {
            let fits = algorithm == vector.algorithm || (is_rsa(algorithm) && is_rsa(vector.algorithm));
            let opened = Jose::default().open(algorithm, &vector.private);
            assert_eq!(opened.is_ok(), fits, "{algorithm:?} {:?}", vector.algorithm);
        }
    }
}

#[test]
fn an_invalid_private_key_fails_without_being_quoted() {
    for text in [
        "",
        "hidden",
        "\"hidden\"",
        "[]",
        "{}",
        r#"{"kty":"hidden"}"#,
        r#"{"kty":"OKP","crv":"hidden"}"#,
        r#"{"kty":"OKP","crv":"Ed25519","d":"hidden!"}"#,
        r#"{"kty":"OKP","crv":"Ed25519","x":"0ePxs5EbFyb3lfds5OVh6zUMNQLDRD8zLjWoXVj5eBI"}"#,
    ] {
        let failure = Jose::default()
            .open(Algorithm::EdDsa, &Secret::new(text.to_owned()))
            .err()
            .unwrap();
        assert!(!format!("{failure:?}").contains("hidden"), "{failure:?}");
    }
}

#[tokio::test]
async fn a_short_rsa_key_is_not_generated() {
    for algorithm in [Algorithm::Rs256, Algorithm::Ps256] {
        assert!(Jose::default().generate(algorithm, 2047).await.is_err());
    }
}

#[test]
fn the_algorithm_follows_from_type_and_curve_and_for_rsa_from_the_key_or_the_configuration() {
    for vector in vectors() {
        for rsa in Algorithm::ALL {
            let expected = match (vector.algorithm, rsa) {
                (Algorithm::Rs256 | Algorithm::Ps256, Algorithm::Ps256) => Algorithm::Ps256,
                (Algorithm::Rs256 | Algorithm::Ps256, _) => Algorithm::Rs256,
                (own, _) => own,
            };
            assert_eq!(Jose::default().algorithm(&vector.public, rsa), Some(expected));
        }
    }
    let rsa = |alg: &str| json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": alg }).to_string();
    for (alg, expected) in [
        ("PS256", Some(Algorithm::Ps256)),
        ("RS256", Some(Algorithm::Rs256)),
        ("ES256", None),
        ("RS512", None),
    ] {
        for configured in Algorithm::ALL {
            assert_eq!(Jose::default().algorithm(&rsa(alg), configured), expected);
        }
    }
}

#[test]
fn an_unusable_public_key_has_no_algorithm() {
    for public in [
        "",
        "[]",
        "{}",
        r#"{"kty":"OKP","crv":"Ed25519"}"#,
        r#"{"kty":"OKP","crv":"X25519","x":"AQAB"}"#,
        r#"{"kty":"EC","crv":"P-384","x":"AQAB","y":"AQAB"}"#,
        r#"{"kty":"EC","crv":"P-256","x":"AQAB"}"#,
        r#"{"kty":"RSA","n":"AQAB"}"#,
        r#"{"kty":"RSA","n":"AQAB","e":1}"#,
        r#"{"kty":"RSA","n":"AQAB","e":"AQAB","alg":1}"#,
        r#"{"kty":"oct","k":"AQAB"}"#,
    ] {
        assert_eq!(
            Jose::default().algorithm(public, Algorithm::Rs256),
            None,
            "{public}"
        );
    }
}
