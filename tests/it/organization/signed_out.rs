//! Requests without a session. Most of them get 401 without a body; these do not.

use serde_json::json;

use super::{get, post, refused, unread, with_teams};

#[tokio::test]
async fn requests_without_a_session_are_answered_as_by_better_auth() {
    let server = with_teams().start();
    let caller = server.anonymous();
    refused(&caller, "update", json!({ "data": {} }), (401, "USER_NOT_FOUND")).await;
    let answer = post(&caller, "delete", json!({ "organizationId": "x" })).await;
    assert_eq!((answer.status, answer.json()), (401, json!({ "status": 401 })));
    let answer = post(&caller, "remove-team", json!({ "teamId": "x" })).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "null"));
    let named = json!({ "teamId": "x", "organizationId": "y" });
    let answer = post(&caller, "remove-team", named).await;
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
    unread(&caller, "get-invitation?id=x", (401, "NOT_AUTHENTICATED")).await;
    let missing = (400, "MISSING_SESSION_HEADERS_OR_EMAIL_QUERY_PARAMETER");
    unread(&caller, "list-user-invitations", missing).await;
    let answer = get(&caller, "list").await;
    assert_eq!((answer.status, answer.body.as_str()), (401, ""));
}
