//! Failures to connect, without libpq's messages: those contain hosts, users and, for a malformed URL, passwords.

mod reasons;

use diesel::ConnectionError;

use self::reasons::REASONS;

/// Why a connection could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ConnectError(pub(crate) &'static str);

/// Maps libpq's message to one of our messages.
pub(crate) fn unreachable_reason(error: &ConnectionError) -> ConnectError {
    let ConnectionError::BadConnection(message) = error else {
        return ConnectError("the connection could not be set up");
    };
    ConnectError(reason(message))
}

fn reason(message: &str) -> &'static str {
    // The only name that matters: an old libpq takes the value of `sslrootcert=system` for the name of a file.
    let message = without_names(&message.replace("file \"system\"", "file system"));
    let mut reasons = REASONS.iter().copied().flatten();
    let known = reasons.find(|(_, texts)| texts.iter().any(|text| message.contains(text)));
    known.map_or("the connection failed", |(reason, _)| reason)
}

/// Removes the texts in quotes, which are names of hosts, databases and users: one of them may look like a message.
fn without_names(message: &str) -> String {
    let mut kept = String::new();
    let mut rest = message;
    while let Some(start) = rest.find(['"', '«', '»']) {
        let (before, quoted) = rest.split_at(start);
        let mut letters = quoted.chars();
        let close = match letters.next() {
            Some('«') => '»',
            Some('»') => '«',
            _ => '"',
        };
        kept.push_str(before);
        kept.extend(quoted.chars().next());
        let Some((_, after)) = letters.as_str().split_once(close) else {
            return kept;
        };
        kept.push(close);
        rest = after;
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_quotes_are_removed() {
        for (message, kept) in [
            (r#"role "a" does not exist"#, r#"role "" does not exist"#),
            ("Rolle »a« existiert nicht", "Rolle »« existiert nicht"),
            ("le rôle « a » n'existe pas", "le rôle «» n'existe pas"),
            (r#"database "a"#, r#"database ""#),
            ("none", "none"),
        ] {
            assert_eq!(without_names(message), kept);
        }
    }

    #[test]
    fn a_name_is_not_mistaken_for_a_reason() {
        let message = r#"connection to server at "timeout expired" (127.0.0.1), port 5432 failed: FATAL:  database "SSL" does not exist"#;
        assert!(reason(message).starts_with("the database does not exist"));
    }

    #[test]
    fn the_error_of_a_server_is_more_specific_than_one_of_the_network() {
        for (errors, expected) in [
            (
                ["Connection refused", "session is read-only"],
                "none of the servers accepts writes",
            ),
            (
                ["Connection refused", "FATAL:  the database system is starting up"],
                "the server is starting up",
            ),
            (
                [
                    "FATAL:  password authentication failed for user \"u\"",
                    "FATAL:  no pg_hba.conf entry for host \"h\", user \"u\", database \"d\", no encryption",
                ],
                "the server rejected the user name or the password",
            ),
            (
                ["timeout expired", "Connection refused"],
                "the server did not answer in time",
            ),
        ] {
            let lines =
                errors.map(|error| format!("connection to server at \"h\", port 1 failed: {error}\n"));
            let found = reason(&lines.concat());
            assert!(found.starts_with(expected), "{found}");
        }
    }

    /// Messages that no test provokes on a real server.
    #[test]
    fn messages_of_servers_in_other_languages_and_of_poolers_are_known() {
        for (message, expected) in [
            (
                "FATAL:  tut mir leid, schon zu viele Verbindungen",
                "the server has as many",
            ),
            (
                "FATAL:  die verbleibenden Verbindungen sind für Superuser auf Nicht-Replikationsverbindungen reserviert",
                "the server has as many",
            ),
            (
                "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
                "the server has as many",
            ),
            (
                "FATAL:  sorry, too many clients already",
                "the server has as many",
            ),
            (
                "FATAL:  authentification par mot de passe échouée pour l'utilisateur  « u »",
                "the server rejected the user name",
            ),
            (
                "FATAL:  la autentificación password falló para el usuario «u»",
                "the server rejected the user name",
            ),
            (
                "FATAL:  Passwort-Authentifizierung für Benutzer »u« fehlgeschlagen",
                "the server rejected the user name",
            ),
            ("FATAL:  no existe el rol «u»", "the user does not exist"),
            ("FATAL:  no such database: d", "the database does not exist"),
            (
                "FATAL:  the database system is shutting down",
                "the server is shutting down",
            ),
            (
                "could not translate host name \"h\" to address: Temporary failure in name resolution",
                "the host name cannot be resolved",
            ),
            (
                "expected authentication request from server, but received H",
                "no PostgreSQL server answers",
            ),
            ("SSL error: unsupported protocol", "the TLS connection failed"),
            (
                "FATAL:  データベース\"d\"は存在しません",
                "the server rejected the connection",
            ),
            ("out of memory", "the connection failed"),
        ] {
            let found = reason(message);
            assert!(found.starts_with(expected), "{message}: {found}");
        }
    }

    #[test]
    fn parameters_that_this_libpq_or_the_server_cannot_satisfy_are_known() {
        for (message, expected) in [
            (
                r#"root certificate file "system" does not exist"#,
                "this version of libpq does not know `sslrootcert=system`",
            ),
            (
                r#"root certificate file "/system" does not exist"#,
                "`sslmode` requires a root certificate",
            ),
            (
                r#"weak sslmode "require" may not be used with sslrootcert=system (use "verify-full")"#,
                "`sslrootcert=system` requires `sslmode=verify-full`",
            ),
            (
                "could not read root certificate file \"r.crt\": \n",
                "the file that `sslrootcert` in the URL names cannot be read or contains no certificate",
            ),
            (
                "channel binding is required, but server did not offer an authentication method that supports channel binding",
                "the server does not offer channel binding",
            ),
            (
                "server doesn't support GSSAPI encryption, but it was required",
                "GSSAPI encryption, which",
            ),
            (
                r#"gssencmode value "require" invalid when GSSAPI support is not compiled in"#,
                "this libpq was built without GSSAPI",
            ),
            (
                "could not initiate GSSAPI security context: No Kerberos credentials available",
                "the GSSAPI connection failed",
            ),
            (
                "connection to server failed: could not initiate GSSAPI security context\nFATAL:  password authentication failed for user \"u\"",
                "the server rejected the user name or the password",
            ),
        ] {
            let found = reason(message);
            assert!(found.starts_with(expected), "{message}: {found}");
        }
    }
}
