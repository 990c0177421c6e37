use async_trait::async_trait;
use portcullis_domain::{additional::FieldSchema, forward_auth::Requirement, session::Session};
use serde_json::json;

use super::*;
use crate::testing::fixtures::{a_session, a_user};

/// Issues tokens that show what they are made of, or fails.
struct Issuer(bool);

#[async_trait]
impl TokenIssuer for Issuer {
    async fn issue(
        &self,
        user: &User,
        view: Map<String, Value>,
        session: &Session,
        audience: Option<&str>,
    ) -> Result<String, Failure> {
        if self.0 {
            return Err(Failure::unavailable("away"));
        }
        Ok(format!(
            "{} {} {:?} {}",
            user.id, session.id, audience, view["plan"]
        ))
    }
}

fn forward_auth(issuer: Option<Issuer>) -> ForwardAuth {
    let unverified = Requirement::parse("email=eve@example.com", &FieldSchema::default()).unwrap();
    let strict = AccessRule {
        requirements: vec![unverified],
        ..AccessRule::default()
    };
    let open = AccessRule {
        allows_anonymous: true,
        ..AccessRule::default()
    };
    let options = ForwardAuthOptions {
        rules: AccessRules {
            unnamed: AccessRule::default(),
            named: [("strict".to_owned(), strict), ("open".to_owned(), open)].into(),
        },
        audience: Some("https://api.example.com".to_owned()),
    };
    ForwardAuth::new(issuer.map(|it| Arc::new(it) as Arc<dyn TokenIssuer>), options)
}

fn view(_user: &User) -> Map<String, Value> {
    Map::from_iter([("plan".to_owned(), json!("pro"))])
}

#[tokio::test]
async fn a_user_passes_with_a_token_for_the_audience() {
    let by = StrictCaller::for_test(a_session(), a_user());
    for (issuer, expected) in [
        (
            Some(Issuer(false)),
            Some(r#"user-1 session-1 Some("https://api.example.com") "pro""#),
        ),
        (None, None),
    ] {
        let forward_auth = forward_auth(issuer);
        let rule = forward_auth.rule("").unwrap();
        let pass = forward_auth.check(rule, Some(&by), view).await.unwrap();
        assert_eq!(pass.token.as_deref(), expected);
        assert_eq!(pass.by.unwrap().user().id, a_user().id);
    }
}

#[tokio::test]
async fn a_client_without_a_session_passes_only_if_the_rule_allows_it() {
    let forward_auth = forward_auth(Some(Issuer(true)));
    let open = forward_auth
        .check(forward_auth.rule("open").unwrap(), None, view)
        .await;
    let pass = open.unwrap();
    assert!(pass.by.is_none() && pass.token.is_none());
    for name in ["", "strict"] {
        let closed = forward_auth
            .check(forward_auth.rule(name).unwrap(), None, view)
            .await;
        assert!(matches!(closed, Err(ForwardAuthError::Anonymous)), "{name}");
    }
    assert_eq!(forward_auth.rule("other"), None);
}

#[tokio::test]
async fn a_user_who_does_not_meet_a_requirement_gets_no_token() {
    let forward_auth = forward_auth(Some(Issuer(true)));
    let by = StrictCaller::for_test(a_session(), a_user());
    let rule = forward_auth.rule("strict").unwrap();
    let refused = forward_auth.check(rule, Some(&by), view).await;
    assert!(matches!(refused, Err(ForwardAuthError::Refused)));
}

#[tokio::test]
async fn a_user_whose_token_cannot_be_issued_does_not_pass() {
    let forward_auth = forward_auth(Some(Issuer(true)));
    let by = StrictCaller::for_test(a_session(), a_user());
    let failed = forward_auth
        .check(forward_auth.rule("").unwrap(), Some(&by), view)
        .await;
    assert!(matches!(failed, Err(ForwardAuthError::Failure(failure)) if failure.is_unavailable()));
}
