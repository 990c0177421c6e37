//! The parameters of the URL, after the question mark.

use std::time::Duration;

use super::{DatabaseUrlError, address::check_encoding, role::Role};

/// Parameters of libpq that are passed on unchanged. Parameters that would change our protocol with the server are left
/// out.
const LIBPQ: &[&str] = &[
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "fallback_application_name",
    "gssencmode",
    "gsslib",
    "host",
    "hostaddr",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "passfile",
    "password",
    "port",
    "require_auth",
    "requirepeer",
    "service",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslnegotiation",
    "sslpassword",
    "sslrootcert",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
    "user",
];

/// Selects the server of a list that libpq connects to.
const TARGET: &str = "target_session_attrs";

/// Defaults for parameters that the URL does not set, so that the loss of a server is detected.
const DEFAULTS: &[(&str, &str)] = &[
    ("application_name", "portcullis"),
    ("connect_timeout", "2"),
    ("keepalives", "1"),
    ("keepalives_count", "3"),
    ("keepalives_idle", "10"),
    ("keepalives_interval", "5"),
    ("tcp_user_timeout", "5000"),
];

/// Parameters that are rejected: they have no counterpart in libpq, or must not be set.
const REFUSED: &[(&str, &str)] = &[
    ("replication", "an authentication server does not replicate"),
    ("client_encoding", "it is always UTF-8"),
    ("socket_timeout", "set `database.operation_timeout` instead"),
    ("sslidentity", "use sslcert and sslkey instead"),
    ("pool_max_conns", "use connection_limit instead"),
    ("pool_min_conns", "the pool adjusts its size by itself"),
    (
        "prepared_statements",
        "use pgbouncer=true instead to switch prepared statements off",
    ),
    (
        "prepareThreshold",
        "use pgbouncer=true instead to switch prepared statements off",
    ),
];

/// The parameters, translated for libpq.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    passed: Vec<(&'static str, String)>,
    options: Option<String>,
    schema: Option<String>,
    sslmode: Option<&'static str>,
    pub(super) is_behind_a_pooler: bool,
    pub(super) size: Option<u32>,
    pub(super) acquire: Option<Duration>,
}

impl Parameters {
    /// Parses `name=value&name=value`.
    pub(super) fn parse(query: &str) -> Result<Self, DatabaseUrlError> {
        let mut parameters = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            check_value(name, value)?;
            parameters.add(name, value)?;
        }
        Ok(parameters)
    }

    /// Adds the parameters that depend on the address. If there are several hosts, libpq must choose the one with this role,
    /// unless the URL says otherwise: after a fail-over, a connection to a server with the other role would be useless.
    pub(super) fn for_hosts(mut self, address: &str, role: Role) -> Self {
        let is_given = |name: &str| self.passed.iter().any(|(passed, _)| *passed == name);
        let names_several = |name: &str| {
            let mut passed = self.passed.iter();
            passed.any(|(passed, value)| *passed == name && value.contains(','))
        };
        let hosts = address
            .rsplit_once('@')
            .map_or(address, |(_credentials, hosts)| hosts);
        let has_list = hosts.contains(',') || names_several("host") || names_several("hostaddr");
        if has_list && !is_given(TARGET) {
            self.passed.push((TARGET, role.name().to_owned()));
        }
        self
    }

    /// Returns the parameter `host` or `hostaddr`, which libpq prefers to the hosts of the address.
    pub(super) fn hosts(&self) -> Option<String> {
        let passed = |name: &str| self.passed.iter().find(|(passed, _)| *passed == name);
        let (_name, hosts) = passed("host").or_else(|| passed("hostaddr"))?;
        Some(hosts.clone()).filter(|hosts| !hosts.is_empty())
    }

    /// Formats the parameters for libpq.
    pub(super) fn for_libpq(&self) -> String {
        let mut pairs: Vec<String> = Vec::new();
        let is_given = |name: &str| self.passed.iter().any(|(passed, _)| *passed == name);
        let defaults = DEFAULTS.iter().filter(|(name, _)| !is_given(name));
        pairs.extend(defaults.map(|(name, value)| format!("{name}={value}")));
        pairs.extend(self.passed.iter().map(|(name, value)| format!("{name}={value}")));
        pairs.extend(self.sslmode.map(|mode| format!("sslmode={mode}")));
        let search_path = self
            .schema
            .as_ref()
            .map(|name| format!("-csearch_path%3D%22{name}%22"));
        let options: Vec<String> = self.options.iter().cloned().chain(search_path).collect();
        if !options.is_empty() {
            pairs.push(format!("options={}", options.join("%20")));
        }
        pairs.join("&")
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), DatabaseUrlError> {
        match name {
            "options" => {
                // libpq requires these to be encoded; other tools do not.
                let encoded = value.replace('=', "%3D").replace(' ', "%20");
                once(&mut self.options, "options", encoded)
            }
            "schema" | "currentSchema" | "search_path" => once(&mut self.schema, "schema", schema(value)?),
            "sslmode" => once(&mut self.sslmode, "sslmode", sslmode(value)?),
            "ssl" => once(&mut self.sslmode, "sslmode", ssl(value)?),
            "sslaccept" => once(&mut self.sslmode, "sslmode", sslaccept(value)?),
            "pgbouncer" => {
                self.is_behind_a_pooler |= flag("pgbouncer", value)?;
                Ok(())
            }
            "statement_cache_size" | "prepared_statement_cache_size" => {
                self.is_behind_a_pooler |= number("statement_cache_size", value)? == 0;
                Ok(())
            }
            // node-postgres: interpret sslmode as libpq does, which always happens here.
            "uselibpqcompat" => flag("uselibpqcompat", value).map(|_as_libpq| ()),
            "connection_limit" => {
                let size = positive("connection_limit", value)?;
                once(&mut self.size, "connection_limit", size)
            }
            "pool_timeout" => {
                let seconds = positive("pool_timeout", value)?;
                once(
                    &mut self.acquire,
                    "pool_timeout",
                    Duration::from_secs(seconds.into()),
                )
            }
            _ => self.pass(name, value),
        }
    }

    fn pass(&mut self, name: &str, value: &str) -> Result<(), DatabaseUrlError> {
        if let Some((name, reason)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return Err(DatabaseUrlError::Parameter { name, reason });
        }
        let known = LIBPQ.iter().find(|known| **known == name);
        let Some(known) = known else {
            return Err(DatabaseUrlError::UnknownParameter(name.to_owned()));
        };
        if self.passed.iter().any(|(passed, _)| passed == known) {
            return Err(DatabaseUrlError::Twice(known));
        }
        self.passed.push((known, value.to_owned()));
        Ok(())
    }
}

/// Rejects parameters that may be the rest of a password with a question mark in it. The error must not contain their
/// name.
fn check_value(name: &str, value: &str) -> Result<(), DatabaseUrlError> {
    let is_name = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.len() <= 40;
    if !is_name || value.contains(['@', '#', '=', ' ']) && name != "options" {
        return Err(DatabaseUrlError::Unencoded);
    }
    check_encoding(value)
}

fn once<T>(place: &mut Option<T>, name: &'static str, value: T) -> Result<(), DatabaseUrlError> {
    if place.replace(value).is_some() {
        return Err(DatabaseUrlError::Twice(name));
    }
    Ok(())
}

fn schema(value: &str) -> Result<String, DatabaseUrlError> {
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_plain && !value.is_empty() {
        return Ok(value.to_owned());
    }
    Err(DatabaseUrlError::Parameter {
        name: "schema",
        reason: "it must be the name of one schema, of letters, digits, hyphens and underscores",
    })
}

fn sslmode(value: &str) -> Result<&'static str, DatabaseUrlError> {
    match value {
        "disable" => Ok("disable"),
        "allow" => Ok("allow"),
        "prefer" => Ok("prefer"),
        // node-postgres: encrypt, without verification of the server.
        "require" | "no-verify" => Ok("require"),
        "verify-ca" => Ok("verify-ca"),
        "verify-full" => Ok("verify-full"),
        _ => Err(DatabaseUrlError::Parameter {
            name: "sslmode",
            reason: "it must be disable, allow, prefer, require, verify-ca or verify-full",
        }),
    }
}

fn ssl(value: &str) -> Result<&'static str, DatabaseUrlError> {
    match value {
        "true" | "1" | "require" | "no-verify" => Ok("require"),
        "false" | "0" | "disable" => Ok("disable"),
        _ => Err(DatabaseUrlError::Parameter {
            name: "ssl",
            reason: "it must be true or false",
        }),
    }
}

fn sslaccept(value: &str) -> Result<&'static str, DatabaseUrlError> {
    match value {
        "strict" => Ok("verify-full"),
        "accept_invalid_certs" => Ok("require"),
        _ => Err(DatabaseUrlError::Parameter {
            name: "sslaccept",
            reason: "it must be strict or accept_invalid_certs",
        }),
    }
}

fn flag(name: &'static str, value: &str) -> Result<bool, DatabaseUrlError> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(DatabaseUrlError::Parameter {
            name,
            reason: "it must be true or false",
        }),
    }
}

fn number(name: &'static str, value: &str) -> Result<u32, DatabaseUrlError> {
    value.parse().map_err(|_| DatabaseUrlError::Parameter {
        name,
        reason: "it must be a whole number",
    })
}

fn positive(name: &'static str, value: &str) -> Result<u32, DatabaseUrlError> {
    match number(name, value)? {
        0 => Err(DatabaseUrlError::Parameter {
            name,
            reason: "it must be at least 1",
        }),
        number => Ok(number),
    }
}
