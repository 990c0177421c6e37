//! Proofs of the keys that every provider has, of the client of requests to providers, and of the provider of development.

use std::time::Duration;

use portcullis_testkit::{CLIENT_ID as ID, CLIENT_SECRET as SECRET, Fault, FaultyEndpoint};

use super::{
    proof::{Proof, provided, refused, server},
    provided::{Provided, Shape, beginning, named, renamed, returning, with_id_token},
};

const CLIENT_ID: &str = "social_providers.NAME.client_id";
const CLIENT_SECRET: &str = "social_providers.NAME.client_secret";
const SCOPE: &str = "social_providers.NAME.scope";
const AUTHORIZATION: &str = "social_providers.NAME.endpoints.authorization";
const TOKEN: &str = "social_providers.NAME.endpoints.token";
const ALLOWED_HOSTS: &str = "oauth_client.allowed_hosts";

const GOOGLE: Shape = Shape::Social("google");

/// Sets the client of this provider.
pub(super) fn configured(proof: Proof, id: &'static str) -> Proof {
    proof.of(id).with(CLIENT_ID, ID).with(CLIENT_SECRET, SECRET)
}

/// Proves that the answer to a user who begins to sign in with a provider changes, such as the URL in it.
pub(super) fn in_url(id: &'static str, key: &'static str, value: &str, seen: [&'static str; 2]) -> Proof {
    configured(server(key, value, beginning(id), seen), id)
}

/// The same as [`returning`], if tokens are issued after two seconds.
async fn returning_late(on: &Provided) -> String {
    let slow = Fault::Slow(Duration::from_secs(2));
    on.mock.misbehave_at(FaultyEndpoint::Token, slow);
    returning(on).await
}

pub(super) fn proofs() -> Vec<Proof> {
    let mut proofs = requests();
    proofs.extend(users());
    proofs.extend(endpoints());
    proofs.extend(client());
    proofs.push(server(
        "dev.oidc",
        "false",
        beginning("dev-oidc"),
        ["200\n", "PROVIDER_NOT_FOUND"],
    ));
    proofs
}

fn requests() -> Vec<Proof> {
    vec![
        in_url(
            "google",
            CLIENT_ID,
            "other",
            ["client_id=client-1234", "client_id=other"],
        ),
        provided(
            GOOGLE,
            CLIENT_SECRET,
            "other",
            returning,
            ["/welcome", "error=invalid_code"],
        ),
        in_url(
            "google",
            "social_providers.NAME.enabled",
            "false",
            ["200\n", "PROVIDER_NOT_FOUND"],
        ),
        in_url("google", SCOPE, "calendar", ["", "+calendar&"]),
        in_url(
            "google",
            "social_providers.NAME.disable_default_scope",
            "true",
            ["scope=email+profile+openid+calendar&", "scope=calendar&"],
        )
        .with(SCOPE, "calendar"),
        in_url(
            "google",
            "social_providers.NAME.redirect_uri",
            "https://proxy.example.com/back",
            [
                "redirect_uri=http%3A%2F%2Flocalhost",
                "redirect_uri=https%3A%2F%2Fproxy.example.com%2Fback",
            ],
        ),
        in_url(
            "google",
            "social_providers.NAME.prompt",
            "consent",
            ["", "prompt=consent"],
        ),
        in_url(
            "google",
            "social_providers.NAME.access_type",
            "offline",
            ["", "access_type=offline"],
        ),
    ]
}

fn users() -> Vec<Proof> {
    let disabled = ["/welcome", "error=signup_disabled"];
    vec![
        provided(
            GOOGLE,
            "social_providers.NAME.disable_sign_up",
            "true",
            returning,
            disabled,
        ),
        provided(
            GOOGLE,
            "social_providers.NAME.disable_implicit_sign_up",
            "true",
            returning,
            disabled,
        ),
        provided(
            GOOGLE,
            "social_providers.NAME.override_user_info_on_sign_in",
            "true",
            renamed,
            ["Countess", "Ada Lovelace"],
        ),
        provided(
            GOOGLE,
            "social_providers.NAME.disable_id_token_sign_in",
            "true",
            with_id_token,
            ["200\n", "INVALID_TOKEN"],
        ),
        provided(
            GOOGLE,
            "social_providers.NAME.map_profile_to_user",
            r#"{"name":"given_name"}"#,
            named,
            ["Lovelace", ""],
        ),
        refused(
            "social_providers.NAME.map_profile_to_user",
            r#"{"nom":"given_name"}"#,
            "users have no field with that name",
        )
        .of("google")
        .with(CLIENT_ID, ID)
        .with(CLIENT_SECRET, SECRET),
    ]
}

fn endpoints() -> Vec<Proof> {
    let (own, page) = (
        "https://id.example.com/authorize",
        "https://id.example.com/authorize?",
    );
    let moved = |id, key, seen| provided(Shape::Social(id), key, "{mock}/elsewhere", returning, seen);
    vec![
        in_url(
            "google",
            AUTHORIZATION,
            own,
            ["https://accounts.google.com/", page],
        ),
        in_url(
            "google",
            "social_providers.NAME.authorization_endpoint",
            own,
            ["https://accounts.google.com/", page],
        ),
        moved("google", TOKEN, ["/welcome", "error=invalid_code"]),
        moved(
            "github",
            "social_providers.NAME.endpoints.user_info",
            ["/welcome", "error=unable_to_get_user_info"],
        ),
        provided(
            GOOGLE,
            "social_providers.NAME.endpoints.jwks",
            "{mock}/elsewhere",
            with_id_token,
            ["200\n", ""],
        ),
        provided(
            GOOGLE,
            "social_providers.NAME.endpoints.issuer",
            "https://id.example.com",
            with_id_token,
            ["200\n", "INVALID_TOKEN"],
        ),
    ]
}

fn client() -> Vec<Proof> {
    vec![
        configured(
            refused(ALLOWED_HOSTS, "id.internal", "add \"127.0.0.1\" to").instead_of("127.0.0.1"),
            "google",
        )
        .with(TOKEN, "http://127.0.0.1:9/token"),
        refused(ALLOWED_HOSTS, "http://id.internal", "is not a host"),
        provided(
            GOOGLE,
            "oauth_client.timeout",
            "1",
            returning_late,
            ["/welcome", "error=invalid_code"],
        ),
    ]
}
