//! Presets: their endpoints, and the users in answers of the form that their providers document.

use portcullis_application::ports::IdentityProvider as _;
use serde_json::{Value, json};

use super::{provider::provider, server::Server, tokens};
use crate::generic::{GenericOptions, Preset, settings::Settings};

fn options(preset: Preset) -> GenericOptions {
    GenericOptions {
        preset: Some(preset),
        domain: Some("https://tenant.auth0.example".to_owned()),
        tenant_id: Some("t".to_owned()),
        issuer: Some("https://op.example/realms/r/".to_owned()),
        ..GenericOptions::new("op", "client")
    }
}

fn user(preset: Preset, profile: &Value) -> Option<Value> {
    let settings = Settings::new(options(preset)).unwrap();
    (settings.rules.user)(profile).map(Value::from)
}

#[test]
fn names_are_those_of_better_auth() {
    for preset in Preset::ALL {
        assert_eq!(Preset::parse(preset.name()), Some(preset));
    }
    assert_eq!(
        Preset::parse("microsoft-entra-id"),
        Some(Preset::MicrosoftEntraId)
    );
    assert_eq!(Preset::parse("github"), None);
}

#[test]
fn presets_with_a_discovery_document_find_it_at_their_tenant() {
    for (preset, issuer, url, user_info) in [
        (
            Preset::Auth0,
            "https://tenant.auth0.example/",
            "https://tenant.auth0.example/.well-known/openid-configuration",
            "https://tenant.auth0.example/userinfo",
        ),
        (
            Preset::Keycloak,
            "https://op.example/realms/r",
            "https://op.example/realms/r/.well-known/openid-configuration",
            "https://op.example/realms/r/protocol/openid-connect/userinfo",
        ),
        (
            Preset::Okta,
            "https://op.example/realms/r",
            "https://op.example/realms/r/.well-known/openid-configuration",
            "https://op.example/realms/r/oauth2/v1/userinfo",
        ),
    ] {
        let options = Settings::new(options(preset)).unwrap().options;
        assert_eq!(options.issuer.as_deref(), Some(issuer));
        assert_eq!(options.discovery_url.as_deref(), Some(url));
        assert_eq!(options.user_info_url.as_deref(), Some(user_info));
        assert_eq!(options.scopes.unwrap(), ["openid", "profile", "email"]);
    }
}

#[test]
fn presets_without_a_discovery_document_have_endpoints() {
    for (preset, authorization, token, scopes) in [
        (
            Preset::Gumroad,
            "https://gumroad.com/oauth/authorize",
            "https://api.gumroad.com/oauth/token",
            "view_profile",
        ),
        (
            Preset::HubSpot,
            "https://app.hubspot.com/oauth/authorize",
            "https://api.hubapi.com/oauth/v1/token",
            "oauth",
        ),
        (
            Preset::Line,
            "https://access.line.me/oauth2/v2.1/authorize",
            "https://api.line.me/oauth2/v2.1/token",
            "openid profile email",
        ),
        (
            Preset::MicrosoftEntraId,
            "https://login.microsoftonline.com/t/oauth2/v2.0/authorize",
            "https://login.microsoftonline.com/t/oauth2/v2.0/token",
            "openid profile email",
        ),
        (
            Preset::Patreon,
            "https://www.patreon.com/oauth2/authorize",
            "https://www.patreon.com/api/oauth2/token",
            "identity[email]",
        ),
        (
            Preset::Slack,
            "https://slack.com/openid/connect/authorize",
            "https://slack.com/api/openid.connect.token",
            "openid profile email",
        ),
    ] {
        let options = Settings::new(options(preset)).unwrap().options;
        assert_eq!(options.authorization_url.as_deref(), Some(authorization));
        assert_eq!(options.token_url.as_deref(), Some(token));
        assert_eq!(options.scopes.unwrap().join(" "), scopes);
    }
}

#[test]
fn options_replace_those_of_the_preset() {
    let options = GenericOptions {
        scopes: Some(Vec::new()),
        token_url: Some("https://proxy.example/token".to_owned()),
        ..options(Preset::Line)
    };
    let options = Settings::new(options).unwrap().options;
    assert_eq!(options.scopes, Some(Vec::new()));
    assert_eq!(options.token_url.as_deref(), Some("https://proxy.example/token"));
}

#[test]
fn presets_of_openid_connect_read_the_standard_claims() {
    let profile = json!({
        "sub": "1", "nickname": "nick", "preferred_username": "ada", "email": "ada@example.com",
        "email_verified": true, "picture": "https://op.example/1.png",
    });
    for (preset, name) in [
        (Preset::Auth0, "nick"),
        (Preset::Keycloak, "ada"),
        (Preset::Okta, "ada"),
    ] {
        let expected = json!({
            "id": "1", "name": name, "email": "ada@example.com", "image": "https://op.example/1.png",
            "emailVerified": true,
        });
        assert_eq!(user(preset, &profile), Some(expected), "{preset:?}");
    }
}

#[test]
fn entra_id_falls_back_to_other_claims() {
    let profile = json!({
        "sub": "1", "given_name": "Ada", "family_name": "Lovelace", "preferred_username": "ada@example.com",
        "picture": "https://graph.microsoft.com/v1.0/me/photo/$value",
    });
    let expected = json!({
        "id": "1", "name": "Ada Lovelace", "email": "ada@example.com",
        "image": "https://graph.microsoft.com/v1.0/me/photo/$value", "emailVerified": false,
    });
    assert_eq!(user(Preset::MicrosoftEntraId, &profile), Some(expected));
    let nameless = user(Preset::MicrosoftEntraId, &json!({ "sub": "1" })).unwrap();
    assert_eq!(nameless.get("name"), None);
}

#[test]
fn slack_has_members_of_its_own() {
    let profile = json!({
        "ok": true, "sub": "U0R7JM", "https://slack.com/user_id": "U0R7JM", "https://slack.com/team_id": "T0R7GR",
        "email": "krane@slack-corp.com", "email_verified": true, "name": "krane",
        "https://slack.com/user_image_512": "https://secure.gravatar.com/avatar",
    });
    let expected = json!({
        "id": "U0R7JM", "name": "krane", "email": "krane@slack-corp.com",
        "image": "https://secure.gravatar.com/avatar", "emailVerified": true,
    });
    assert_eq!(user(Preset::Slack, &profile), Some(expected));
}

#[test]
fn line_never_verifies_addresses() {
    let profile = json!({ "sub": "U1", "name": "Taro", "email": "taro@example.com", "email_verified": true });
    let expected = json!({ "id": "U1", "name": "Taro", "email": "taro@example.com", "emailVerified": false });
    assert_eq!(user(Preset::Line, &profile), Some(expected));
}

#[test]
fn hubspot_names_the_user_by_the_address() {
    let expected =
        json!({ "id": 293_199, "name": "a@example.com", "email": "a@example.com", "emailVerified": false });
    for profile in [
        json!({ "user": "a@example.com", "user_id": 293_199, "hub_id": 62515 }),
        json!({ "user": "a@example.com", "signed_access_token": { "userId": 293_199 } }),
    ] {
        assert_eq!(user(Preset::HubSpot, &profile), Some(expected.clone()));
    }
    assert_eq!(user(Preset::HubSpot, &json!({ "user": "a@example.com" })), None);
}

#[test]
fn gumroad_reports_whether_the_request_succeeded() {
    let profile = json!({
        "success": true,
        "user": { "user_id": "G_1==", "name": "John", "email": "john@example.com", "profile_url": "https://g.example/p" },
    });
    let expected = json!({
        "id": "G_1==", "name": "John", "email": "john@example.com", "image": "https://g.example/p",
        "emailVerified": false,
    });
    assert_eq!(user(Preset::Gumroad, &profile), Some(expected));
    assert_eq!(user(Preset::Gumroad, &json!({ "success": false })), None);
}

#[test]
fn patreon_has_attributes() {
    let attributes = json!({
        "email": "corgi@example.com", "full_name": "Corgi", "image_url": "https://p.example/1", "is_email_verified": true,
    });
    let profile = json!({ "data": { "attributes": attributes, "id": "12345689", "type": "user" } });
    let expected = json!({
        "id": "12345689", "name": "Corgi", "email": "corgi@example.com", "image": "https://p.example/1",
        "emailVerified": true,
    });
    assert_eq!(user(Preset::Patreon, &profile), Some(expected));
    assert_eq!(user(Preset::Patreon, &json!({ "errors": [] })), None);
}

#[tokio::test]
async fn hubspot_receives_the_access_token_in_the_path() {
    let server = Server::start().await;
    server.set(
        "/tokens/access",
        &json!({ "user": "a@example.com", "user_id": 1 }),
    );
    let options = GenericOptions {
        user_info_url: Some(format!("{}/tokens", server.url)),
        ..options(Preset::HubSpot)
    };
    let (provider, _clock) = provider(options, &server);
    let user = provider.user_info(&tokens(None)).await.unwrap().unwrap();
    assert_eq!(user.profile().unwrap().id, "1");
    assert!(!server.requests("/tokens/access")[0].contains("authorization"));
}

#[tokio::test]
async fn line_prefers_the_id_token() {
    let server = Server::start().await;
    let (provider, _clock) = provider(options(Preset::Line), &server);
    let claims = json!({ "sub": "U1", "name": "Taro" });
    let user = provider.user_info(&tokens(Some(&claims))).await.unwrap().unwrap();
    assert_eq!(
        user.data,
        json!({ "id": "U1", "name": "Taro", "emailVerified": false })
    );
}
