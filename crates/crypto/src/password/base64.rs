//! The base64 alphabets of stored hashes. Padding is optional, and surplus bits of the last letter are ignored, as the
//! original libraries do.

use base64::{
    Engine,
    alphabet::{self, Alphabet},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = engine(&alphabet::STANDARD);
const URL_SAFE: GeneralPurpose = engine(&alphabet::URL_SAFE);
const BCRYPT: GeneralPurpose = engine(&alphabet::BCRYPT);

const fn engine(alphabet: &Alphabet) -> GeneralPurpose {
    GeneralPurpose::new(alphabet, CONFIG)
}

/// Decodes the standard alphabet, with or without padding.
pub(super) fn standard(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Decodes the standard or the URL-safe alphabet: Firebase uses both.
pub(super) fn standard_or_url_safe(text: &str) -> Option<Vec<u8>> {
    standard(text).or_else(|| URL_SAFE.decode(text).ok())
}

/// Decodes passlib's alphabet, which has `.` instead of `+`.
pub(super) fn passlib(text: &str) -> Option<Vec<u8>> {
    let is_known = !text.contains('+');
    is_known.then(|| standard(&text.replace('.', "+"))).flatten()
}

/// Decodes bcrypt's alphabet.
pub(super) fn bcrypt(text: &str) -> Option<Vec<u8>> {
    BCRYPT.decode(text).ok()
}

/// Encodes in the standard alphabet with padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    base64::prelude::BASE64_STANDARD.encode(bytes)
}
