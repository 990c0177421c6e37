//! Matching of origins and redirect URLs with trusted origins.

use divan::{Bencher, black_box};
use portcullis_domain::origin::TrustedOrigins;

/// The origins of a deployment with several applications.
const PATTERNS: &[&str] = &[
    "https://auth.example.com",
    "https://app.example.com",
    "https://admin.example.com",
    "https://*.preview.example.com",
    "http://localhost:*",
    "myapp://",
];

fn main() {
    divan::main();
}

fn deployment() -> TrustedOrigins {
    TrustedOrigins::new(PATTERNS.iter().map(|&pattern| pattern.to_owned()).collect())
}

#[divan::bench(args = ["https://auth.example.com", "https://a1b2.preview.example.com", "https://evil.test"])]
fn trusts_origin(bencher: Bencher<'_, '_>, origin: &str) {
    let trusted = deployment();
    bencher.bench(|| trusted.trusts_origin(black_box(origin)));
}

#[divan::bench(args = ["/dashboard?tab=1", "https://app.example.com/dashboard", "https://evil.test/dashboard"])]
fn trusts_redirect(bencher: Bencher<'_, '_>, url: &str) {
    let trusted = deployment();
    bencher.bench(|| trusted.trusts_redirect(black_box(url)));
}
