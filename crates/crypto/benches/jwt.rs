//! Signatures of JWTs, by each algorithm.
#![expect(clippy::unwrap_used, reason = "a measurement ends at the first error")]

use divan::{Bencher, black_box};
use portcullis_application::ports::{KeyPair, TokenSigner, TokenVerifier, VerifyingKey};
use portcullis_crypto::{Jose, JoseVerifier};
use portcullis_domain::{id::KeyId, jwt::Algorithm};
use tokio::runtime::Builder;

const KEY: &str = "0123456789abcdef0123456789abcdef";
const CLAIMS: &str = r#"{"iat":1767225600,"name":"Ada Lovelace","email":"ada@example.com","sub":"0123456789abcdef0123456789abcdef","exp":1767226500,"iss":"https://auth.example.com","aud":"https://auth.example.com"}"#;

fn main() {
    divan::main();
}

fn pair(algorithm: Algorithm) -> KeyPair {
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    let generated = runtime.block_on(Jose::default().generate(algorithm, 2048));
    generated.unwrap()
}

#[divan::bench(args = Algorithm::ALL)]
fn sign(bencher: Bencher<'_, '_>, algorithm: Algorithm) {
    let key = Jose::default().open(algorithm, &pair(algorithm).private).unwrap();
    bencher.bench(|| key.sign(KEY, black_box(CLAIMS)).unwrap());
}

#[divan::bench(args = Algorithm::ALL)]
fn verify(bencher: Bencher<'_, '_>, algorithm: Algorithm) {
    let pair = pair(algorithm);
    let key = Jose::default().open(algorithm, &pair.private).unwrap();
    let token = key.sign(KEY, CLAIMS).unwrap();
    let keys = [VerifyingKey {
        id: KeyId::new(KEY.to_owned()),
        algorithm,
        public: pair.public,
    }];
    bencher.bench(|| JoseVerifier.verify(black_box(&token), &keys).unwrap());
}
