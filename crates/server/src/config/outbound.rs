//! Requests to services outside of the deployment: the hosts that may have private addresses, and URLs of services.

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

/// Refuses the URL of a service to which no request would be sent.
pub(super) fn check_url(settings: &mut Settings, key: &Key<Option<String>>, allowed: &[String]) {
    let Some(text) = settings.get(key) else {
        return;
    };
    let problem = match Url::parse(&text) {
        Ok(url) if url.scheme() == "https" && url.has_host() => None,
        Ok(url) if url.scheme() == "http" && is_allowed(&url, allowed) => None,
        Ok(url) if url.scheme() == "http" => Some(
            "starts with http://, which only a host in `allowed_hosts` may: use https://, or add the host there",
        ),
        Ok(_) | Err(_) => Some("is not a URL that starts with https://"),
    };
    if let Some(problem) = problem {
        settings.refuse(key, format!("`{key}`: \"{text}\" {problem}"));
    }
}

fn is_allowed(url: &Url, allowed: &[String]) -> bool {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let with_port = format!("{host}:{port}");
    allowed.iter().any(|entry| entry == host || *entry == with_port)
}

/// Returns a host, with its port if it has one, as it is written in URLs. `None`: the text is not a host.
pub(super) fn host(text: &str) -> Option<String> {
    let is_bare = !text.contains(['/', '?', '#', '@', '\\']);
    let url = Url::parse(&format!("https://{text}/")).ok().filter(|_| is_bare)?;
    let host = url.host_str()?;
    let port = text.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
    Some(match port {
        Some(Ok(port)) => format!("{host}:{port}"),
        _ => host.to_owned(),
    })
}
