//! Two tabs of one browser, each of which signs in.

use portcullis_testkit::MockProvider;

use super::{STRATEGIES, storing};
use crate::social::{
    ACCOUNTS, SESSIONS, USERS,
    flow::{Flow, open},
    location,
};

#[tokio::test]
async fn two_tabs_in_parallel_both_finish() {
    for strategy in STRATEGIES {
        for is_reversed in [false, true] {
            let mock = MockProvider::for_provider("google");
            let server = storing(strategy, &mock).start();
            let browser = server.anonymous();
            let mut urls = [
                Flow::begin(&browser, "google").await,
                Flow::begin(&browser, "google").await,
            ];
            if is_reversed {
                urls.reverse();
            }
            let context = format!("{strategy}, {is_reversed}");
            for (url, expected) in urls.iter().zip(["/welcome", "/done"]) {
                let answer = open(&browser, &mock.authorize(url)).await;
                assert_eq!(location(&answer), expected, "{context}: {answer}");
            }
            assert_eq!(server.rows(USERS), 1, "{context}");
            assert_eq!(server.rows(ACCOUNTS), 1, "{context}");
            assert_eq!(server.rows(SESSIONS), 2, "{context}");
        }
    }
}
