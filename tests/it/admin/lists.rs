//! Lists and searches of users.

use insta::assert_snapshot;
use portcullis_testkit::{Caller, TestServer};
use serde_json::{Value, json};

use super::{administrator, code, id, refused, with_plugin};

/// Makes users whose names have the wildcards of SQL in them, in the order of their names.
fn fill(server: &TestServer) {
    server.execute(
        r#"insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", role, banned)
        select 'id' || n, (array['Ada', 'a_b', 'a%b', 'axb', 'Zoe'])[n], 'user' || n || '@example.com', n % 2 = 0,
            '2026-01-02'::timestamptz + n * interval '1 day', '2026-01-01', case when n = 5 then 'editor' else 'user' end, n = 3
        from generate_series(1, 5) as n"#,
    );
}

async fn names(caller: &Caller, query: &str) -> String {
    let answer = caller
        .get(&format!("/admin/list-users?{query}"))
        .send()
        .await
        .json();
    let users = answer["users"].as_array().unwrap();
    let names: Vec<_> = users.iter().map(|user| user["name"].as_str().unwrap()).collect();
    format!("{} of {}", names.join(" "), answer["total"])
}

#[tokio::test]
async fn users_are_listed_with_everything_that_clients_see() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    let answer = root.get("/admin/list-users?limit=10&offset=0").send().await;
    assert_snapshot!(answer, @r#"
    200
    cache-control: no-store
    content-type: application/json
    {"users":[{"name":"root","email":"root@example.com","emailVerified":false,"image":null,"createdAt":"2026-01-01T00:00:00.000Z","updatedAt":"2026-01-01T00:00:00.000Z","role":"admin","banned":false,"banReason":null,"banExpires":null,"id":"j9X8DSL2EBfGMtc7B7GGHgVP6yv1Fozn"}],"total":1,"limit":10}
    "#);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of cases")]
async fn users_are_searched_filtered_sorted_and_paged() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    fill(&server);
    for (query, expected) in [
        ("", "root Ada a_b a%25b axb Zoe of 6"),
        (
            "searchValue=A&searchField=name&searchOperator=starts_with",
            "Ada a_b a%25b axb of 4",
        ),
        ("searchValue=ADA&searchField=name", "Ada of 1"),
        ("searchValue=_&searchField=name", "a_b of 1"),
        ("searchValue=%25&searchField=name", "a%25b of 1"),
        (
            "searchValue=E&searchField=name&searchOperator=ends_with",
            "Zoe of 1",
        ),
        ("searchValue=USER1", "Ada of 1"),
        ("filterField=role&filterValue=editor", "Zoe of 1"),
        ("filterField=banned&filterValue=true", "a%25b of 1"),
        (
            "filterField=role&filterOperator=ne&filterValue=user",
            "root Zoe of 2",
        ),
        (
            "filterField=createdAt&filterOperator=gte&filterValue=2026-01-06T00:00:00.000Z",
            "axb Zoe of 2",
        ),
        (
            "filterField=name&filterOperator=contains&filterValue=DA",
            "Ada of 1",
        ),
        ("filterValue=user2@example.com", "a_b of 1"),
        ("sortBy=createdAt&sortDirection=desc&limit=2", "Zoe axb of 6"),
        ("limit=2&offset=1", "Ada a_b of 6"),
        ("limit=0", "root Ada a_b a%25b axb Zoe of 6"),
        ("limit=ten", "root Ada a_b a%25b axb Zoe of 6"),
        (
            "searchValue=user&filterField=banned&filterValue=false&limit=1",
            "Ada of 4",
        ),
        // Conditions that PostgreSQL would reject.
        ("limit=-1", " of 0"),
        ("limit=1.5", " of 0"),
        ("sortBy=password", " of 0"),
        ("filterField=id;--&filterValue=x", " of 0"),
        ("filterField=banned&filterValue=perhaps", " of 0"),
        (
            "filterField=createdAt&filterOperator=gt&filterValue=soon",
            " of 0",
        ),
    ] {
        let expected = expected.replace("%25", "%");
        assert_eq!(names(&root, query).await, expected, "{query}");
    }
    for query in [
        "searchField=id",
        "sortDirection=up",
        "filterOperator=in",
        "limit=1&limit=2",
    ] {
        let answer = root.get(&format!("/admin/list-users?{query}")).send().await;
        assert_eq!(code(&answer), refused(400, "VALIDATION_ERROR"), "{query}");
    }
}

/// Better Auth silently returns the first hundred.
#[tokio::test]
async fn a_list_is_not_cut_at_a_hundred() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    server.execute(
        r#"insert into "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")
        select 'id' || n, 'n', n || '@example.com', false, '2026-01-01', '2026-01-01' from generate_series(1, 150) as n"#,
    );
    let answer = root.get("/admin/list-users").send().await.json();
    assert_eq!(answer["users"].as_array().unwrap().len(), 151);
    assert_eq!(answer["total"], 151);
    assert_eq!(answer["limit"], Value::Null);
}

#[tokio::test]
async fn hidden_fields_are_neither_listed_nor_searched() {
    let file = "[plugins.admin]\n[user.additional_fields.note]\ntype = \"string\"\nrequired = false\nreturned = false\n";
    let server = TestServer::with().file(file).start();
    let root = administrator(&server).await;
    server.execute("update \"user\" set note = 'secret'");
    let listed = root.get("/admin/list-users").send().await;
    assert!(!listed.to_string().contains("secret"));
    for query in ["filterField=note&filterValue=secret", "sortBy=note"] {
        assert_eq!(names(&root, query).await, " of 0", "{query}");
    }
}

#[tokio::test]
async fn a_user_is_shown() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    let ada = id(&server.signed_up("ada").await).await;
    let answer = root.get(&format!("/admin/get-user?id={ada}")).send().await;
    assert_eq!(answer.json()["name"], json!("ada"));
    let answer = root.get("/admin/get-user?id=none").send().await;
    assert_eq!(code(&answer), refused(404, "USER_NOT_FOUND"));
}

#[tokio::test]
async fn no_user_is_found_by_a_time_that_the_database_cannot_store() {
    let server = with_plugin().start();
    let root = administrator(&server).await;
    for field in ["createdAt", "updatedAt", "banExpires"] {
        for value in ["-200000-01-01", "-4713-01-01", "%2B10000-01-01", "0000-01-01"] {
            let query = format!("filterField={field}&filterValue={value}&filterOperator=gt");
            let answer = root.get(&format!("/admin/list-users?{query}")).send().await;
            assert_eq!(
                (answer.status, answer.json()),
                (200, json!({ "users": [], "total": 0 })),
                "{query}"
            );
        }
    }
}
