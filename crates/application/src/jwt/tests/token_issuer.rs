//! Tokens by which features identify users to other servers.

use super::*;
use crate::{seams::TokenIssuer as _, testing::fixtures::a_session};

#[tokio::test]
async fn a_token_is_issued_for_the_default_audience_and_for_no_other() {
    let reads = vec![listing(vec![a_key("K", Algorithm::EdDsa)])];
    let fake = FakePorts::with_store(FakeStore::new(reads, Vec::new()));
    let jwt = Jwt::new(&fake.ports, options());
    for (audience, is_issued) in [
        (None, true),
        (Some("https://auth.example.com"), true),
        (Some("https://api.example.com"), false),
    ] {
        let view = Map::from_iter([("plan".to_owned(), json!("pro"))]);
        let issued = jwt.issue(&a_user(), view, &a_session(), audience).await;
        let has_plan = issued.is_ok_and(|token| token.contains(r#""plan":"pro""#));
        assert_eq!(has_plan, is_issued, "{audience:?}");
    }
}
