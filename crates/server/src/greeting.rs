//! The summary that the console shows at a start in development mode.

use std::{fmt::Write, net::SocketAddr};

use portcullis_http::Listen;

use crate::{
    config::{Config, Transport},
    development::{database_folder, secret_file},
    error::Error,
    foundation::Foundation,
    output,
    schema::Readiness,
};

/// Returns the addresses at which the server listens: `address:port`, or `unix:` with the path of a socket.
pub(crate) fn listening_places(bind: &[Listen], addresses: &[SocketAddr]) -> Vec<String> {
    let addresses = addresses.iter().map(ToString::to_string);
    let sockets = bind.iter().filter_map(|listen| match listen {
        Listen::Unix(path) => Some(format!("unix:{}", path.display())),
        Listen::Tcp(_) => None,
    });
    addresses.chain(sockets).collect()
}

/// Prints the addresses of the server, and the places of the database and the secret.
pub(crate) fn greet(
    config: &Config,
    foundation: &Foundation,
    addresses: &[SocketAddr],
    readiness: Readiness,
) -> Result<(), Error> {
    let mut text = format!("Portcullis {}, development mode\n", env!("CARGO_PKG_VERSION"));
    for place in listening_places(&config.bind, addresses) {
        let scheme = if place.starts_with("unix:") { "" } else { "http://" };
        row(&mut text, "listening on", &format!("{scheme}{place}"));
    }
    let base_url = config.http.base_url.as_str().trim_end_matches('/');
    row(
        &mut text,
        "endpoints",
        &format!("{base_url}{}", config.http.base_path),
    );
    if matches!(config.delivery.transport, Transport::Inbox) && config.delivery.shows_inbox {
        row(&mut text, "inbox", &format!("{base_url}/dev/inbox"));
    }
    row(&mut text, "database", &database(config, foundation, readiness)?);
    row(&mut text, "secret", &secret(config));
    text.push_str("  Ctrl-C stops the server. `portcullis --help` lists all commands.");
    output::print_error(&text);
    Ok(())
}

fn row(text: &mut String, name: &str, value: &str) {
    let _infallible = writeln!(text, "  {name:<13} {value}");
}

fn database(config: &Config, foundation: &Foundation, readiness: Readiness) -> Result<String, Error> {
    if foundation.is_private() {
        let folder = database_folder(&config.directory)?;
        return Ok(format!("a private PostgreSQL in {}", folder.display()));
    }
    Ok(match readiness {
        Readiness::Ready => "from `database.url`, migrated".to_owned(),
        Readiness::Awaited => "from `database.url`; cannot be used yet, retrying".to_owned(),
    })
}

fn secret(config: &Config) -> String {
    if config.secrets.is_some() {
        "from the configuration".to_owned()
    } else {
        secret_file(&config.directory).display().to_string()
    }
}
