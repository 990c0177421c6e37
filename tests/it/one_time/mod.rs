//! One-time tokens: each is valid once, for one purpose and for one user.

mod crossing;
mod matrix;
mod single_use;

use portcullis_domain::verification::Purpose;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::json;

use crate::social::flow::{Flow, parameter};

/// A server that issues one-time tokens for every purpose.
fn generous() -> TestServerBuilder {
    TestServer::with()
        .set("PORTCULLIS_USER__CHANGE_EMAIL__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__ENABLED", "true")
        .set("PORTCULLIS_USER__DELETE_USER__VERIFICATION", "true")
        .set(
            "PORTCULLIS_EMAIL_VERIFICATION__AUTO_SIGN_IN_AFTER_VERIFICATION",
            "true",
        )
        .set("PORTCULLIS_PASSWORD__REFUSAL_FLOOR_MILLISECONDS", "100")
        .set("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__CLIENT_ID", "id")
        .set("PORTCULLIS_SOCIAL_PROVIDERS__GOOGLE__CLIENT_SECRET", "secret")
}

/// A one-time token and its owner.
struct IssuedToken {
    purpose: Purpose,
    token: String,
    owner: Caller,
    name: String,
}

impl IssuedToken {
    /// Signs a user up and requests a token for this purpose.
    async fn make(server: &TestServer, purpose: Purpose, name: &str) -> Self {
        let owner = server.signed_up(name).await;
        let email = format!("{name}@example.com");
        let new = format!("{name}-new@example.com");
        let (path, body, to) = match purpose {
            Purpose::PasswordReset => ("/request-password-reset", json!({ "email": email }), &email),
            Purpose::AccountDeletion => ("/delete-user", json!({}), &email),
            Purpose::EmailVerification => ("/send-verification-email", json!({ "email": email }), &email),
            Purpose::EmailChangeConfirmation => {
                server.execute(&format!(
                    r#"update "user" set "emailVerified" = true where email = '{email}'"#
                ));
                ("/change-email", json!({ "newEmail": new }), &email)
            }
            Purpose::EmailChangeVerification => ("/change-email", json!({ "newEmail": new }), &new),
            Purpose::TwoFactorChallenge | Purpose::TrustedDevice | Purpose::TokenRefresh => {
                return Self::store(server, purpose, owner, name);
            }
            Purpose::AuthorizationState => return Self::begin(owner, name).await,
        };
        let asked = owner.post(path, &body).send().await;
        assert_eq!(asked.status, 200, "{purpose:?}: {asked}");
        let token = server.mailbox.next(to).await.token;
        Self {
            purpose,
            token,
            owner,
            name: name.to_owned(),
        }
    }

    /// Begins a sign-in with a provider. The token is the state, which belongs to the owner's browser.
    async fn begin(owner: Caller, name: &str) -> Self {
        let body = json!({ "provider": "google", "errorCallbackURL": "/failed" });
        let url = Flow::begin_with(&owner, "/sign-in/social", &body).await;
        Self {
            purpose: Purpose::AuthorizationState,
            token: parameter(&url, "state"),
            owner,
            name: name.to_owned(),
        }
    }

    /// Stores a token of a purpose for which no endpoint issues tokens.
    fn store(server: &TestServer, purpose: Purpose, owner: Caller, name: &str) -> Self {
        let token = format!("{}abcdefghijklmnopqrst", purpose.token_prefix());
        let issued = Self {
            purpose,
            token,
            owner,
            name: name.to_owned(),
        };
        server.execute(&format!(
            r#"insert into verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
               select {identifier}, {identifier}, id, now() + interval '1 year', now(), now()
               from "user" where email = '{name}@example.com'"#,
            identifier = issued.identifier()
        ));
        issued
    }

    /// The SQL expression of the identifier under which the token is stored.
    fn identifier(&self) -> String {
        let (name, token) = (self.purpose.name(), &self.token);
        format!("'{name}:' || rtrim(translate(encode(sha256('{token}'), 'base64'), '+/', '-_'), '=')")
    }

    /// Whether the token's row still exists.
    fn is_stored(&self, server: &TestServer) -> bool {
        let identifier = self.identifier();
        server.rows(&format!(
            "select from verification where identifier = {identifier}"
        )) == 1
    }

    /// Presents the token to the endpoint of its purpose.
    async fn redeem(&self, server: &TestServer) -> Answer {
        let input = TokenInput::of(self.purpose).unwrap();
        input.show(server, &self.token, &self.owner.cookies()).await
    }

    /// Whether `answer` shows that the token had its effect.
    fn was_redeemed(&self, answer: &Answer) -> bool {
        let is_success = answer.status == 200;
        match self.purpose {
            // A second use is answered with 200 too, but signs no user in.
            Purpose::EmailVerification => is_success && answer.cookies().next().is_some(),
            Purpose::PasswordReset
            | Purpose::AccountDeletion
            | Purpose::EmailChangeConfirmation
            | Purpose::EmailChangeVerification => is_success,
            // Only a request that is known has a page for errors.
            Purpose::AuthorizationState => answer.header("location") == Some("/failed?error=access_denied"),
            Purpose::TwoFactorChallenge | Purpose::TrustedDevice | Purpose::TokenRefresh => false,
        }
    }
}

/// An endpoint, header or cookie that accepts a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TokenInput {
    ResetPassword,
    FollowReset,
    DeleteUser,
    FollowDeletion,
    VerifyEmail,
    FinishSignIn,
    Bearer,
    SessionCookie,
    SessionCacheValue,
}

impl TokenInput {
    const ALL: [Self; 9] = [
        Self::ResetPassword,
        Self::FollowReset,
        Self::DeleteUser,
        Self::FollowDeletion,
        Self::VerifyEmail,
        Self::FinishSignIn,
        Self::Bearer,
        Self::SessionCookie,
        Self::SessionCacheValue,
    ];

    /// The endpoint for tokens of this purpose, or `None` if no endpoint accepts them.
    const fn of(purpose: Purpose) -> Option<Self> {
        match purpose {
            Purpose::PasswordReset => Some(Self::ResetPassword),
            Purpose::AccountDeletion => Some(Self::FollowDeletion),
            Purpose::EmailVerification
            | Purpose::EmailChangeConfirmation
            | Purpose::EmailChangeVerification => Some(Self::VerifyEmail),
            Purpose::AuthorizationState => Some(Self::FinishSignIn),
            Purpose::TwoFactorChallenge | Purpose::TrustedDevice | Purpose::TokenRefresh => None,
        }
    }

    /// Whether tokens of this purpose are accepted here.
    fn takes(self, purpose: Purpose) -> bool {
        match self {
            Self::FollowReset => purpose == Purpose::PasswordReset,
            Self::DeleteUser => purpose == Purpose::AccountDeletion,
            input => Some(input) == Self::of(purpose),
        }
    }

    /// Presents `token` here, with these cookies if the endpoint needs a session.
    async fn show(self, server: &TestServer, token: &str, cookies: &str) -> Answer {
        let caller = server.anonymous();
        let get = |path: &str| caller.get(path);
        let call = match self {
            Self::ResetPassword => caller.post(
                "/reset-password",
                &json!({ "token": token, "newPassword": "password5678" }),
            ),
            Self::FollowReset => get(&format!("/reset-password/{token}?callbackURL=/done")),
            Self::DeleteUser => caller.post("/delete-user", &json!({ "token": token })),
            Self::FollowDeletion => get(&format!("/delete-user/callback?token={token}")),
            Self::VerifyEmail => get(&format!("/verify-email?token={token}")),
            Self::FinishSignIn => get(&format!("/callback/google?error=access_denied&state={token}")),
            Self::Bearer => get("/get-session").header("authorization", &format!("Bearer {token}")),
            Self::SessionCookie => {
                get("/get-session").header("cookie", &format!("better-auth.session_token={token}"))
            }
            Self::SessionCacheValue => {
                get("/get-session").header("cookie", &format!("better-auth.session_data={token}"))
            }
        };
        let call = match self {
            Self::DeleteUser | Self::FollowDeletion | Self::FinishSignIn => call.header("cookie", cookies),
            _ => call,
        };
        call.send().await
    }

    /// Whether `answer` is the rejection of an invalid token here.
    fn refuses(self, answer: &Answer) -> bool {
        match self {
            Self::ResetPassword => (answer.status, answer.code().as_str()) == (400, "INVALID_TOKEN"),
            Self::FollowReset => answer
                .header("location")
                .is_some_and(|url| url.ends_with("/done?error=INVALID_TOKEN")),
            Self::DeleteUser | Self::FollowDeletion => {
                (answer.status, answer.code().as_str()) == (404, "INVALID_TOKEN")
            }
            Self::VerifyEmail => (answer.status, answer.code().as_str()) == (401, "INVALID_TOKEN"),
            Self::FinishSignIn => answer
                .header("location")
                .is_some_and(|url| url.ends_with("/api/auth/error?error=please_restart_the_process")),
            Self::Bearer | Self::SessionCookie | Self::SessionCacheValue => {
                (answer.status, answer.body.as_str()) == (200, "null")
            }
        }
    }
}
