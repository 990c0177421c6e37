//! Requests to services outside of the deployment: the hosts that may have private addresses, and URLs of services.

use portcullis_outbound::{ClientOptions, Refused};
use url::Url;

use super::{key::Key, settings::Settings};

/// Reads a list of hosts that may have private addresses and may be reached by http. Refuses entries that are no hosts.
pub(super) fn allowed_hosts(settings: &mut Settings, key: &Key<Vec<String>>) -> Vec<String> {
    let mut allowed = Vec::new();
    for entry in settings.get(key) {
        match host(&entry) {
            Some(host) => allowed.push(host),
            None => settings.refuse(
                key,
                format!("`{key}`: \"{entry}\" is not a host: write it without scheme and path, such as \"keycloak.internal\" or \"localhost:8080\""),
            ),
        }
    }
    allowed
}

/// Refuses the URL of a service to which no request would be sent. The text of the URL, which may contain a secret, is left
/// out of the error.
pub(super) fn check_url(settings: &mut Settings, key: &Key<Option<String>>, client: &ClientOptions) {
    let Some(text) = settings.get(key) else {
        return;
    };
    let problem = match client.check(&text) {
        Ok(()) => return,
        Err(Refused::Scheme) if is_http(&text) => {
            "the URL starts with http://, which only that of a host in `allowed_hosts` may: use https://, or add the host there"
        }
        Err(Refused::NoUrl | Refused::Scheme) => "it is not a URL that starts with https://",
        Err(Refused::UserInfo) => {
            "the URL contains a user name or password, and no request is sent to such a URL: remove them"
        }
        Err(Refused::Address) => {
            "the host has no public address: use one that has, or add the host to `allowed_hosts`"
        }
    };
    settings.refuse(key, format!("`{key}`: {problem}"));
}

fn is_http(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "http")
}

/// Reads the hosts of pages. Refuses entries that no page has as its host.
pub(super) fn hostnames(settings: &mut Settings, key: &Key<Vec<String>>) -> Vec<String> {
    let hostnames = settings.get(key);
    for entry in &hostnames {
        let has_port = entry.contains(':') && !entry.ends_with(']');
        if has_port || host(entry).is_none() {
            settings.refuse(
                key,
                format!("`{key}`: \"{entry}\" is not a host: write it without scheme, port and path, such as \"app.example.com\""),
            );
        }
    }
    hostnames
}

/// Returns a host, with its port if it has one, as it is written in URLs. `None`: the text is not a host. Hosts are
/// compared as a whole, so a pattern is none.
pub(super) fn host(text: &str) -> Option<String> {
    let is_bare = !text.contains(['/', '?', '#', '@', '\\', '*']);
    let url = Url::parse(&format!("https://{text}/")).ok().filter(|_| is_bare)?;
    let host = url.host_str()?;
    let port = text.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
    Some(match port {
        Some(Ok(port)) => format!("{host}:{port}"),
        _ => host.to_owned(),
    })
}
