//! Every configuration key has an effect: another value changes the observable behaviour or is a startup error.
//!
//! The proofs of a key are in the file of its area. A proof states what to observe, and what must be there before and
//! after. One driver runs all proofs. A key without a proof is a failure, and so is a proof without a key.

mod account;
mod admin;
mod anonymous;
mod api_key;
mod captcha;
mod cookies;
mod database;
mod delivery;
mod email;
mod email_otp;
mod forward_auth;
mod generic_oauth;
mod have_i_been_pwned;
mod last_login_method;
mod limits;
mod looks;
mod magic_link;
mod multi_session;
mod names;
mod one_tap;
mod one_time_token;
mod organization;
mod passkey;
mod password;
mod phone_number;
mod plugins;
mod program;
mod proof;
mod provided;
mod provider_options;
mod rate_limit;
mod receivers;
mod root;
mod session;
mod session_cache;
mod social_providers;
mod tables;
mod two_factor;
mod user;
mod username;

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    thread,
};

use portcullis_server::config_keys;

use self::proof::Proof;

/// Number of proofs that run in parallel.
const AT_ONCE: usize = 8;

/// Every proof.
fn proofs() -> impl Iterator<Item = Proof> {
    [
        root::proofs(),
        account::proofs(),
        admin::proofs(),
        anonymous::proofs(),
        api_key::proofs(),
        captcha::proofs(),
        cookies::proofs(),
        database::proofs(),
        delivery::proofs(),
        email::proofs(),
        email_otp::proofs(),
        forward_auth::proofs(),
        generic_oauth::proofs(),
        have_i_been_pwned::proofs(),
        last_login_method::proofs(),
        limits::proofs(),
        magic_link::proofs(),
        multi_session::proofs(),
        one_tap::proofs(),
        one_time_token::proofs(),
        organization::proofs(),
        passkey::proofs(),
        password::proofs(),
        phone_number::proofs(),
        plugins::proofs(),
        provider_options::proofs(),
        rate_limit::proofs(),
        session::proofs(),
        session_cache::proofs(),
        social_providers::proofs(),
        tables::proofs(),
        two_factor::proofs(),
        user::proofs(),
        username::proofs(),
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_key_has_a_proof_and_every_proof_a_key() {
    let known: BTreeSet<_> = config_keys().map(|key| key.name).collect();
    let proven: BTreeSet<_> = proofs().map(|proof| proof.key).collect();
    let unproven: Vec<_> = known.difference(&proven).collect();
    let unknown: Vec<_> = proven.difference(&known).collect();
    assert!(unproven.is_empty(), "keys without a proof: {unproven:#?}");
    assert!(unknown.is_empty(), "proofs without a key: {unknown:#?}");
}

#[test]
fn every_key_has_its_effect() {
    let waiting = Mutex::new(proofs());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(proof) = next() {
                    if let Err(failure) = proof.run() {
                        failures
                            .lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap_or_else(PoisonError::into_inner);
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}
