//! URLs of other servers to which this server, or a browser, sends requests.

use url::Url;

use crate::config::mode::is_loopback_host;

/// Checks the URL of an endpoint. `allowed_hosts` may be reached by http, and may be this
/// machine: `host` or `host:port`.
///
/// # Errors
///
/// What is wrong with it, as it follows the name of a key.
pub(super) fn check(text: &str, allowed_hosts: &[String]) -> Result<(), String> {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(url) = url else {
        return Err(format!(
            "is \"{text}\": write a whole URL, such as https://id.example.com/token"
        ));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(
            "contains a user name or a password: remove everything before the `@`, and the `@`".to_owned(),
        );
    }
    if url.fragment().is_some() {
        return Err("contains a fragment: remove the `#` and everything behind it".to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let with_port = format!("{host}:{port}");
    if allowed_hosts
        .iter()
        .any(|allowed| allowed == host || *allowed == with_port)
    {
        return Ok(());
    }
    if url.scheme() == "http" {
        return Err(format!(
            "is http: tokens would be sent unencrypted; use https, or add \"{host}\" to `oauth_client.allowed_hosts`"
        ));
    }
    if is_loopback_host(host) {
        return Err(format!(
            "is on this machine: add \"{host}\" to `oauth_client.allowed_hosts` if you mean that"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_https_unless_its_host_is_allowed() {
        let allowed = ["localhost", "[::1]", "idp.internal", "10.0.0.7:8080"].map(str::to_owned);
        for url in [
            "https://id.example.com/token",
            "https://id.example.com:8443/token?x=1",
            "http://localhost:8080/realms/a",
            "https://localhost/",
            "http://[::1]:8080/",
            "http://idp.internal/token",
            "http://10.0.0.7:8080/token",
        ] {
            assert_eq!(check(url, &allowed), Ok(()), "{url}");
        }
        for (url, reason) in [
            ("id.example.com/token", "write a whole URL"),
            ("/token", "write a whole URL"),
            ("ftp://id.example.com/token", "write a whole URL"),
            ("https://u:p@id.example.com/token", "contains a user name"),
            ("https://id.example.com/token#a", "contains a fragment"),
            (
                "http://id.example.com/token",
                "add \"id.example.com\" to `oauth_client.allowed_hosts`",
            ),
            ("http://127.0.0.1:9000/token", "add \"127.0.0.1\" to"),
            ("https://127.0.0.1:9000/token", "is on this machine"),
            ("http://10.0.0.7/token", "add \"10.0.0.7\" to"),
        ] {
            let fault = check(url, &allowed).unwrap_err();
            assert!(fault.contains(reason), "{url} {fault}");
            assert!(!fault.contains("u:p"), "{fault}");
        }
    }
}
