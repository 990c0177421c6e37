//! Signing and parsing of cookies.
#![expect(clippy::unwrap_used, reason = "a measurement ends at the first error")]

use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};
use divan::{Bencher, black_box};
use portcullis_crypto::{Hmac, Secrets};
use portcullis_domain::secret::Secret;
use portcullis_http::{signed_cookie, signed_cookies};

const NAME: &str = "better-auth.session_token";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";

fn main() {
    divan::main();
}

fn hmac() -> Hmac {
    let secret = Secret::new("a secret of more than thirty-two characters".to_owned());
    Hmac::new(&Secrets::new(secret, Vec::new()))
}

/// The header of a browser that also sends this number of other cookies.
fn headers(cookie: &str, others: usize) -> HeaderMap {
    let others = (0..others).map(|number| format!("other-{number}=a-value-of-usual-length; "));
    let value = others.collect::<String>() + NAME + "=" + cookie;
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_str(&value).unwrap());
    headers
}

#[divan::bench]
fn sign(bencher: Bencher<'_, '_>) {
    let mac = hmac();
    bencher.bench(|| signed_cookie(black_box(TOKEN), &mac));
}

#[divan::bench(args = [0, 10])]
fn parse_and_verify(bencher: Bencher<'_, '_>, others: usize) {
    let mac = hmac();
    let headers = headers(&signed_cookie(TOKEN, &mac), others);
    assert_eq!(signed_cookies(&headers, NAME, &mac).collect::<Vec<_>>(), [TOKEN]);
    bencher.bench(|| signed_cookies(black_box(&headers), NAME, &mac).count());
}

#[divan::bench]
fn reject_a_wrong_signature(bencher: Bencher<'_, '_>) {
    let mac = hmac();
    let headers = headers(
        &signed_cookie("another token", &mac).replace("another", "wrong"),
        0,
    );
    bencher.bench(|| signed_cookies(black_box(&headers), NAME, &mac).count());
}
