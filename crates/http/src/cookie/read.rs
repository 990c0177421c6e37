//! Reading cookies, by the reference's rules.

use std::{borrow::Cow, collections::BTreeSet};

use actix_web::http::header::{self, HeaderMap};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode;
use portcullis_application::ports::{Mac, Purpose, TAG_LENGTH};

/// How many characters a signature has: base64 of 32 bytes, padded.
const SIGNATURE_LENGTH: usize = 44;
/// More pieces than this the reference never makes of one cookie.
const MOST_CHUNKS: u32 = 100;

/// The value of a cookie that we signed.
pub(super) fn signed(headers: &HeaderMap, name: &str, mac: &dyn Mac) -> Option<String> {
    let raw = value(headers, name)?;
    let decoded: Cow<'_, [u8]> = percent_decode(raw).into();
    let text = str::from_utf8(&decoded).ok()?;
    let (value, signature) = text.rsplit_once('.')?;
    if value.is_empty() || signature.len() != SIGNATURE_LENGTH {
        return None;
    }
    let mut tag = [0; TAG_LENGTH + 1];
    let length = STANDARD.decode_slice(signature, &mut tag).ok()?;
    mac.verify(Purpose::Cookie, value.as_bytes(), tag.get(..length)?)
        .then(|| value.to_owned())
}

/// The names of the pieces in which the client keeps a long cookie.
pub(super) fn chunks(headers: &HeaderMap, name: &str) -> impl Iterator<Item = String> {
    let numbers: BTreeSet<u32> = pairs(headers)
        .filter_map(|(key, _value)| {
            let number = key.strip_prefix(name.as_bytes())?.strip_prefix(b".")?;
            let number = str::from_utf8(number).ok()?.parse().ok()?;
            (number < MOST_CHUNKS).then_some(number)
        })
        .collect();
    numbers.into_iter().map(move |number| format!("{name}.{number}"))
}

/// The value of the first cookie of this name.
fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    let (_name, value) = pairs(headers).find(|(key, _value)| *key == name.as_bytes())?;
    match value {
        [b'"', inner @ .., _] => Some(inner),
        [b'"'] | [] => None,
        plain => Some(plain),
    }
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    headers
        .get_all(header::COOKIE)
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b';'))
        .filter_map(|pair| {
            let equals = pair.iter().position(|byte| *byte == b'=')?;
            let (name, value) = pair.split_at_checked(equals)?;
            Some((name.trim_ascii(), value.get(1..)?.trim_ascii()))
        })
}
