//! Requests of users about their own accounts, sessions and keys.

use super::Request;

pub(super) const REQUESTS: &[Request] = &[
    (
        "POST",
        "/change-password",
        r#"{"newPassword":"password4321","currentPassword":"password1234","revokeOtherSessions":true}"#,
    ),
    ("POST", "/verify-password", r#"{"password":"password1234"}"#),
    ("GET", "/list-sessions", ""),
    ("POST", "/revoke-session", r#"{"token":"OLGA_TOKEN"}"#),
    ("POST", "/revoke-sessions", "{}"),
    ("POST", "/revoke-other-sessions", "{}"),
    (
        "POST",
        "/multi-session/set-active",
        r#"{"sessionToken":"OLGA_TOKEN"}"#,
    ),
    (
        "POST",
        "/multi-session/revoke",
        r#"{"sessionToken":"OLGA_TOKEN"}"#,
    ),
    ("GET", "/one-time-token/generate", ""),
    ("POST", "/update-user", r#"{"name":"Mallory"}"#),
    ("GET", "/list-accounts", ""),
    ("GET", "/token", ""),
    ("POST", "/change-email", r#"{"newEmail":"mallory@example.com"}"#),
    ("POST", "/delete-anonymous-user", "{}"),
    ("POST", "/delete-user", "{}"),
    (
        "POST",
        "/unlink-account",
        r#"{"providerId":"google","accountId":"OLGA_AT_GOOGLE"}"#,
    ),
    ("POST", "/link-social", r#"{"provider":"google"}"#),
    (
        "POST",
        "/oauth2/link",
        r#"{"providerId":"own","callbackURL":"/"}"#,
    ),
    (
        "POST",
        "/get-access-token",
        r#"{"providerId":"google","accountId":"OLGA_AT_GOOGLE"}"#,
    ),
    (
        "POST",
        "/refresh-token",
        r#"{"providerId":"google","accountId":"OLGA_AT_GOOGLE"}"#,
    ),
    ("GET", "/account-info", "?accountId=TOM_AT_GOOGLE"),
    ("POST", "/two-factor/enable", r#"{"password":"password1234"}"#),
    ("POST", "/two-factor/disable", r#"{"password":"password1234"}"#),
    (
        "POST",
        "/two-factor/get-totp-uri",
        r#"{"password":"password1234"}"#,
    ),
    (
        "POST",
        "/two-factor/generate-backup-codes",
        r#"{"password":"password1234"}"#,
    ),
    ("POST", "/api-key/create", r#"{"name":"n"}"#),
    ("GET", "/api-key/get", "?id=OLGA_KEY"),
    ("GET", "/api-key/list", ""),
    ("POST", "/api-key/update", r#"{"keyId":"OLGA_KEY","name":"n"}"#),
    ("POST", "/api-key/delete", r#"{"keyId":"OLGA_KEY"}"#),
    ("GET", "/passkey/generate-register-options", ""),
    ("POST", "/passkey/verify-registration", r#"{"response":{}}"#),
    ("GET", "/passkey/list-user-passkeys", ""),
    (
        "POST",
        "/passkey/update-passkey",
        r#"{"id":"OLGA_PASSKEY","name":"n"}"#,
    ),
    ("POST", "/passkey/delete-passkey", r#"{"id":"OLGA_PASSKEY"}"#),
];
