//! Indexes that would keep writers waiting.

use portcullis_persistence::migrations::{migrate, slow_indexes};

use super::{CORE, Schema, undeclared};

const MANY_SESSIONS: &str = "UPDATE pg_class SET reltuples = 1000001 WHERE relname = 'session'";
const BY_HAND: [&str; 2] = [
    r#"CREATE INDEX CONCURRENTLY "portcullis_session_expiresAt_idx" ON "session" ("expiresAt");"#,
    r#"CREATE INDEX CONCURRENTLY "portcullis_session_userId_createdAt_idx" ON "session" ("userId", "createdAt", "id");"#,
];

#[test]
fn an_index_on_a_big_table_is_told_until_it_is_there() {
    let schema = Schema::made_by(CORE);
    let slow = || slow_indexes(&schema.url, &undeclared()).unwrap();
    assert_eq!(slow(), [""; 0], "small tables take no time");
    schema.execute(MANY_SESSIONS);
    assert_eq!(slow(), BY_HAND);
    for statement in BY_HAND {
        schema.execute(statement);
    }
    schema.execute(MANY_SESSIONS);
    assert_eq!(slow(), [""; 0]);
    migrate(&schema.url, &undeclared()).unwrap();
    schema.execute(r#"DROP INDEX "portcullis_session_expiresAt_idx""#);
    schema.execute(MANY_SESSIONS);
    assert_eq!(slow(), [""; 0], "no step would make it");
}
