//! The part of `portcullis check` that reads the data in the database. It changes nothing.

use portcullis_application::ports::Gate;
use portcullis_crypto::Secrets;
use portcullis_persistence::{
    DatabaseUrl,
    migrations::{CapitalAddresses, capital_addresses},
};

use super::check_state;
use crate::{
    compose,
    config::Config,
    development::{existing_secret, new_secret},
    error::Error,
    features, output,
    schema::SchemaError,
};

/// Prints what is wrong with the data in a database whose schema is current.
pub(super) fn check(config: &Config, url: &DatabaseUrl) -> Result<(), Error> {
    let secrets = secrets(config)?;
    check_signing_keys(config, url, &secrets)?;
    check_state::check(config, url, &secrets)?;
    let addresses = capital_addresses(url).map_err(SchemaError::from)?;
    print_capital_addresses(&addresses)
}

/// Decrypts the newest JWT signing key of each algorithm in use, if JWTs are enabled.
fn check_signing_keys(config: &Config, url: &DatabaseUrl, secrets: &Secrets) -> Result<(), Error> {
    if config.jwt.is_none() {
        return Ok(());
    }
    let opened = super::block_on(async {
        let ports = compose::ports(config, url, secrets, Gate::default());
        let jwt = features::token_maker(&ports, config).ok_or(Error::NoJwt)?;
        jwt.opens_newest_keys().await.map_err(Error::ReadKeys)
    })?;
    let has_several = opened.len() > 1;
    for (algorithm, is_opened) in opened {
        let name = if has_several { algorithm.name() } else { "" };
        print_signing_key(format!("{name} JWT signing key").trim_start(), is_opened)?;
    }
    Ok(())
}

fn print_signing_key(name: &str, is_opened: Option<bool>) -> Result<(), Error> {
    output::print(&match is_opened {
        None => format!("{name}: none yet"),
        Some(true) => format!("{name}: decrypted"),
        Some(false) => format!(
            "warning: none of `secrets` decrypts the newest {name}: the server would make a new key; the old one would \
             stay published, so that its JWTs can be verified. To keep the old key, add the secret that encrypted it to \
             the end of `secrets`"
        ),
    })
}

/// Returns the secrets of the next start. A check must not create the project's secret: a throw-away one stands for it.
fn secrets(config: &Config) -> Result<Secrets, Error> {
    if let Some(secrets) = &config.secrets {
        return Ok(secrets.clone());
    }
    let secret = existing_secret(&config.directory)?.unwrap_or_else(new_secret);
    Ok(Secrets::new(secret, Vec::new()))
}

fn print_capital_addresses(addresses: &CapitalAddresses) -> Result<(), Error> {
    let CapitalAddresses {
        free,
        taken,
        repair,
        show,
    } = addresses;
    if free + taken > 0 {
        output::print(&format!(
            "warning: users who cannot sign in, because their \"email\" contains capital letters: {}",
            free + taken
        ))?;
    }
    if *free > 0 {
        output::print(&format!(
            "  to repair {free} of them, run this statement, for example with `portcullis psql`:"
        ))?;
        output::print(&format!("    {repair}"))?;
    }
    if *taken > 0 {
        output::print(&format!(
            "  another user has the same address, apart from capital letters: {taken}; this query shows them:"
        ))?;
        output::print(&format!("    {show}"))?;
    }
    Ok(())
}
