//! Parallel uses of one key, at two replicas.

use futures_util::future::join_all;

use super::*;

const REQUESTS: usize = 20;

/// The codes of so many parallel verifications.
async fn together(servers: [&TestServer; 2], key: &Key) -> Vec<String> {
    let uses = (0..REQUESTS).map(|number| refusal(servers[number % 2], key));
    join_all(uses).await
}

fn valid(codes: &[String]) -> usize {
    codes.iter().filter(|code| code.is_empty()).count()
}

#[tokio::test]
async fn of_many_parallel_uses_of_the_last_one_exactly_one_is_valid() {
    let server = with_plugin().start();
    let replica = with_plugin().replica_of(&server).start();
    server.signed_up("ada").await;
    for _ in 0..3 {
        let key = create_for_ada(&server, json!({ "remaining": 1, "rateLimitEnabled": false })).await;
        let codes = together([&server, &replica], &key).await;
        assert_eq!(valid(&codes), 1, "{codes:?}");
    }
}

#[tokio::test]
async fn no_parallel_use_is_lost() {
    let server = with_plugin().start();
    let replica = with_plugin().replica_of(&server).start();
    server.signed_up("ada").await;
    let key = create_for_ada(&server, json!({ "remaining": 100, "rateLimitMax": 1000 })).await;
    let codes = together([&server, &replica], &key).await;
    assert_eq!(valid(&codes), REQUESTS, "{codes:?}");
    let row = r#"(select "remaining" || ' ' || "requestCount" from "apikey")"#;
    assert_eq!(server.shown(row).as_deref(), Some("80 20"));
}

#[tokio::test]
async fn parallel_uses_do_not_exceed_the_rate_limit() {
    let server = with_plugin().start();
    let replica = with_plugin().replica_of(&server).start();
    server.signed_up("ada").await;
    let key = create_for_ada(&server, json!({ "rateLimitMax": 7 })).await;
    let codes = together([&server, &replica], &key).await;
    assert_eq!(valid(&codes), 7, "{codes:?}");
}

#[tokio::test]
async fn parallel_creations_do_not_exceed_the_limit_of_keys() {
    let limited = || with_plugin().set("PORTCULLIS_PLUGINS__API_KEY__MAX_PER_USER", "3");
    let server = limited().start();
    let ada = server.signed_up("ada").await;
    let creations = (0..REQUESTS).map(|_| post(&ada, "create", json!({})));
    let answers = join_all(creations).await;
    let created = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((created, server.rows(r#"select 1 from "apikey""#)), (3, 3));
}
