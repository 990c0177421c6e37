//! scrypt in Better Auth's format: `salthex:keyhex`. The salt is the hex text itself.

use openssl::pkcs5;
use portcullis_application::ports::Failure;
use portcullis_domain::{password::PasswordHash, secret::Secret};
use subtle::ConstantTimeEq;

use crate::hex;

const N: u64 = 16_384;
const R: u64 = 16;
const P: u64 = 1;
const KEY_LENGTH: usize = 64;
/// Memory limit for OpenSSL: 128 · N · r is 32 MiB, and it needs a little more.
const MOST_MEMORY: u64 = 64 * 1024 * 1024;

pub(super) fn hash(normalized: &Secret<String>, salt: [u8; 16]) -> Result<PasswordHash, Failure> {
    let salt = hex::encode(&salt);
    let key = derive(normalized, &salt)?;
    Ok(PasswordHash::new(format!("{salt}:{}", hex::encode(&key))))
}

pub(super) fn verify(normalized: &Secret<String>, hash: &PasswordHash) -> bool {
    let Some((salt, key)) = hash.expose().split_once(':') else {
        return false;
    };
    let Some(key) = hex::decode(key).filter(|key| key.len() == KEY_LENGTH) else {
        return false;
    };
    derive(normalized, salt).is_ok_and(|derived| bool::from(derived.ct_eq(&key)))
}

fn derive(normalized: &Secret<String>, salt: &str) -> Result<[u8; KEY_LENGTH], Failure> {
    let mut key = [0; KEY_LENGTH];
    pkcs5::scrypt(
        normalized.expose().as_bytes(),
        salt.as_bytes(),
        N,
        R,
        P,
        MOST_MEMORY,
        &mut key,
    )
    .map_err(Failure::new)?;
    Ok(key)
}
