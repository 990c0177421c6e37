//! The queries to PostgreSQL's catalogue. `$1` is a schema; `$2` and `$3` are the schema and the name of the table of
//! users.

/// The columns of tables and views.
pub(super) const COLUMNS: &str = "
    SELECT c.relname::text AS place, a.attname::text AS name,
        format_type(a.atttypid, a.atttypmod) AS kind, a.attnotnull AS is_required,
        a.atthasdef OR a.attidentity <> '' AS has_default
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped";

/// The columns with a unique index of their own.
pub(super) const UNIQUE: &str = "
    SELECT c.relname::text AS place, a.attname::text AS name
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE n.nspname = $1 AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indnkeyatts = 1
        AND i.indpred IS NULL AND i.indexprs IS NULL";

/// The columns that reference a user, with ON DELETE CASCADE.
pub(super) const CASCADES: &str = "
    SELECT c.relname::text AS place, a.attname::text AS name
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
    JOIN pg_class r ON r.oid = k.confrelid AND r.relname = $3
    JOIN pg_namespace m ON m.oid = r.relnamespace AND m.nspname = $2
    JOIN pg_attribute f ON f.attrelid = r.oid AND f.attnum = k.confkey[1] AND f.attname = 'id'
    WHERE n.nspname = $1 AND k.contype = 'f' AND cardinality(k.conkey) = 1 AND k.confdeltype = 'c'";

/// The tables of the same schema that foreign keys reference.
pub(super) const REFERENCES: &str = "
    SELECT c.relname::text AS place, r.relname::text AS name
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class r ON r.oid = k.confrelid AND r.relnamespace = n.oid
    WHERE n.nspname = $1 AND k.contype = 'f'";

/// The privileges on tables that the role lacks. A grant on columns is sufficient.
pub(super) const REFUSED: &str = "
    SELECT c.relname::text AS place, w.what AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS w (what)
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v') AND NOT has_table_privilege(c.oid, w.what)
        AND (w.what = 'DELETE' OR NOT has_any_column_privilege(c.oid, w.what))
    ORDER BY array_position(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'], w.what)";

/// The tables with row-level security that applies to the role.
pub(super) const HIDDEN: &str = "
    SELECT c.relname::text AS place, '' AS name
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND row_security_active(c.oid)";
