//! Introspection of tokens, and the listener for services that need not authenticate themselves.

use portcullis_application::introspection::IntrospectionOptions;
use portcullis_http::Listen;
use url::Url;

use super::{
    address, clients,
    declare::{boolean, text},
    key::{Declaration, Key},
    mode::is_loopback_address,
    settings::Settings,
};

const SECTION: &str = "plugins.introspection";
const ENABLED: Key<Option<bool>> = boolean(
    "plugins.introspection.enabled",
    "Let services check tokens at `POST /oauth2/introspect` (RFC 7662) and end sessions at `POST /oauth2/revoke` (RFC 7009).",
)
.otherwise("`true` if there is a section `[plugins.introspection]`, even an empty one");
const PRIVATE_BIND: Key<Option<String>> = text("plugins.introspection.private_bind", "Also listen on this address, `ADDRESS:PORT` or `unix:/PATH`, for services that need no client id and secret. Introspection, revocation, the verification of API keys and the health checks answer there; the routes of administrators answer only with the credentials of an administrator. Use a loopback address or a Unix socket: every program that reaches it may check tokens and API keys, and end sessions.").otherwise("no such listener");

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[&ENABLED.declaration, &PRIVATE_BIND.declaration];

/// What introspection depends on.
struct Context<'a> {
    bind: &'a [Listen],
    /// Whether callers may present session tokens without a signature.
    accepts_unsigned: bool,
    /// The issuer of JWTs, if there are any.
    issuer: Option<&'a str>,
    base_url: &'a Url,
    /// Whether services are declared.
    has_clients: bool,
}

/// What was read.
pub(super) struct Read {
    /// `None`: introspection is disabled.
    pub(super) options: Option<IntrospectionOptions>,
    pub(super) private_bind: Vec<Listen>,
}

/// Reads the options of introspection and its private listener. They depend on the server's public listeners and its URL,
/// on whether callers may present session tokens without a signature, and on the issuer of JWTs, if there are any.
pub(super) fn read(
    settings: &mut Settings,
    (bind, base_url): (&[Listen], &Url),
    (accepts_unsigned, issuer): (bool, Option<&str>),
) -> Read {
    let context = Context {
        bind,
        accepts_unsigned,
        issuer,
        base_url,
        has_clients: clients::are_declared(settings),
    };
    let is_on = settings.enables(&ENABLED, SECTION);
    let private_bind = private_bind(settings, context.bind);
    if is_on && !context.has_clients && !settings.is_given(&PRIVATE_BIND) {
        settings.refuse(
            &ENABLED,
            format!("`{SECTION}` is enabled, but no service could use it: declare one with `clients.NAME.secret`, or set `{PRIVATE_BIND}`"),
        );
    }
    let origin = context.base_url.origin().ascii_serialization();
    let options = IntrospectionOptions {
        accepts_unsigned: context.accepts_unsigned,
        issuer: context.issuer.map_or(origin, str::to_owned),
        has_clients: context.has_clients,
    };
    Read {
        options: is_on.then_some(options),
        private_bind: private_bind.into_iter().filter(|_| is_on).collect(),
    }
}

fn private_bind(settings: &mut Settings, bind: &[Listen]) -> Option<Listen> {
    let entry = settings.get(&PRIVATE_BIND)?;
    let Some(listen) = address::listen_with_port(&entry) else {
        settings.refuse(
            &PRIVATE_BIND,
            format!("`{PRIVATE_BIND}`: \"{entry}\" is neither ADDRESS:PORT, such as 127.0.0.1:4401, nor unix:/PATH"),
        );
        return None;
    };
    if bind.contains(&listen) && !has_any_port(&listen) {
        settings.refuse(
            &PRIVATE_BIND,
            format!("`{PRIVATE_BIND}`: \"{entry}\" is also an address of `bind`; choose another port"),
        );
    }
    if matches!(listen, Listen::Tcp(_)) && !is_loopback_address(&listen) {
        settings.warn(
            &PRIVATE_BIND,
            format!("`{PRIVATE_BIND}`: {entry} is not a loopback address: every program that reaches it may check tokens and API keys and end sessions without authentication; use 127.0.0.1 or a Unix socket, or let only your services reach it"),
        );
    }
    Some(listen)
}

/// Whether the system chooses the port, so that two listeners of the same address do not collide.
fn has_any_port(listen: &Listen) -> bool {
    matches!(listen, Listen::Tcp(address) if address.port() == 0)
}
