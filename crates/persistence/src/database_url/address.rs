//! The part of the URL before the parameters: `user:password@host:port,host:port/database`.

use super::DatabaseUrlError;

/// Rejects addresses that libpq would misread silently, or would print in an error message.
pub(super) fn check(address: &str) -> Result<(), DatabaseUrlError> {
    check_encoding(address)?;
    if address.contains(['#', ' ', '"', '<', '>', '\\']) || address.chars().any(char::is_control) {
        return Err(DatabaseUrlError::Unencoded);
    }
    let (authority, database) = address.split_once('/').unwrap_or((address, ""));
    if database.contains(['/', '@', ':']) || authority.matches('@').count() > 1 {
        return Err(DatabaseUrlError::Unencoded);
    }
    let (user, hosts) = authority.split_once('@').unwrap_or(("", authority));
    if user.matches(':').count() > 1 {
        return Err(DatabaseUrlError::Unencoded);
    }
    hosts.split(',').try_for_each(check_host)
}

/// Returns the hosts without their ports, separated by commas. `None`: there is no host.
pub(super) fn hosts(address: &str) -> Option<String> {
    let (authority, _database) = address.split_once('/').unwrap_or((address, ""));
    let (_credentials, hosts) = authority.split_once('@').unwrap_or(("", authority));
    let hosts: Vec<&str> = hosts.split(',').map(without_port).collect();
    Some(hosts.join(",")).filter(|hosts| !hosts.is_empty())
}

fn without_port(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _port)) => address,
        None => host.split(':').next().unwrap_or(host),
    }
}

/// Returns the address without the password, and the password as it is encoded. The address may have a scheme.
pub(super) fn split_password(address: &str) -> (String, Option<&str>) {
    let split = || {
        let (credentials, hosts) = address.split_once('@')?;
        let (user, password) = credentials
            .rsplit_once(':')
            .filter(|(_, text)| !text.starts_with('/'))?;
        Some((format!("{user}@{hosts}"), password))
    };
    split().map_or_else(
        || (address.to_owned(), None),
        |(address, password)| (address, Some(password)),
    )
}

/// Decodes percent-encoded bytes.
pub(super) fn decode(text: &str) -> String {
    let (plain, encoded) = text.split_once('%').unwrap_or((text, ""));
    let mut bytes = plain.as_bytes().to_vec();
    for run in encoded.split('%').filter_map(|run| run.split_at_checked(2)) {
        bytes.extend(u8::from_str_radix(run.0, 16));
        bytes.extend(run.1.as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Checks that every percent sign begins an encoded byte other than NUL.
pub(super) fn check_encoding(text: &str) -> Result<(), DatabaseUrlError> {
    let is_byte = |run: &str| {
        let digits = run.get(..2);
        digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()) && digits != "00")
    };
    if text.split('%').skip(1).all(is_byte) {
        Ok(())
    } else {
        Err(DatabaseUrlError::BadEncoding)
    }
}

fn check_host(host: &str) -> Result<(), DatabaseUrlError> {
    let after_brackets = host.strip_prefix('[').map(|rest| rest.split_once(']'));
    let port = match after_brackets {
        Some(Some((_address, rest))) => rest,
        Some(None) => return Err(DatabaseUrlError::Unencoded),
        None => host.find(':').and_then(|at| host.get(at..)).unwrap_or(""),
    };
    match port.strip_prefix(':') {
        // libpq reads an empty port as the default port.
        Some("") => Ok(()),
        Some(digits) => match digits.parse::<u16>() {
            Ok(0) | Err(_) => Err(DatabaseUrlError::Port),
            Ok(_) => Ok(()),
        },
        None if port.is_empty() => Ok(()),
        None => Err(DatabaseUrlError::Port),
    }
}
