//! Every route is either public on purpose or rejects requests without a session.

use insta::assert_snapshot;
use portcullis_http::routes;
use portcullis_testkit::TestServer;
use serde_json::json;

#[test]
fn the_list_of_public_routes_is_reviewed() {
    let public: Vec<String> = routes()
        .filter(|route| route.is_public())
        .map(|route| format!("{} {}", route.method, route.full_path("/api/auth")))
        .collect();
    assert_snapshot!(public.join("\n"), @"
    POST /api/auth/sign-in/anonymous
    POST /api/auth/api-key/create
    POST /api/auth/api-key/update
    GET /api/auth/delete-user/callback
    POST /dev/oidc/start
    GET /dev/oidc/authorize
    POST /dev/oidc/authorize
    GET /api/auth/.well-known/openid-configuration
    GET /.well-known/openid-configuration
    GET /api/auth/.well-known/oauth-authorization-server
    GET /.well-known/oauth-authorization-server
    POST /api/auth/email-otp/send-verification-otp
    POST /api/auth/email-otp/check-verification-otp
    POST /api/auth/email-otp/request-password-reset
    POST /api/auth/forget-password/email-otp
    POST /api/auth/email-otp/verify-email
    POST /api/auth/sign-in/email-otp
    POST /api/auth/email-otp/reset-password
    POST /api/auth/send-verification-email
    GET /api/auth/verify-email
    GET /api/auth/error
    GET /api/auth/expo-authorization-proxy
    ANY /api/auth/portcullis/forward-auth
    ANY /api/auth/portcullis/forward-auth/:rule/**
    POST /api/auth/sign-in/oauth2
    GET /api/auth/oauth2/callback/:providerId
    POST /api/auth/oauth2/callback/:providerId
    GET /health/live
    GET /health/ready
    GET /api/auth/ok
    GET /
    GET /dev/inbox
    GET /api/auth/jwks
    GET /api/auth/.well-known/jwks.json
    GET /.well-known/jwks.json
    GET /api/auth/multi-session/list-device-sessions
    POST /api/auth/sign-in/magic-link
    GET /api/auth/magic-link/verify
    POST /api/auth/magic-link/verify
    POST /api/auth/one-tap/callback
    POST /api/auth/one-time-token/verify
    GET /api/auth/open-api/generate-schema
    GET /api/auth/reference
    POST /api/auth/organization/update
    POST /api/auth/organization/delete
    GET /api/auth/organization/get-invitation
    GET /api/auth/organization/list-user-invitations
    POST /api/auth/organization/remove-team
    GET /api/auth/passkey/generate-authenticate-options
    POST /api/auth/passkey/verify-authentication
    POST /api/auth/request-password-reset
    GET /api/auth/reset-password/:token
    POST /api/auth/reset-password/:token
    POST /api/auth/reset-password
    POST /api/auth/sign-in/phone-number
    POST /api/auth/phone-number/send-otp
    POST /api/auth/phone-number/verify
    POST /api/auth/phone-number/request-password-reset
    POST /api/auth/phone-number/reset-password
    GET /api/auth/get-session
    POST /api/auth/sign-in/email
    POST /api/auth/sign-out
    POST /api/auth/sign-up/email
    POST /api/auth/sign-in/social
    GET /api/auth/callback/:id
    POST /api/auth/callback/:id
    POST /api/auth/two-factor/verify-totp
    POST /api/auth/two-factor/send-otp
    POST /api/auth/two-factor/verify-otp
    POST /api/auth/two-factor/verify-backup-code
    POST /api/auth/is-username-available
    POST /api/auth/sign-in/username
    ");
}

#[tokio::test]
async fn every_other_route_is_refused_without_a_session() {
    let server = TestServer::with_all_features();
    for route in routes().filter(|route| route.needs_session()) {
        let path = route.full_path("/api/auth");
        let call = server.anonymous();
        let answer = call
            .call(route.method, &path)
            .body("application/json", json!({}).to_string())
            .send()
            .await;
        // Bodies are validated before the session, as in Better Auth.
        assert!(
            [400, 401].contains(&answer.status),
            "{} {path}: {answer}",
            route.method
        );
    }
}
