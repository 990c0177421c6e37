//! Who may do what: the answer of each restricted route to each kind of caller.

mod callers;
mod reset;
mod table;
mod world;

use portcullis_testkit::{BASE_URL, Call, Caller};

use crate::requests::{Request, requests};
use callers::{Who, callers};
use table::Table;
use world::World;

/// Builds the request. Words in capitals are placeholders, which are replaced by their values.
fn ask<'a>(caller: &'a Caller, who: &Who, world: &World, (method, path, input): Request) -> Call<'a> {
    let input = world.named(input);
    let call = match method {
        "GET" => caller.get(&format!("{path}{input}")),
        _ if input.starts_with('{') => caller
            .call(method, &format!("/api/auth{path}"))
            .body("application/json", input),
        _ => caller
            .call(method, &format!("/api/auth{path}"))
            .body("application/x-www-form-urlencoded", input),
    };
    let headers = who.headers.iter();
    headers.fold(call.header("origin", BASE_URL), |call, (name, value)| {
        call.header(name, value)
    })
}

/// The snapshot is reviewed: each cell is what the route answers to a caller of that kind, and a note says with which
/// error the request is rejected, or which tables it changed. The rows are the same before each request.
#[tokio::test]
async fn each_kind_of_caller_may_do_what_the_reviewed_table_says() {
    let world = World::new().await;
    let callers = callers(&world).await;
    world.keep();
    let mut table = Table::new(callers.iter().map(|who| who.name));
    for request in requests() {
        let mut cells = Vec::new();
        for who in &callers {
            let anonymous = world.server.anonymous();
            let answer = ask(&anonymous, who, &world, request).send().await;
            cells.push((answer.status, answer.code(), world.restore()));
        }
        table.add(request, &cells);
    }
    insta::assert_snapshot!(table.text());
}
