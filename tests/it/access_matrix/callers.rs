//! The kinds of callers, by the headers with which they present themselves.

use portcullis_testkit::{Caller, SERVICE_SECRET, basic};
use serde_json::json;

use super::world::{World, reader_secret};

pub(super) struct Who {
    pub(super) name: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl Who {
    fn new(name: &'static str, header: &'static str, value: String) -> Self {
        Self {
            name,
            headers: vec![(header, value)],
        }
    }

    fn with_cookies(name: &'static str, caller: &Caller) -> Self {
        Self::new(name, "cookie", caller.cookies())
    }
}

/// Returns the callers, those with the fewest rights first. The legend of the table describes them.
pub(super) async fn callers(world: &World) -> Vec<Who> {
    let acting = acting(world).await;
    vec![
        Who {
            name: "none",
            headers: Vec::new(),
        },
        Who::with_cookies("user", &world.una),
        Who::with_cookies("member", &world.mia),
        Who::with_cookies("other", &world.otto),
        Who::with_cookies("owner", &world.olga),
        Who::with_cookies("admin", &world.root),
        Who::new("key", "x-api-key", world.key.clone()),
        Who::with_cookies("acting", &acting),
        Who::new("service", "authorization", basic("reader", &reader_secret())),
        Who::new("operator", "authorization", basic("api", SERVICE_SECRET)),
    ]
}

/// An administrator who acts as the owner.
async fn acting(world: &World) -> Caller {
    let root = world.server.signed_in("root").await;
    let body = json!({ "userId": world.named("OLGA_ID") });
    let answer = root.post("/admin/impersonate-user", &body).send().await;
    assert_eq!(answer.status, 200, "{answer}");
    world.enter("olga", "acme");
    root
}
