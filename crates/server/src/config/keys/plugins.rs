//! The keys of plugins.

use super::{FOUR_HUNDRED_DAYS, Key, Kind, Otherwise, SECONDS, Value, choice, key, lifetime, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "plugins.bearer.enabled",
        Kind::Boolean,
        Otherwise("`true` if there is a section `[plugins.bearer]`, even an empty one"),
        "Accept session tokens in the `Authorization` header, and return new ones in the `set-auth-token` header.",
    ),
    key(
        "plugins.bearer.require_signature",
        Kind::Boolean,
        Value("false"),
        "Accept session tokens only with their signature, as in the session cookie.",
    ),
    key(
        "plugins.jwt.enabled",
        Kind::Boolean,
        Otherwise("`true` if there is a section `[plugins.jwt]`, even an empty one"),
        "Issue JWTs for sessions, and publish the keys that verify them.",
    ),
    key(
        "plugins.jwt.disable_setting_jwt_header",
        Kind::Boolean,
        Value("false"),
        "Answer `GET /get-session` without the `set-auth-jwt` header.",
    ),
    key(
        "plugins.jwt.jwks.key_pair_config.alg",
        choice(&["EdDSA", "ES256", "ES512", "RS256", "PS256"], &[]),
        Value("EdDSA"),
        "Algorithm of new keys. Existing keys keep theirs; `portcullis keys rotate` creates a new key.",
    ),
    key(
        "plugins.jwt.jwks.key_pair_config.crv",
        choice(&["Ed25519"], &[]),
        Value("Ed25519"),
        "Curve of new EdDSA keys. Must not be set for other algorithms, which have a fixed curve or none.",
    ),
    key(
        "plugins.jwt.jwks.key_pair_config.modulus_length",
        number(2048, 4096, "bits"),
        Value("2048"),
        "Length of new RS256 and PS256 keys. Creating a key of 4096 bits takes seconds; a longer one could take a minute.",
    ),
    key(
        "plugins.jwt.jwks.disable_private_key_encryption",
        Kind::Boolean,
        Value("false"),
        "Store new private keys unencrypted. If `false`, they are encrypted with `secret`.",
    ),
    key(
        "plugins.jwt.jwks.rotation_interval",
        lifetime(),
        Otherwise("never"),
        "Age at which a new key replaces the signing key.",
    ),
    key(
        "plugins.jwt.jwks.grace_period",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("2592000"),
        "How long a key stays published after it has stopped signing. JWTs with a longer lifetime can no longer be verified after that.",
    ),
    key(
        "plugins.jwt.jwks.jwks_path",
        Kind::Text,
        Value("/jwks"),
        "Path of the published keys, below the base path.",
    ),
    key(
        "plugins.jwt.jwt.issuer",
        Kind::Text,
        Otherwise("the origin of `base_url`"),
        "Issuer of JWTs: `iss`.",
    ),
    key(
        "plugins.jwt.jwt.audience",
        Kind::List,
        Otherwise("the origin of `base_url`"),
        "Audience of JWTs: `aud`. One value is written as a string, several as a list.",
    ),
    key(
        "plugins.jwt.jwt.expiration_time",
        Kind::Time,
        Value("15m"),
        "Lifetime of JWTs.",
    ),
    key(
        "plugins.jwt.jwt.payload",
        Kind::List,
        Otherwise("all fields of the user that clients can read"),
        "Fields of the user in JWTs, such as `id`, `email` or an additional field.",
    ),
    key(
        "plugins.jwt.jwt.subject",
        choice(&["id", "email"], &[]),
        Value("id"),
        "Field of the user that becomes the subject of JWTs: `sub`.",
    ),
];
