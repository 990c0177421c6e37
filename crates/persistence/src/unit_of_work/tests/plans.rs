//! Query plans of statements whose cost must not grow with the number of a user's sessions.

use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query, sql_types::Text};
use portcullis_application::ports::Repositories;
use portcullis_domain::id::UserId;

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

/// Returns the custom and the generic plan of the statement that the store has prepared.
fn plans_of_list(connection: &mut PgConnection) -> QueryResult<Vec<String>> {
    let prepared = sql_query(
        "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%\"session\"%LIMIT%' AND name LIKE '__diesel%'",
    );
    let Prepared { name } = prepared.get_result(connection)?;
    let mut plans = Vec::new();
    for mode in ["force_custom_plan", "force_generic_plan"] {
        sql_query(format!("SET plan_cache_mode = {mode}")).execute(connection)?;
        plans.push(plan(
            connection,
            &format!("EXECUTE {name}('one', '2020-01-01', 100)"),
        )?);
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
    let plans = read.run("plans", plans_of_list).await.unwrap();
    assert_eq!(plans.len(), 2);
    for plan in plans {
        assert!(plan.contains(INDEX) && !plan.contains("Sort"), "{plan}");
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
    use diesel::connection::SimpleConnection as _;
    connection.batch_execute(MANY_SESSIONS)
}
