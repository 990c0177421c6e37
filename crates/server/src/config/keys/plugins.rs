//! The keys of plugins.

use super::{FOUR_HUNDRED_DAYS, Key, Kind, Otherwise, SECONDS, Value, choice, key, lifetime, number};

pub(super) static KEYS: &[Key] = &[
    key(
        "plugins.bearer.enabled",
        Kind::Boolean,
        Otherwise("`true` where there is a section `[plugins.bearer]`, be it empty"),
        "Whether clients may present their session in the header `Authorization`, and are told it in `set-auth-token`.",
    ),
    key(
        "plugins.bearer.require_signature",
        Kind::Boolean,
        Value("false"),
        "Whether a token counts only with the signature that it has in the cookie.",
    ),
    key(
        "plugins.jwt.enabled",
        Kind::Boolean,
        Otherwise("`true` where there is a section `[plugins.jwt]`, be it empty"),
        "Whether JWTs are made of sessions, and the keys are published that verify them.",
    ),
    key(
        "plugins.jwt.disable_setting_jwt_header",
        Kind::Boolean,
        Value("false"),
        "Whether `GET /get-session` is answered without the header `set-auth-jwt`.",
    ),
    key(
        "plugins.jwt.jwks.key_pair_config.alg",
        choice(&["EdDSA", "ES256", "ES512", "RS256", "PS256"], &[]),
        Value("EdDSA"),
        "The algorithm of new keys; those that are there keep theirs. `portcullis keys rotate` makes a new one.",
    ),
    key(
        "plugins.jwt.jwks.key_pair_config.crv",
        choice(&["Ed25519"], &[]),
        Value("Ed25519"),
        "The curve of new keys for EdDSA. Other algorithms name their own.",
    ),
    key(
        "plugins.jwt.jwks.key_pair_config.modulus_length",
        number(2048, 4096, "bits"),
        Value("2048"),
        "How long new keys for RS256 and PS256 are. Making one of 4096 bits takes seconds; a longer one may take a minute.",
    ),
    key(
        "plugins.jwt.jwks.disable_private_key_encryption",
        Kind::Boolean,
        Value("false"),
        "Whether new private keys are stored as they are. Otherwise they are encrypted with the secret.",
    ),
    key(
        "plugins.jwt.jwks.rotation_interval",
        lifetime(),
        Otherwise("never"),
        "After how long a new key takes the place of the one that signs.",
    ),
    key(
        "plugins.jwt.jwks.grace_period",
        number(0, FOUR_HUNDRED_DAYS, SECONDS),
        Value("2592000"),
        "How long a key is published after it has signed for the last time. JWTs that outlive it cannot be verified any more.",
    ),
    key(
        "plugins.jwt.jwks.jwks_path",
        Kind::Text,
        Value("/jwks"),
        "Where the keys are published, below the base path.",
    ),
    key(
        "plugins.jwt.jwt.issuer",
        Kind::Text,
        Otherwise("the origin of `base_url`"),
        "Who makes the JWTs: `iss`.",
    ),
    key(
        "plugins.jwt.jwt.audience",
        Kind::List,
        Otherwise("the origin of `base_url`"),
        "For whom they are: `aud`, a text where it is one, and a list where there are several.",
    ),
    key(
        "plugins.jwt.jwt.expiration_time",
        Kind::Time,
        Value("15m"),
        "How long a JWT is good.",
    ),
    key(
        "plugins.jwt.jwt.payload",
        Kind::List,
        Otherwise("all that clients see of a user"),
        "Which members of the user a JWT tells, such as `id`, `email` or an additional field.",
    ),
    key(
        "plugins.jwt.jwt.subject",
        choice(&["id", "email"], &[]),
        Value("id"),
        "Which of the user's texts is `sub`.",
    ),
];
