//! Indexes whose creation blocks writes for long.

use portcullis_persistence::migrations::{migrate, slow_indexes};

use super::{CORE, Schema, undeclared};

const MANY_SESSIONS: &str = "UPDATE pg_class SET reltuples = 1000001 WHERE relname = 'session'";
const BY_HAND: [&str; 2] = [
    r#"CREATE INDEX CONCURRENTLY "portcullis_session_expiresAt_idx" ON "session" ("expiresAt");"#,
    r#"CREATE INDEX CONCURRENTLY "portcullis_session_userId_createdAt_idx" ON "session" ("userId", "createdAt", "id");"#,
];

#[test]
fn a_missing_index_on_a_big_table_is_reported() {
    let schema = Schema::made_by(CORE);
    let slow = || slow_indexes(&schema.url, &undeclared()).unwrap();
    assert_eq!(slow(), [""; 0], "indexes on small tables are not reported");
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
    assert_eq!(
        slow(),
        [""; 0],
        "an index that no pending migration creates is not reported"
    );
}
