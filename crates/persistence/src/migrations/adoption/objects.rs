//! The objects in the schema of an adoption: its own, those of others, and those of others that depend on it.

use diesel::{
    PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query,
    sql_types::{Array, Text},
};

use super::{
    record::{self, Addition, AdoptedTable},
    sql::lines,
    view,
};
use crate::{
    database_url::ADOPTION,
    migrations::{catalog::BOOKKEEPING, expected::TABLES},
    session_cache::triggers,
};

/// The objects of the schema `$1` that have one of the names `$2` (views), `$3` (tables) and `$4` (functions).
macro_rules! own {
    () => {
        "WITH own (class, oid, part, step) AS (
            SELECT 'pg_class'::regclass::oid, c.oid, 0, CASE c.relkind WHEN 'v' THEN 1 ELSE 2 END
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1
                AND (c.relkind = 'v' AND c.relname::text = ANY ($2) OR c.relkind = 'r' AND c.relname::text = ANY ($3))
            UNION ALL SELECT 'pg_operator'::regclass, o.oid, 0, 3
            FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace JOIN pg_proc p ON p.oid = o.oprcode
            WHERE n.nspname = $1 AND p.pronamespace = n.oid AND p.proname::text = ANY ($4)
            UNION ALL SELECT 'pg_proc'::regclass, p.oid, 0, 4
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = $1 AND p.proname::text = ANY ($4)
        )"
    };
}

const OWN: &str = concat!(
    own!(),
    " SELECT i.type AS kind, i.identity AS name FROM own o, pg_identify_object(o.class, o.oid, 0) i
      ORDER BY o.step, (SELECT count(*) FROM pg_constraint k WHERE k.confrelid = o.oid AND k.contype = 'f'), i.identity"
);

const FOREIGN: &str = concat!(
    own!(),
    " SELECT i.type || ' ' || i.identity AS line
      FROM pg_depend d JOIN pg_namespace n ON n.oid = d.refobjid, pg_identify_object(d.classid, d.objid, 0) i
      WHERE d.refclassid = 'pg_namespace'::regclass AND n.nspname = $1 AND d.deptype = 'n'
          AND NOT EXISTS (SELECT FROM own o WHERE o.class = d.classid AND o.oid = d.objid)
          AND NOT EXISTS (
              SELECT FROM pg_class s JOIN pg_depend t ON t.objid = s.oid AND t.classid = 'pg_class'::regclass
              WHERE d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
                  AND t.refclassid = 'pg_class'::regclass AND t.deptype IN ('a', 'i')
          )
      ORDER BY 1"
);

/// The objects that depend on own objects, or on the additions `$5` (schemas), `$6` (tables or indexes) and `$7` (columns).
/// An index or constraint of a column would be dropped with it; that of a unique column belongs to the column.
const DEPENDENTS: &str = concat!(
    own!(),
    ", target (class, oid, part) AS (
        SELECT class, oid, part FROM own
        UNION ALL SELECT 'pg_type'::regclass, t.oid, 0
        FROM own o JOIN pg_type r ON r.typrelid = o.oid AND o.class = 'pg_class'::regclass
        JOIN pg_type t ON t.oid IN (r.oid, r.typarray)
        UNION ALL SELECT 'pg_class'::regclass, c.oid, coalesce(a.attnum, 0)
        FROM unnest($5, $6, $7) AS w (space, name, part)
        JOIN pg_namespace n ON n.nspname = w.space
        JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = w.part
    )
    SELECT DISTINCT i.type || ' ' || i.identity AS line
    FROM target t
    JOIN pg_depend d ON d.refclassid = t.class AND d.refobjid = t.oid AND (t.part = 0 OR d.refobjsubid = t.part)
    LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid AND k.conrelid <> 0
    LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
    LEFT JOIN pg_class y ON d.classid = 'pg_class'::regclass AND y.oid = d.objid
    CROSS JOIN LATERAL (SELECT coalesce(r.ev_class, f.adrelid) AS table) p
    CROSS JOIN LATERAL (
        SELECT CASE WHEN p.table IS NULL THEN d.classid ELSE 'pg_class'::regclass END AS class,
            coalesce(p.table, d.objid) AS oid
    ) x
    CROSS JOIN LATERAL pg_identify_object(x.class, x.oid, 0) i
    WHERE (
            d.deptype = 'n' OR d.deptype = 'a' AND t.part <> 0 AND (
                y.relkind IN ('i', 'I') OR k.contype IN ('c', 'f', 'p', 'x') OR cardinality(k.conkey) > 1
            )
        )
        AND NOT EXISTS (SELECT FROM target o WHERE o.class = x.class AND o.oid = x.oid AND o.part = 0)
        AND NOT EXISTS (SELECT FROM own o WHERE o.class = 'pg_class'::regclass AND o.oid = k.conrelid)
    ORDER BY 1"
);

/// The functions of an adoption.
const FUNCTIONS: [&str; 6] = {
    let [parse, is, is_uuid, is_not] = view::FUNCTIONS;
    let [of_sessions, of_users] = triggers::FUNCTIONS;
    [parse, is, is_uuid, is_not, of_sessions, of_users]
};

/// An object of the adoption.
#[derive(QueryableByName)]
pub(super) struct Object {
    /// Its kind, as in a statement that drops it.
    #[diesel(sql_type = Text)]
    pub(super) kind: String,
    /// Its name with its schema.
    #[diesel(sql_type = Text)]
    pub(super) name: String,
}

/// The names of an adoption's own objects.
pub(super) struct Objects<'a> {
    schema: &'a str,
    views: Vec<&'a str>,
    tables: Vec<&'a str>,
    functions: &'a [&'a str],
}

impl<'a> Objects<'a> {
    /// Returns the objects of an adoption that has recorded these tables.
    pub(super) fn of(schema: &'a str, recorded: &'a [AdoptedTable]) -> Self {
        let tables = TABLES.iter().map(|expected| expected.name);
        Self {
            schema,
            views: recorded.iter().map(|adopted| adopted.view.as_str()).collect(),
            tables: tables.chain([ADOPTION, BOOKKEEPING]).collect(),
            functions: &FUNCTIONS,
        }
    }

    /// Returns no objects, for a schema that is not an adoption's.
    pub(super) const fn none(schema: &'a str) -> Self {
        Self {
            schema,
            views: Vec::new(),
            tables: Vec::new(),
            functions: &[],
        }
    }

    /// Returns only one of the views.
    pub(super) fn view(schema: &'a str, view: &'a str) -> Self {
        Self {
            views: vec![view],
            ..Self::none(schema)
        }
    }

    /// Returns those that exist, in an order in which they can be dropped.
    pub(super) fn own(&self, connection: &mut PgConnection) -> QueryResult<Vec<Object>> {
        let own = sql_query(OWN)
            .bind::<Text, _>(self.schema)
            .bind::<Array<Text>, _>(&self.views)
            .bind::<Array<Text>, _>(&self.tables)
            .bind::<Array<Text>, _>(self.functions);
        own.load(connection)
    }

    /// Returns the other objects of the schema.
    pub(super) fn foreign(&self, connection: &mut PgConnection) -> QueryResult<Vec<String>> {
        let foreign = sql_query(FOREIGN)
            .bind::<Text, _>(self.schema)
            .bind::<Array<Text>, _>(&self.views)
            .bind::<Array<Text>, _>(&self.tables)
            .bind::<Array<Text>, _>(self.functions);
        lines(connection, foreign)
    }

    /// Returns the other objects that depend on these, or on the additions.
    pub(super) fn dependents(
        &self,
        connection: &mut PgConnection,
        additions: &[&Addition],
    ) -> QueryResult<Vec<String>> {
        let schemas: Vec<_> = additions.iter().map(|addition| &addition.schema).collect();
        let (relations, columns): (Vec<_>, Vec<_>) = additions
            .iter()
            .map(|addition| match addition.kind {
                record::Kind::Column => (addition.table.as_str(), addition.name.as_str()),
                record::Kind::Index => (addition.name.as_str(), ""),
            })
            .unzip();
        let dependents = sql_query(DEPENDENTS)
            .bind::<Text, _>(self.schema)
            .bind::<Array<Text>, _>(&self.views)
            .bind::<Array<Text>, _>(&self.tables)
            .bind::<Array<Text>, _>(self.functions)
            .bind::<Array<Text>, _>(&schemas)
            .bind::<Array<Text>, _>(&relations)
            .bind::<Array<Text>, _>(&columns);
        lines(connection, dependents)
    }
}
