//! The identifiers under which one-time tokens, codes and the states of authorization requests are stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portcullis_domain::{
    code::{AddressCode, CodeKey},
    payload_token::{PayloadPurpose, PayloadToken, TokenForm},
    social::{STATE_ALPHABET, STATE_LENGTH},
    token::OneTimeToken,
    verification::{Purpose, RevokingEvent},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::text::contains_nul;

/// Length of a hash as text. A plain token of this length is not accepted: otherwise an attacker who reads the table
/// could present a hash, which would be taken for a plain token.
const HASH_LENGTH: usize = 43;

/// What follows `2fa-` in Better Auth's identifiers of codes. `2fa-` is also the prefix of challenges, so a challenge
/// that began with this text could name the row of a code.
const CODE_MARK: &str = "otp-";

/// Characters of the longest text that is taken for a telephone number. States of authorization requests are longer.
const LONGEST_NUMBER: usize = 24;

/// Returns the identifier under which a token is stored: its hash, unless a Node server must find it.
pub(super) fn written(purpose: Purpose, secret: &OneTimeToken, is_shared: bool) -> String {
    plain(purpose, secret)
        .filter(|_| is_shared)
        .unwrap_or_else(|| hashed(purpose.name(), secret))
}

/// Returns the identifiers under which a token may be stored.
pub(super) fn read(purpose: Purpose, secret: &OneTimeToken, is_shared: bool) -> Vec<String> {
    let plain = plain(purpose, secret).filter(|_| is_shared);
    [Some(hashed(purpose.name(), secret)), plain]
        .into_iter()
        .flatten()
        .collect()
}

/// Returns the identifier of the row that marks a token as used which had no row of its own.
pub(super) fn claimed(purpose: Purpose, secret: &OneTimeToken) -> String {
    hashed(&format!("{}-claimed", purpose.name()), secret)
}

/// Returns the id of a row that marks a token as used. It is made from the row's identifier, in a form that columns of
/// the type `uuid` also hold; the statement that marks the links of a user makes it in the same way.
pub(super) fn mark_id(identifier: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(identifier).into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    Uuid::from_bytes(bytes).to_string()
}

/// Returns LIKE patterns that match all identifiers of tokens that the event ends, ours and Better Auth's.
pub(super) fn ended_by(event: RevokingEvent) -> Vec<String> {
    let ours = Purpose::ended_by(event).map(|purpose| format!("{}:%", purpose.name()));
    let theirs = Purpose::ended_by(event).filter_map(Purpose::better_auth_prefix);
    ours.chain(theirs.map(|prefix| format!("{prefix}%"))).collect()
}

/// Returns the prefixes of the identifiers of codes of the user's address that the event ends: ours, before the hash of the
/// address, and Better Auth's, before the address.
pub(super) fn codes_ended_by(event: RevokingEvent) -> (Vec<String>, Vec<String>) {
    AddressCode::ended_by(event)
        .map(|code| (format!("{}:", code.name()), code.better_auth_prefix().to_owned()))
        .unzip()
}

/// Returns the identifier under which a code is stored. A challenge is a secret, so its hash is stored, unless a Node
/// server must find the code.
pub(super) fn code_written(key: &CodeKey, is_shared: bool) -> String {
    plain_code(key)
        .filter(|_| is_shared)
        .unwrap_or_else(|| own_code(key))
}

/// Returns the identifiers under which a code may be stored.
pub(super) fn code_read(key: &CodeKey, is_shared: bool) -> Vec<String> {
    let plain = plain_code(key).filter(|_| is_shared);
    [Some(own_code(key)), plain]
        .into_iter()
        .flatten()
        .filter(|identifier| !contains_nul(identifier))
        .collect()
}

/// Returns the identifier under which a state is stored: its hash, unless a Node server must find it.
pub(crate) fn state_written(state: &OneTimeToken, is_shared: bool) -> String {
    plain_state(state)
        .filter(|_| is_shared)
        .unwrap_or_else(|| own_state(state))
}

/// Returns the identifiers under which a state may be stored.
pub(crate) fn state_read(state: &OneTimeToken, is_shared: bool) -> Vec<String> {
    let plain = plain_state(state).filter(|_| is_shared);
    [Some(own_state(state)), plain].into_iter().flatten().collect()
}

/// Returns the identifier under which a token with a payload is stored: its hash, unless a Node server must find it.
pub(super) fn payload_written(token: &PayloadToken, is_shared: bool) -> String {
    let plain = plain_payload(token.purpose, &token.secret).filter(|_| is_shared);
    match (plain, token.form) {
        (Some(plain), TokenForm::Plain) => plain,
        (Some(_plain), TokenForm::Hashed) => hashed_payload(token.purpose, &token.secret),
        (None, _) => own_payload(token.purpose, &token.secret),
    }
}

/// Returns the identifiers under which a token with a payload may be stored, in every form: the configured form may have
/// changed since.
pub(super) fn payload_read(purpose: PayloadPurpose, secret: &OneTimeToken, is_shared: bool) -> Vec<String> {
    let plain = plain_payload(purpose, secret).filter(|_| is_shared);
    let hashed = plain.as_ref().map(|_plain| hashed_payload(purpose, secret));
    [Some(own_payload(purpose, secret)), plain, hashed]
        .into_iter()
        .flatten()
        .collect()
}

fn own_payload(purpose: PayloadPurpose, secret: &OneTimeToken) -> String {
    hashed(purpose.name(), secret)
}

/// Returns the identifier of a hashed token in Better Auth's format.
fn hashed_payload(purpose: PayloadPurpose, secret: &OneTimeToken) -> String {
    format!("{}{}", purpose.better_auth_prefix(), hash(secret))
}

/// Returns the identifier in Better Auth's format, if the token may be one of Better Auth's, which have the form of its
/// states.
fn plain_payload(purpose: PayloadPurpose, secret: &OneTimeToken) -> Option<String> {
    let random = plain_state(secret)?;
    Some(format!("{}{random}", purpose.better_auth_prefix()))
}

fn own_state(state: &OneTimeToken) -> String {
    hashed(Purpose::AuthorizationState.name(), state)
}

/// Returns the identifier in Better Auth's format, which is the state itself, if the text may be one of Better Auth's. A
/// text that begins like the identifier of another kind of row is never looked up in this format. One of 16 million
/// states of a Node server begins so.
fn plain_state(state: &OneTimeToken) -> Option<String> {
    let text = state.expose();
    let mut others = Purpose::ALL.into_iter().filter_map(Purpose::better_auth_prefix);
    let is_plain = text.len() == STATE_LENGTH
        && text.bytes().all(|byte| STATE_ALPHABET.contains(&byte))
        && !others.any(|prefix| text.starts_with(prefix));
    is_plain.then(|| text.clone())
}

/// An address and a number are personal data, so their hashes are stored.
fn own_code(key: &CodeKey) -> String {
    match key {
        CodeKey::TwoFactorChallenge(challenge) => hashed(CodeKey::TWO_FACTOR, challenge),
        CodeKey::TwoFactorSession(user, session) => {
            format!("{}:{}!{}", CodeKey::TWO_FACTOR, user.as_str(), session.as_str())
        }
        CodeKey::Address(code, email) => hashed_text(code.name(), email.as_str()),
        CodeKey::Phone(code, number) => hashed_text(code.name(), number.as_str()),
    }
}

/// Whether a text may be a telephone number, and not the identifier of another kind of row: those have letters.
fn is_number(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_digit() || b"+ -()./".contains(&byte);
    text.len() <= LONGEST_NUMBER && text.bytes().all(is_allowed)
}

/// Returns the identifier in Better Auth's format, if the key may be one of Better Auth's.
fn plain_code(key: &CodeKey) -> Option<String> {
    let is_plain = match key {
        CodeKey::TwoFactorChallenge(challenge) => plain(Purpose::TwoFactorChallenge, challenge).is_some(),
        CodeKey::TwoFactorSession(..) | CodeKey::Address(..) => true,
        CodeKey::Phone(_, number) => is_number(number.as_str()),
    };
    is_plain.then(|| key.better_auth_identifier().expose().clone())
}

fn hashed(prefix: &str, secret: &OneTimeToken) -> String {
    format!("{prefix}:{}", hash(secret))
}

fn hashed_text(prefix: &str, text: &str) -> String {
    format!("{prefix}:{}", hash_of(text))
}

fn hash(secret: &OneTimeToken) -> String {
    hash_of(secret.expose())
}

fn hash_of(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// Returns the identifier in Better Auth's format, if the token may be one in Better Auth's format.
fn plain(purpose: Purpose, secret: &OneTimeToken) -> Option<String> {
    let random = secret.expose().strip_prefix(purpose.token_prefix())?;
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_plain =
        random.len() != HASH_LENGTH && !random.starts_with(CODE_MARK) && random.bytes().all(is_allowed);
    purpose
        .better_auth_prefix()
        .filter(|_| is_plain)
        .map(|prefix| format!("{prefix}{random}"))
}

#[cfg(test)]
mod tests;
