//! The JSON of passkeys, and of the options for browsers.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portcullis_application::passkey::{AuthenticationOptions, PasskeyOptions, RegistrationOptions};
use portcullis_domain::passkey::{Attachment, AuthenticatorSelection, Passkey, Requirement};
use schemars::JsonSchema;
use serde::Serialize;

use crate::view::date::Date;

/// How long a browser asks its user, in milliseconds, as in Better Auth.
const TIMEOUT: u32 = 60_000;
/// EdDSA, ES256 and RS256, by their numbers in COSE, the preferred ones first.
const ALGORITHMS: [i32; 3] = [-8, -7, -257];
const PUBLIC_KEY: &str = "public-key";

/// The JSON of a passkey, in Better Auth's order.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Passkey", description = "A passkey")]
pub(super) struct PasskeyView<'a> {
    name: Option<&'a str>,
    /// A COSE key in base64.
    public_key: &'a str,
    user_id: &'a str,
    /// The id of the passkey at the authenticator, in base64url.
    #[serde(rename = "credentialID")]
    credential_id: &'a str,
    /// How often the authenticator has signed; 0 if it does not count.
    counter: i32,
    /// `singleDevice` or `multiDevice`.
    device_type: &'a str,
    backed_up: bool,
    /// The ways in which browsers reach the authenticator, separated by commas.
    transports: Option<&'a str>,
    created_at: Option<Date>,
    /// The model of the authenticator.
    aaguid: Option<&'a str>,
    id: &'a str,
}

impl<'a> PasskeyView<'a> {
    /// Returns the JSON of a passkey.
    pub(super) fn new(passkey: &'a Passkey) -> Self {
        Self {
            name: passkey.name.as_deref(),
            public_key: &passkey.public_key,
            user_id: passkey.user_id.as_str(),
            credential_id: &passkey.credential_id,
            counter: passkey.counter,
            device_type: &passkey.device_type,
            backed_up: passkey.is_backed_up,
            transports: passkey.transports.as_deref(),
            created_at: passkey.created_at.map(Date::from),
            aaguid: passkey.aaguid.as_deref(),
            id: passkey.id.as_str(),
        }
    }
}

/// The options with which a browser registers a passkey.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub(super) struct RegistrationView<'a> {
    /// Random bytes in base64url.
    challenge: &'a str,
    rp: RelyingParty<'a>,
    user: UserEntity<'a>,
    pub_key_cred_params: [Algorithm; 3],
    /// In milliseconds.
    timeout: u32,
    #[schemars(extend("const" = "none"))]
    attestation: &'static str,
    exclude_credentials: Vec<Descriptor<'a>>,
    authenticator_selection: Selection,
    extensions: Extensions,
    hints: [&'static str; 0],
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct RelyingParty<'a> {
    name: &'a str,
    id: &'a str,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct UserEntity<'a> {
    /// Random bytes in base64url.
    id: String,
    name: &'a str,
    display_name: &'a str,
}

#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Algorithm {
    alg: i32,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// A passkey that the browser may use, or must not register again.
#[derive(JsonSchema, Serialize)]
#[schemars(inline)]
struct Descriptor<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transports: Option<Vec<&'a str>>,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct Selection {
    resident_key: &'static str,
    user_verification: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticator_attachment: Option<&'static str>,
    require_resident_key: bool,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
struct Extensions {
    #[schemars(extend("const" = true))]
    cred_props: bool,
}

/// The options with which a browser signs a user in with a passkey.
#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub(super) struct AuthenticationView<'a> {
    rp_id: &'a str,
    /// Random bytes in base64url.
    challenge: &'a str,
    /// The passkeys of the user who is signed in. Missing: any passkey.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allow_credentials: Vec<Descriptor<'a>>,
    /// In milliseconds.
    timeout: u32,
    user_verification: &'static str,
}

impl<'a> RegistrationView<'a> {
    pub(super) fn new(asked: &'a RegistrationOptions, options: &'a PasskeyOptions) -> Self {
        Self {
            challenge: &asked.challenge,
            rp: RelyingParty {
                name: &options.rp_name,
                id: &options.rp_id,
            },
            user: UserEntity {
                id: URL_SAFE_NO_PAD.encode(&asked.user_handle),
                name: &asked.user_name,
                display_name: &asked.display_name,
            },
            pub_key_cred_params: ALGORITHMS.map(|alg| Algorithm {
                alg,
                kind: PUBLIC_KEY,
            }),
            timeout: TIMEOUT,
            attestation: "none",
            exclude_credentials: asked.known.iter().map(Descriptor::new).collect(),
            authenticator_selection: asked.selection.into(),
            extensions: Extensions { cred_props: true },
            hints: [],
        }
    }
}

impl<'a> AuthenticationView<'a> {
    pub(super) fn new(asked: &'a AuthenticationOptions, options: &'a PasskeyOptions) -> Self {
        // wire: Better Auth always sends `preferred`. With it, browsers may skip the verification that the server
        // requires.
        let user_verification = match options.selection.user_verification {
            required @ Requirement::Required => required,
            Requirement::Preferred | Requirement::Discouraged => Requirement::Preferred,
        };
        Self {
            rp_id: &options.rp_id,
            challenge: &asked.challenge,
            allow_credentials: asked.allowed.iter().map(Descriptor::new).collect(),
            timeout: TIMEOUT,
            user_verification: user_verification.name(),
        }
    }
}

impl<'a> Descriptor<'a> {
    fn new(passkey: &'a Passkey) -> Self {
        Self {
            id: passkey.credential_id.trim_end_matches('='),
            transports: passkey.transports(),
            kind: PUBLIC_KEY,
        }
    }
}

impl From<AuthenticatorSelection> for Selection {
    fn from(selection: AuthenticatorSelection) -> Self {
        Self {
            resident_key: selection.resident_key.name(),
            user_verification: selection.user_verification.name(),
            authenticator_attachment: selection.attachment.map(Attachment::name),
            require_resident_key: selection.resident_key == Requirement::Required,
        }
    }
}
