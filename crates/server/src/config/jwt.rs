//! JWTs and the keys that sign them.

use portcullis_application::jwt::{ClaimOptions, EndedKeys, JwtOptions, Subject};
use portcullis_domain::{
    additional::FieldSchema,
    jwt::{Algorithm, RotationPolicy},
};
use url::Url;

use super::{
    number::{optional_span, span},
    path::{check_new, did_you_mean},
    settings::Settings,
};

const SECTION: &str = "plugins.jwt";
const PATH: &str = "plugins.jwt.jwks.jwks_path";
const ALGORITHM: &str = "plugins.jwt.jwks.key_pair_config.alg";
const CURVE: &str = "plugins.jwt.jwks.key_pair_config.crv";
const ISSUER: &str = "plugins.jwt.jwt.issuer";
const AUDIENCE: &str = "plugins.jwt.jwt.audience";
const PAYLOAD: &str = "plugins.jwt.jwt.payload";
/// Built-in fields of a user.
const MEMBERS: [&str; 7] = [
    "id",
    "name",
    "email",
    "emailVerified",
    "image",
    "createdAt",
    "updatedAt",
];

/// Returns the options of JWTs, or `None` if they are disabled.
pub(super) fn read(settings: &mut Settings, base_url: &Url, user: &FieldSchema) -> Option<JwtOptions> {
    let is_on = settings
        .boolean("plugins.jwt.enabled")
        .unwrap_or_else(|| settings.has_section(SECTION));
    let algorithm = settings
        .text(ALGORITHM)
        .and_then(|name| Algorithm::from_name(&name))
        .unwrap_or(Algorithm::EdDsa);
    let names_curve = settings.text(CURVE).is_some() && settings.is_given(CURVE);
    if names_curve && algorithm != Algorithm::EdDsa {
        let name = algorithm.name();
        settings.refuse(
            CURVE,
            format!("`{CURVE}` applies to EdDSA only, but `{ALGORITHM}` is {name}: remove it"),
        );
    }
    let is_shared = is(settings, "compatibility.shared_database");
    let options = JwtOptions {
        algorithm,
        encrypts_private_keys: !is(settings, "plugins.jwt.jwks.disable_private_key_encryption"),
        re_encrypts: !is_shared,
        ended_keys: if is_shared {
            EndedKeys::Kept
        } else {
            EndedKeys::Deleted
        },
        sets_header: !is(settings, "plugins.jwt.disable_setting_jwt_header"),
        modulus_length: settings
            .number("plugins.jwt.jwks.key_pair_config.modulus_length")
            .and_then(|bits| u32::try_from(bits).ok())
            .unwrap_or_default(),
        rotation: RotationPolicy {
            interval: optional_span(settings, "plugins.jwt.jwks.rotation_interval"),
            grace: span(settings, "plugins.jwt.jwks.grace_period"),
        },
        claims: claims(settings, base_url, user),
    };
    is_on.then_some(options)
}

fn is(settings: &Settings, name: &str) -> bool {
    settings.boolean(name).unwrap_or_default()
}

fn claims(settings: &mut Settings, base_url: &Url, user: &FieldSchema) -> ClaimOptions {
    let origin = base_url.origin().ascii_serialization();
    let issuer = settings.text(ISSUER).unwrap_or_else(|| origin.clone());
    let mut audience = settings.list(AUDIENCE);
    if audience.is_empty() {
        audience.push(origin);
    }
    ClaimOptions {
        payload: payload(settings, user),
        subject: match settings.text("plugins.jwt.jwt.subject").as_deref() {
            Some("email") => Subject::Email,
            _ => Subject::Id,
        },
        issuer,
        audience,
        expires_in: span(settings, "plugins.jwt.jwt.expiration_time"),
    }
}

/// Returns the fields of the user in a JWT. Refuses a field that clients cannot read: it would be in no JWT.
fn payload(settings: &mut Settings, user: &FieldSchema) -> Option<Vec<String>> {
    let members = settings.list(PAYLOAD);
    let declared = user.fields().iter().filter(|field| field.is_returned);
    let known: Vec<_> = MEMBERS
        .into_iter()
        .chain(declared.map(|field| field.name.as_str()))
        .collect();
    for member in &members {
        if !known.contains(&member.as_str()) {
            let hint = did_you_mean(member, known.iter().copied());
            settings.refuse(
                PAYLOAD,
                format!("`{PAYLOAD}`: \"{member}\" is not a field of users that clients can read{hint}"),
            );
        }
    }
    settings.is_given(PAYLOAD).then_some(members)
}

/// Returns the path of the published keys, below the base path.
pub(super) fn jwks_path(settings: &mut Settings, base_path: &str) -> String {
    let path = settings.text(PATH).unwrap_or_default();
    if settings.is_given(PATH)
        && let Err(reason) = check_new(&path, base_path)
    {
        settings.refuse(PATH, format!("`{PATH}`: \"{path}\" {reason}"));
    }
    path
}
