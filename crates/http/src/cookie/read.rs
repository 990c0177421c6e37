//! Reading of cookies, by Better Auth's rules.

use std::{borrow::Cow, collections::BTreeMap};

use actix_web::http::header::{self, HeaderMap};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode;
use portcullis_application::ports::{Mac, Purpose, TAG_LENGTH};

/// Length of a signature: base64 of 32 bytes, padded.
const SIGNATURE_LENGTH: usize = 44;
/// Maximum number of pieces of a cookie.
pub(super) const MAX_PIECES: u8 = 3;
/// Pieces with a number below this are cleared: a Node server, which has no limit, may have set them.
const MAX_NUMBERS: u8 = 100;
/// Maximum length of a cookie in pieces.
const LONGEST: usize = 64 * 1024;

/// Returns the values of the cookies of this name that have a valid signature, in their order. Browsers send several
/// cookies of one name if they were set for several paths or domains. Those without a valid signature are skipped.
pub fn signed(headers: &HeaderMap, name: &str, mac: &dyn Mac) -> impl Iterator<Item = String> {
    signed_for(Purpose::Cookie, headers, name, mac)
}

/// As [`signed`], with signatures for another purpose.
pub(super) fn signed_for(
    purpose: Purpose,
    headers: &HeaderMap,
    name: &str,
    mac: &dyn Mac,
) -> impl Iterator<Item = String> {
    values(headers, name).filter_map(move |value| verified_for(purpose, value, mac))
}

/// Returns the parts of names after `beginning` with the signed values of these cookies, in their order. Those without
/// a valid signature are skipped.
pub(super) fn signed_beginning<'a>(
    headers: &'a HeaderMap,
    beginning: &'a str,
    mac: &'a dyn Mac,
) -> impl Iterator<Item = (&'a str, String)> {
    pairs(headers).filter_map(move |(key, value)| {
        let rest = str::from_utf8(key).ok()?.strip_prefix(beginning)?;
        Some((rest, verified(unquoted(value), mac)?))
    })
}

/// Returns the values of the cookies of this name that are texts, in their order, without checking any signature.
pub(super) fn texts(headers: &HeaderMap, name: &str) -> impl Iterator<Item = String> {
    values(headers, name).filter_map(|value| {
        let decoded: Cow<'_, [u8]> = percent_decode(value).into();
        str::from_utf8(&decoded).ok().map(str::to_owned)
    })
}

/// Returns the signed value if the signature is valid. `raw` may be percent-encoded.
pub(crate) fn verified(raw: &[u8], mac: &dyn Mac) -> Option<String> {
    verified_for(Purpose::Cookie, raw, mac)
}

fn verified_for(purpose: Purpose, raw: &[u8], mac: &dyn Mac) -> Option<String> {
    let decoded: Cow<'_, [u8]> = percent_decode(raw).into();
    let text = str::from_utf8(&decoded).ok()?;
    let (value, signature) = text.rsplit_once('.')?;
    if value.is_empty() || signature.len() != SIGNATURE_LENGTH {
        return None;
    }
    let mut tag = [0; TAG_LENGTH + 1];
    let length = STANDARD.decode_slice(signature, &mut tag).ok()?;
    mac.verify(purpose, value.as_bytes(), tag.get(..length)?)
        .then(|| value.to_owned())
}

/// Returns the value of a cookie that the client may keep in pieces. A missing piece is not detected here; the reader
/// of the value must detect it.
pub(super) fn joined(headers: &HeaderMap, name: &str) -> Option<String> {
    let raw = match values(headers, name).next().filter(|value| !value.is_empty()) {
        Some(whole) => Cow::Borrowed(whole),
        None => Cow::Owned(whole(pieces(headers, name))),
    };
    if raw.is_empty() || raw.len() > LONGEST {
        return None;
    }
    let text = percent_decode(&raw).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// Returns the number of cookies of this name.
pub(super) fn count(headers: &HeaderMap, name: &str) -> usize {
    pairs(headers)
        .filter(|(key, _value)| *key == name.as_bytes())
        .count()
}

/// Returns the names under which the client keeps a cookie, whole or in pieces.
pub(super) fn names(headers: &HeaderMap, name: &str) -> Vec<String> {
    let whole = pairs(headers).any(|(key, _value)| key == name.as_bytes());
    let whole = whole.then(|| name.to_owned());
    whole.into_iter().chain(piece_names(headers, name)).collect()
}

/// Returns the names of the pieces in which the client keeps a long cookie.
pub(super) fn piece_names(headers: &HeaderMap, name: &str) -> impl Iterator<Item = String> {
    let numbers = pieces(headers, name).into_keys();
    numbers.map(move |number| piece_name(name, number))
}

/// Returns the name of a piece of a cookie.
pub(super) fn piece_name(name: &str, number: u8) -> String {
    format!("{name}.{number}")
}

fn pieces<'a>(headers: &'a HeaderMap, name: &str) -> BTreeMap<u8, &'a [u8]> {
    let mut pieces = BTreeMap::new();
    for (key, value) in pairs(headers) {
        if let Some(number) = number(key, name) {
            pieces.entry(number).or_insert_with(|| unquoted(value));
        }
    }
    pieces
}

/// Parses the number of a piece, if it is below [`MAX_NUMBERS`] and has no sign or leading zeros.
pub(super) fn number(key: &[u8], name: &str) -> Option<u8> {
    let digits = key.strip_prefix(name.as_bytes())?.strip_prefix(b".")?;
    let number: u8 = str::from_utf8(digits).ok()?.parse().ok()?;
    (number < MAX_NUMBERS && number.to_string().as_bytes() == digits).then_some(number)
}

/// Concatenates the pieces, except those beyond [`MAX_PIECES`].
fn whole(pieces: BTreeMap<u8, &[u8]>) -> Vec<u8> {
    let ours = pieces.into_iter().filter(|(number, _)| *number < MAX_PIECES);
    ours.map(|(_, piece)| piece).collect::<Vec<_>>().concat()
}

/// Returns the values of the cookies of this name.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a [u8]> {
    pairs(headers)
        .filter(move |(key, _value)| *key == name.as_bytes())
        .map(|(_name, value)| unquoted(value))
}

fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., _] => inner,
        [b'"'] => &[],
        plain => plain,
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
