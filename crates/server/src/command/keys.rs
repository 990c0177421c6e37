//! `portcullis keys rotate`

use portcullis_application::ports::Gate;

use crate::{
    cli::Sources,
    compose,
    error::Error,
    features::{self, Rotation},
    output,
};

/// Creates a new signing key for each algorithm in use and prints its id.
pub(crate) fn rotate(sources: &Sources, rotation: Rotation) -> Result<(), Error> {
    let config = super::configuration(sources)?;
    if config.jwt.is_none() {
        return Err(Error::NoJwt);
    }
    let (foundation, secrets) = super::prepared(&config)?;
    let keys = super::block_on(async {
        let ports = compose::ports(&config, &foundation.url, &secrets, Gate::default());
        let jwt = features::token_maker(&ports, &config).ok_or(Error::NoJwt)?;
        jwt.rotate(rotation).await.map_err(Error::Rotate)
    })?;
    let has_several = keys.len() > 1;
    for (algorithm, kid) in keys {
        let name = if has_several { algorithm.name() } else { "" };
        output::print(format!("{kid} {name}").trim_end())?;
    }
    output::print_error(match rotation {
        Rotation::Announced => {
            "New keys are published now, and sign after six minutes. Older keys stay published for their grace period."
        }
        Rotation::AtOnce => {
            "Running servers sign with new keys within a minute; older keys stay published for their grace period."
        }
    });
    foundation.stop()
}
