//! JWTs and the keys that sign them.

mod audiences;

use chrono::TimeDelta;
use portcullis_application::jwt::{ClaimOptions, EndedKeys, JwtOptions, Subject};
use portcullis_domain::{
    additional::FieldSchema,
    jwt::{Algorithm, RotationPolicy},
    user::User,
};
use url::Url;

pub(super) use self::audiences::issued;
use self::audiences::{AUDIENCES, Context};
use super::{
    compatibility::SHARED_DATABASE,
    declare::{FOUR_HUNDRED_DAYS, SECONDS, boolean, choice, lifetime, list, number, text, time},
    key::{Declaration, Key, Range},
    path::{check_new, did_you_mean},
    settings::Settings,
    tables::Schema,
};

const SECTION: &str = "plugins.jwt";
/// Paths of the published keys.
const JWKS: [&str; 2] = ["/jwks", "/.well-known/jwks.json"];
const ALGORITHMS: &[&str] = &["EdDSA", "ES256", "ES512", "RS256", "PS256"];
const ENABLED: Key<Option<bool>> = boolean(
    "plugins.jwt.enabled",
    "Issue JWTs for sessions, and publish the keys that verify them.",
)
.otherwise(
    "`true` if there is a section `[plugins.jwt]`, even an empty one, but not if it only contains `schema`",
);
const DISABLE_HEADER: Key<bool> = boolean(
    "plugins.jwt.disable_setting_jwt_header",
    "Answer `GET /get-session` without the `set-auth-jwt` header.",
)
.or("false");
const ALGORITHM: Key<String> = choice(
    "plugins.jwt.jwks.key_pair_config.alg",
    ALGORITHMS,
    "Algorithm of new keys. Existing keys keep theirs; `portcullis keys rotate` creates a new key.",
)
.or("EdDSA");
const CURVE: Key<String> = choice(
    "plugins.jwt.jwks.key_pair_config.crv",
    &["Ed25519"],
    "Curve of new EdDSA keys. Must not be set for other algorithms, which have a fixed curve or none.",
)
.or("Ed25519");
const MODULUS_LENGTH: Key<u32> = number("plugins.jwt.jwks.key_pair_config.modulus_length", Range::new(2048, 4096, "bits"), "Length of new RS256 and PS256 keys. Creating a key of 4096 bits takes seconds; a longer one could take a minute.").or("2048");
const DISABLE_ENCRYPTION: Key<bool> = boolean(
    "plugins.jwt.jwks.disable_private_key_encryption",
    "Store new private keys unencrypted. If `false`, they are encrypted with `secret`.",
)
.or("false");
const ROTATION_INTERVAL: Key<Option<TimeDelta>> = lifetime(
    "plugins.jwt.jwks.rotation_interval",
    "Age at which a new key replaces the signing key.",
)
.otherwise("never");
const GRACE_PERIOD: Key<TimeDelta> = number("plugins.jwt.jwks.grace_period", Range::new(0, FOUR_HUNDRED_DAYS, SECONDS), "How long a key stays published after it has stopped signing. JWTs with a longer lifetime can no longer be verified after that.").or("2592000");
const PATH: Key<String> = text(
    "plugins.jwt.jwks.jwks_path",
    "Path of the published keys, below the base path.",
)
.or("/jwks");
const ISSUER: Key<Option<String>> =
    text("plugins.jwt.jwt.issuer", "Issuer of JWTs: `iss`.").otherwise("the origin of `base_url`");
const AUDIENCE: Key<Option<Vec<String>>> = list(
    "plugins.jwt.jwt.audience",
    "Audience of JWTs: `aud`. In a JWT, one value is a string, and several are a list.",
)
.otherwise("the origin of `base_url`");
const EXPIRATION_TIME: Key<TimeDelta> =
    time("plugins.jwt.jwt.expiration_time", "Lifetime of JWTs.").or("15m");
const PAYLOAD: Key<Option<Vec<String>>> = list(
    "plugins.jwt.jwt.payload",
    "Fields of the user in JWTs, such as `id`, `email` or an additional field.",
)
.otherwise("all fields of the user that clients can read");
const SUBJECT: Key<String> = choice(
    "plugins.jwt.jwt.subject",
    &["id", "email"],
    "Field of the user that becomes the subject of JWTs: `sub`.",
)
.or("id");
pub(super) const SCHEMA: Schema = Schema::new("plugins.jwt.schema", &["jwks"], Vec::new);

/// The keys, in the order of the documentation.
pub(super) const KEYS: &[&Declaration] = &[
    &ENABLED.declaration,
    &DISABLE_HEADER.declaration,
    &ALGORITHM.declaration,
    &CURVE.declaration,
    &MODULUS_LENGTH.declaration,
    &DISABLE_ENCRYPTION.declaration,
    &ROTATION_INTERVAL.declaration,
    &GRACE_PERIOD.declaration,
    &PATH.declaration,
    &ISSUER.declaration,
    &AUDIENCE.declaration,
    &EXPIRATION_TIME.declaration,
    &PAYLOAD.declaration,
    &SUBJECT.declaration,
    &AUDIENCES.declaration,
    &SCHEMA.key.declaration,
];

/// Returns the options of JWTs, or `None` if they are disabled.
pub(super) fn read(settings: &mut Settings, base_url: &Url, user: &FieldSchema) -> Option<JwtOptions> {
    let is_on = settings.enables(&ENABLED, SECTION);
    let algorithm = Algorithm::from_name(&settings.get(&ALGORITHM)).unwrap_or(Algorithm::EdDsa);
    let names_curve = !settings.get(&CURVE).is_empty() && settings.is_given(&CURVE);
    if names_curve && algorithm != Algorithm::EdDsa {
        let name = algorithm.name();
        settings.refuse(
            &CURVE,
            format!("`{CURVE}` applies to EdDSA only, but `{ALGORITHM}` is {name}: remove it"),
        );
    }
    let is_shared = settings.get(&SHARED_DATABASE);
    let claims = claims(settings, base_url, user);
    let context = Context {
        claims: &claims,
        algorithm,
        is_shared,
        fields: &readable(user),
    };
    let audiences = audiences::read(settings, &context);
    let options = JwtOptions {
        algorithm,
        encrypts_private_keys: !settings.get(&DISABLE_ENCRYPTION),
        re_encrypts: !is_shared,
        ended_keys: if is_shared {
            EndedKeys::Kept
        } else {
            EndedKeys::Deleted
        },
        sets_header: !settings.get(&DISABLE_HEADER),
        modulus_length: settings.get(&MODULUS_LENGTH),
        rotation: RotationPolicy {
            interval: settings.get(&ROTATION_INTERVAL),
            grace: settings.get(&GRACE_PERIOD),
        },
        claims,
        audiences,
    };
    is_on.then_some(options)
}

fn claims(settings: &mut Settings, base_url: &Url, user: &FieldSchema) -> ClaimOptions {
    let origin = base_url.origin().ascii_serialization();
    let issuer = settings.get(&ISSUER).unwrap_or_else(|| origin.clone());
    let mut audience = settings.get(&AUDIENCE).unwrap_or_default();
    if audience.is_empty() {
        audience.push(origin);
    }
    ClaimOptions {
        payload: payload(settings, user),
        subject: match settings.get(&SUBJECT).as_str() {
            "email" => Subject::Email,
            _ => Subject::Id,
        },
        issuer,
        audience,
        expires_in: settings.get(&EXPIRATION_TIME),
    }
}

/// Returns the fields of the user in a JWT. Refuses a field that clients cannot read: it would be in no JWT.
fn payload(settings: &mut Settings, user: &FieldSchema) -> Option<Vec<String>> {
    let members = settings.get(&PAYLOAD).unwrap_or_default();
    let known = readable(user);
    for member in &members {
        if !known.contains(&member.as_str()) {
            let hint = did_you_mean(member, known.iter().copied());
            settings.refuse(
                &PAYLOAD,
                format!("`{PAYLOAD}`: \"{member}\" is not a field of users that clients can read{hint}"),
            );
        }
    }
    settings.is_given(&PAYLOAD).then_some(members)
}

/// Returns the fields of users that clients can read.
fn readable(user: &FieldSchema) -> Vec<&str> {
    let declared = user.fields().iter().filter(|field| field.is_returned);
    let declared = declared.map(|field| field.name.as_str());
    User::MEMBERS.into_iter().chain(declared).collect()
}

/// Returns the issuer of JWTs, if they are enabled.
pub(super) fn issuer(options: Option<&JwtOptions>) -> Option<&str> {
    options.map(|options| options.claims.issuer.as_str())
}

/// Returns the path of the published keys, below the base path.
pub(super) fn jwks_path(settings: &mut Settings, base_path: &str) -> String {
    let path = settings.get(&PATH);
    if settings.is_given(&PATH)
        && let Err(reason) = check_new(&path, base_path, &JWKS)
    {
        settings.refuse(&PATH, format!("`{PATH}`: \"{path}\" {reason}"));
    }
    path
}

#[cfg(test)]
mod tests;
