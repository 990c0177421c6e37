//! Services that authenticate themselves: `clients.NAME`.

use portcullis_application::service_client::ServiceClient;
use portcullis_domain::{secret::Secret, service_client::ServiceClientId};

use crate::config::{
    declare,
    key::{Declaration, Key},
    mode::Mode,
    secret::{self, SHORTEST, weakness},
    settings::Settings,
};

const SECTION: &str = "clients";
const SECRET: Key<Option<Secret<String>>> = declare::secret(
    "clients.NAME.secret",
    "Secret of the service `NAME`, which authenticates itself with its name as the client id: at least 32 random characters, different from those of other services and of the server; `portcullis secret` prints one. `NAME` consists of lower-case letters, digits, `_` and `-`.",
)
.otherwise("required for each service");
const ADMINISTRATOR: Key<Option<bool>> = declare::boolean(
    "clients.NAME.administrator",
    "Let the service `NAME` call the routes below `/portcullis/admin/`, which act without a user's permission: for backends and scripts of operators. Only the plugins `admin`, `api_key` and `organization` have such routes.",
)
.otherwise("`false`");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&SECRET.declaration, &ADMINISTRATOR.declaration];

/// Whether services are declared, even if they were refused.
pub(super) fn are_declared(settings: &Settings) -> bool {
    !settings.names(SECTION, &SECRET).is_empty()
}

/// Returns the declared services.
pub(super) fn read(settings: &mut Settings, mode: Mode) -> Vec<ServiceClient> {
    let mut clients = Vec::new();
    for name in settings.names(SECTION, &SECRET) {
        if let Some(client) = client(settings, mode, &name) {
            refuse_shared(settings, &client, &clients);
            clients.push(client);
        }
    }
    clients
}

/// Refuses a secret that another service knows, or with which the service could sign sessions.
fn refuse_shared(settings: &mut Settings, client: &ServiceClient, others: &[ServiceClient]) {
    let secret = client.secret.expose();
    let owner = if secret::all(settings).iter().any(|own| own.expose() == secret) {
        "a secret of this server, with which the service could forge sessions".to_owned()
    } else if let Some(other) = others.iter().find(|other| other.secret.expose() == secret) {
        format!("the secret of the service `{}`", other.id.as_str())
    } else {
        return;
    };
    let name = client.id.as_str();
    let text =
        format!("`{SECTION}.{name}.secret` is also {owner}: set it to what `portcullis secret` prints");
    settings.refuse_named(&SECRET, name, text);
}

fn client(settings: &mut Settings, mode: Mode, name: &str) -> Option<ServiceClient> {
    let key = format!("{SECTION}.{name}.secret");
    let Some(id) = ServiceClientId::parse(name) else {
        let text = format!(
            "`{SECTION}.{name}`: the name of a service consists of at most 64 lower-case letters, digits, `_` and `-`, begins with a letter and does not contain `__`"
        );
        settings.refuse_named(&SECRET, name, text);
        return None;
    };
    if !settings.is_named_given(&SECRET, name) {
        let text = format!("`{key}` is required: set it to what `portcullis secret` prints");
        settings.refuse_named(&SECRET, name, text);
    }
    let is_administrator = settings.get_named(&ADMINISTRATOR, name).unwrap_or(false);
    let secret: Secret<String> = settings.get_named(&SECRET, name)?;
    if let Some(fault) = fault(secret.expose(), mode) {
        let text = format!("`{key}` {fault}: set it to what `portcullis secret` prints");
        settings.refuse_named(&SECRET, name, text);
    }
    Some(ServiceClient {
        id,
        secret,
        is_administrator,
    })
}

/// Returns what is wrong with a secret. A short one is also refused in development, since programs copy it from there.
fn fault(secret: &str, mode: Mode) -> Option<String> {
    if secret.chars().count() < SHORTEST {
        return Some(format!("must have at least {SHORTEST} characters"));
    }
    weakness(secret)
        .filter(|_| mode == Mode::Production)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
