//! One-time secrets: each is worth something once, for what it was made for, and to whom it was made for.

mod crossing;
mod matrix;
mod single_use;

use portcullis_domain::verification::Purpose;
use portcullis_testkit::{Answer, Caller, TestServer, TestServerBuilder};
use serde_json::json;

/// A server that hands out every kind of secret.
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
}

/// A secret, and whose it is.
struct Minted {
    purpose: Purpose,
    token: String,
    owner: Caller,
    name: String,
}

impl Minted {
    /// Signs somebody up and has the server make a secret of this kind for them.
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

    /// Shows the secret where it is meant to be shown.
    async fn redeem(&self, server: &TestServer) -> Answer {
        Door::of(self.purpose)
            .show(server, &self.token, &self.owner.cookies())
            .await
    }

    /// Whether showing it did what it is for: by the answer to whoever showed it.
    fn was_redeemed(&self, answer: &Answer) -> bool {
        answer.status == 200
            && match self.purpose {
                // Showing it again is fine, and signs nobody in.
                Purpose::EmailVerification => answer.cookies().next().is_some(),
                Purpose::PasswordReset
                | Purpose::AccountDeletion
                | Purpose::EmailChangeConfirmation
                | Purpose::EmailChangeVerification => true,
            }
    }
}

/// Where a secret can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    ResetPassword,
    FollowReset,
    DeleteUser,
    FollowDeletion,
    VerifyEmail,
    Bearer,
    SessionCookie,
    SessionCopy,
}

impl Door {
    const ALL: [Self; 8] = [
        Self::ResetPassword,
        Self::FollowReset,
        Self::DeleteUser,
        Self::FollowDeletion,
        Self::VerifyEmail,
        Self::Bearer,
        Self::SessionCookie,
        Self::SessionCopy,
    ];

    /// Where a secret of this kind is to be shown.
    const fn of(purpose: Purpose) -> Self {
        match purpose {
            Purpose::PasswordReset => Self::ResetPassword,
            Purpose::AccountDeletion => Self::FollowDeletion,
            Purpose::EmailVerification
            | Purpose::EmailChangeConfirmation
            | Purpose::EmailChangeVerification => Self::VerifyEmail,
        }
    }

    /// Whether a secret of this kind is at home here.
    fn takes(self, purpose: Purpose) -> bool {
        match self {
            Self::FollowReset => purpose == Purpose::PasswordReset,
            Self::DeleteUser => purpose == Purpose::AccountDeletion,
            door => door == Self::of(purpose),
        }
    }

    /// Shows a text here, by somebody with these cookies where cookies are looked at.
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
            Self::Bearer => get("/get-session").header("authorization", &format!("Bearer {token}")),
            Self::SessionCookie => {
                get("/get-session").header("cookie", &format!("better-auth.session_token={token}"))
            }
            Self::SessionCopy => {
                get("/get-session").header("cookie", &format!("better-auth.session_data={token}"))
            }
        };
        let call = match self {
            Self::DeleteUser | Self::FollowDeletion => call.header("cookie", cookies),
            _ => call,
        };
        call.send().await
    }

    /// Whether this is how a text is refused here that is worth nothing.
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
            Self::Bearer | Self::SessionCookie | Self::SessionCopy => {
                (answer.status, answer.body.as_str()) == (200, "null")
            }
        }
    }
}
