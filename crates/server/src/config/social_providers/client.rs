//! The client with which requests are sent to providers.

use std::time::Duration;

use portcullis_outbound::ClientOptions;

use crate::config::{
    declare::{SECONDS, list, number},
    key::{Declaration, Key, Range},
    outbound,
    settings::Settings,
};

const ALLOWED_HOSTS: Key<Vec<String>> = list(
    "oauth_client.allowed_hosts",
    "Hosts of providers that may have private addresses and may be reached by http, such as `localhost` or `keycloak.internal:8080`. Requests to other hosts are only sent by https and to public addresses.",
)
.or("");
/// The number of requests to providers that a client's request may wait for, one after the other: the provider's metadata,
/// tokens, keys and profile.
const REQUESTS: u32 = 4;
const TIMEOUT: Key<Duration> = number(
    "oauth_client.timeout",
    Range::new(1, 60, SECONDS),
    "How long a provider may take to answer a request. After that, the sign-in fails. A request of a client that waits for providers may take four times this time in addition to `limits.request_timeout`.",
)
.or("10");

/// The keys, in the order of the documentation.
pub(in crate::config) const KEYS: &[&Declaration] = &[&ALLOWED_HOSTS.declaration, &TIMEOUT.declaration];

/// Reads the options.
pub(super) fn read(settings: &mut Settings) -> ClientOptions {
    ClientOptions {
        allowed_hosts: outbound::allowed_hosts(settings, &ALLOWED_HOSTS),
        timeout: settings.get(&TIMEOUT),
    }
}

/// Returns how long a client's request may wait for providers.
pub(in crate::config) fn provider_time(settings: &Settings) -> Duration {
    settings.get(&TIMEOUT).saturating_mul(REQUESTS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{
        outbound::host,
        tests::{load, refused},
    };

    #[test]
    fn hosts_are_listed_without_scheme_port_and_path() {
        for (text, expected) in [
            ("localhost", Some("localhost")),
            ("Keycloak.Internal", Some("keycloak.internal")),
            ("10.0.0.7", Some("10.0.0.7")),
            ("[::1]", Some("[::1]")),
            ("::1", None),
            ("localhost:8080", Some("localhost:8080")),
            ("localhost:443", Some("localhost:443")),
            ("[::1]:8080", Some("[::1]:8080")),
            ("localhost:80800", None),
            ("http://localhost", None),
            ("localhost/realms", None),
            ("a b", None),
            ("*.internal", None),
            ("u@localhost", None),
        ] {
            assert_eq!(host(text).as_deref(), expected, "{text}");
        }
        assert_eq!(
            refused("oauth_client.allowed_hosts = [\"a\", \"http://b\"]", &[]),
            [
                "portcullis.toml:1: `oauth_client.allowed_hosts`: \"http://b\" is not a host: write it without scheme and path, such as \"keycloak.internal\" or \"localhost:8080\""
            ]
        );
    }

    #[test]
    fn a_request_that_waits_for_providers_has_the_time_of_four_requests_more() {
        assert_eq!(load("", &[]).http.limits.providers, Duration::from_secs(40));
        let config = load("oauth_client.timeout = 3", &[]);
        assert_eq!(config.http.limits.providers, Duration::from_secs(12));
    }

    #[test]
    fn requests_to_providers_take_at_most_ten_seconds_unless_it_is_set() {
        assert_eq!(load("", &[]).social.client.timeout, Duration::from_secs(10));
        let variable = ("PORTCULLIS_OAUTH_CLIENT__TIMEOUT", "3");
        assert_eq!(
            load("", &[variable]).social.client.timeout,
            Duration::from_secs(3)
        );
    }
}
