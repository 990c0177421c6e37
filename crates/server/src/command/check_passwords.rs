//! The lines of `portcullis check` about stored passwords.

use std::collections::BTreeMap;

use portcullis_application::ports::Unverifiable;
use portcullis_crypto::{HasherOptions, PasswordForm};
use portcullis_persistence::{
    DatabaseUrl,
    migrations::{PasswordGroup, password_groups},
};

use crate::{
    config::Config,
    error::{Error, chain},
    output,
};

/// Prints how many stored passwords have which form, and how many users cannot sign in with any password. Does not fail
/// if they cannot be counted: a table may be large.
pub(super) fn check(config: &Config, url: &DatabaseUrl) -> Result<(), Error> {
    let lines = match password_groups(url) {
        Ok(groups) => lines(&config.password, &groups),
        Err(error) => vec![format!("passwords: not counted: {}", chain(&error))],
    };
    for line in lines {
        output::print(&line)?;
    }
    Ok(())
}

fn lines(options: &HasherOptions, groups: &[PasswordGroup]) -> Vec<String> {
    let mut known: BTreeMap<PasswordForm, u64> = BTreeMap::new();
    let mut useless: BTreeMap<Unverifiable, u64> = BTreeMap::new();
    for PasswordGroup { number, sample } in groups {
        match options.form_of(sample) {
            Ok(form) => *known.entry(form).or_default() += number,
            Err(reason) => *useless.entry(reason).or_default() += number,
        }
    }
    let known: Vec<_> = known
        .iter()
        .map(|(form, number)| format!("{number} {form}"))
        .collect();
    let known = (!known.is_empty()).then(|| format!("passwords: {}", known.join(", ")));
    let useless = useless.iter().map(|(reason, number)| {
        format!(
            "passwords: {number} that can never sign in ({reason}): {}",
            advice(*reason)
        )
    });
    known.into_iter().chain(useless).collect()
}

fn advice(reason: Unverifiable) -> &'static str {
    match reason {
        Unverifiable::UnknownForm | Unverifiable::ExcessiveCost => "reset them",
        Unverifiable::MissingParameters => "set `password.firebase.base64_signer_key`",
    }
}
