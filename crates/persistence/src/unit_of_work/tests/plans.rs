//! Query plans of statements whose cost must not grow with the number of a user's sessions, or of all rows.

use std::sync::Arc;

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl, connection::SimpleConnection as _, sql_query,
    sql_types::Text,
};
use portcullis_application::{ports::Repositories, statistics::Statistics};
use portcullis_domain::{id::UserId, token::SessionToken};

use super::Fixture;
use crate::session::DELETE_OLDEST;

const INDEX: &str = r#"Index Scan Backward using "portcullis_session_userId_createdAt_idx""#;
const MANY_SESSIONS: &str = r#"
    INSERT INTO "user" ("id", "name", "email", "emailVerified") VALUES ('one', '', 'one', true), ('two', '', 'two', true);
    INSERT INTO "session" ("id", "token", "userId", "expiresAt", "createdAt", "updatedAt")
    SELECT 's' || n, 't' || n, CASE WHEN n % 1000 = 0 THEN 'two' ELSE 'one' END,
        now() + interval '1 day', now() - n * interval '1 second', now() FROM generate_series(1, 30000) AS n;
    ANALYZE "session"
"#;

/// The kinds of databases in `tests/compat/adopt/databases` whose tables an adoption finds by itself.
pub(crate) const ADOPTED: [&str; 8] = [
    "better-auth-1.2",
    "drizzle",
    "drizzle-plural",
    "drizzle-schema",
    "drizzle-uuid",
    "kysely-schema",
    "kysely-uuid",
    "prisma",
];
/// The values are converted to the types of the columns.
const MANY_USERS: &str = r#"
    INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
    SELECT r."id", r."name", r."email", true, now(), now() FROM generate_series(1, 10000) AS n,
        jsonb_populate_record(NULL::"user", jsonb_build_object(
            'id', md5(n::text)::uuid, 'name', 'n', 'email', n || '@example.com')) AS r;
    INSERT INTO "session" ("id", "token", "userId", "expiresAt", "createdAt", "updatedAt")
    SELECT r."id", r."token", r."userId", now() + interval '1 day', now(), now() FROM generate_series(1, 10000) AS n,
        jsonb_populate_record(NULL::"session", jsonb_build_object(
            'id', md5(n::text)::uuid, 'token', 't' || n, 'userId', md5(n::text)::uuid)) AS r;
    ANALYZE
"#;

/// An account for each user of [`MANY_USERS`].
const MANY_ACCOUNTS: &str = r#"
    INSERT INTO "account" ("id", "accountId", "providerId", "userId", "createdAt", "updatedAt")
    SELECT r."id", r."accountId", 'github', r."userId", now(), now() FROM generate_series(1, 10000) AS n,
        jsonb_populate_record(NULL::"account", jsonb_build_object(
            'id', md5(n::text)::uuid, 'accountId', n::text, 'userId', md5(n::text)::uuid)) AS r;
    ANALYZE
"#;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

#[derive(QueryableByName)]
struct Prepared {
    #[diesel(sql_type = Text)]
    name: String,
}

fn plan(connection: &mut PgConnection, statement: &str) -> QueryResult<String> {
    let lines: Vec<Line> = sql_query(format!("EXPLAIN {statement}")).load(connection)?;
    Ok(lines.into_iter().map(|line| line.text + "\n").collect())
}

/// Returns the custom and the generic plan of the statement that the store has prepared, for these values.
pub(crate) fn plans(connection: &mut PgConnection, pattern: &str, values: &str) -> QueryResult<Vec<String>> {
    let prepared = sql_query(format!(
        "SELECT name FROM pg_prepared_statements WHERE statement LIKE '{pattern}' AND name LIKE '__diesel%'",
    ));
    let Prepared { name } = prepared.get_result(connection)?;
    let mut plans = Vec::new();
    for mode in ["force_custom_plan", "force_generic_plan"] {
        sql_query(format!("SET plan_cache_mode = {mode}")).execute(connection)?;
        plans.push(plan(connection, &format!("EXECUTE {name}({values})"))?);
    }
    Ok(plans)
}

#[tokio::test]
async fn the_newest_sessions_of_a_user_are_read_from_an_index_without_sorting() {
    let world = Fixture::with_pool_of(1);
    world.read().run("fill", fill).await.unwrap();
    let mut read = world.read();
    let listed = read
        .sessions()
        .list_by_user(&UserId::new("one"), chrono::DateTime::UNIX_EPOCH, 100)
        .await
        .unwrap();
    assert_eq!(listed.len(), 100);
    let of_list =
        |connection: &mut PgConnection| plans(connection, "%\"session\"%LIMIT%", "'one', '2020-01-01', 100");
    let plans = read.run("plans", of_list).await.unwrap();
    assert_eq!(plans.len(), 2);
    for plan in plans {
        assert!(plan.contains(INDEX) && !plan.contains("Sort"), "{plan}");
    }
}

/// The views of an adopted database must not hide the indexes of the application's tables.
#[tokio::test]
async fn a_session_check_on_an_adopted_database_is_one_statement_that_uses_both_unique_indexes() {
    for kind in ADOPTED {
        let world = Fixture::adopted(kind);
        let fill = |connection: &mut PgConnection| connection.batch_execute(MANY_USERS);
        world.read().run("fill", fill).await.unwrap();
        let mut read = world.read();
        let token = SessionToken::new("t4711");
        let statistics = Arc::new(Statistics::default());
        let check = read.sessions().find_by_token(&token);
        let (_session, user) = Arc::clone(&statistics).scope(check).await.unwrap().unwrap();
        assert_eq!(user.email.as_str(), "4711@example.com", "{kind}");
        assert_eq!(statistics.statements(), 1, "{kind}");
        let of_check =
            |connection: &mut PgConnection| plans(connection, "%\"session\"%JOIN%\"user\"%", "'t4711'");
        for plan in read.run("plans", of_check).await.unwrap() {
            let is_lookup = |line: &&str| line.contains("Index Scan using") || line.contains("Index Cond");
            assert_eq!(plan.lines().filter(is_lookup).count(), 4, "{kind}: {plan}");
            assert!(
                !plan.contains("Seq Scan") && !plan.contains("Sort"),
                "{kind}: {plan}"
            );
        }
    }
}

/// An adoption adds the index to the application's table.
#[tokio::test]
async fn an_account_at_a_provider_is_found_with_an_index_also_on_an_adopted_database() {
    let own = ("own", Fixture::with_pool_of(1));
    let adopted = ADOPTED.into_iter().map(|kind| (kind, Fixture::adopted(kind)));
    for (kind, world) in std::iter::once(own).chain(adopted) {
        let fill = |connection: &mut PgConnection| {
            connection.batch_execute(MANY_USERS)?;
            connection.batch_execute(MANY_ACCOUNTS)
        };
        world.read().run("fill", fill).await.unwrap();
        let mut read = world.read();
        let account = read.accounts().find("github", "4711").await.unwrap().unwrap();
        assert_eq!(account.account_id, "4711", "{kind}");
        let of_find =
            |connection: &mut PgConnection| plans(connection, "%\"account\"%LIMIT%", "'4711', 'github', 1");
        for plan in read.run("plans", of_find).await.unwrap() {
            assert!(
                plan.contains("portcullis_account_accountId_idx"),
                "{kind}: {plan}"
            );
            assert!(!plan.contains("Seq Scan"), "{kind}: {plan}");
        }
    }
}

#[tokio::test]
async fn the_sessions_beyond_the_newest_are_found_with_indexes() {
    let world = Fixture::with_pool_of(1);
    world.read().run("fill", fill).await.unwrap();
    let statement = [
        ("$1", "'one'"),
        ("$2", "'2020-01-01'"),
        ("$3", "'s1'"),
        ("$4", "999"),
        ("$5", "100"),
    ]
    .iter()
    .fold(DELETE_OLDEST.to_owned(), |statement, (place, value)| {
        statement.replace(place, value)
    });
    let explain = move |connection: &mut PgConnection| plan(connection, &statement);
    let plan = world.read().run("plan", explain).await.unwrap();
    assert!(plan.contains(INDEX), "{plan}");
    assert!(!plan.contains("Sort") && !plan.contains("Seq Scan"), "{plan}");
}

fn fill(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute(MANY_SESSIONS)
}
