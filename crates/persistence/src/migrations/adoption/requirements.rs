//! What the statements of a plan need, which the plan checks before any of them is executed.

use std::collections::BTreeMap;

use diesel::{PgConnection, QueryResult, sql_query, sql_types::Text};

use super::{
    columns::Added,
    facts::Facts,
    index::Wanted,
    objects::Objects,
    record::AdoptedTable,
    sql::{lines, quoted},
};
use crate::{database_url::ADOPTION, migrations::catalog::is_true};

/// What the role lacks to create, in the schema `$1` or in the database.
const LACKING: &str = "
    SELECT CASE WHEN n.oid IS NULL THEN 'CREATE on the database' ELSE 'CREATE on the schema \"' || $1 || '\"' END AS line
    FROM (VALUES ($1)) AS w (name) LEFT JOIN pg_namespace n ON n.nspname = w.name
    WHERE NOT coalesce(
        has_schema_privilege(n.oid, 'CREATE'),
        has_database_privilege(current_database(), 'CREATE')
    )";

const TAKEN: &str = "
    SELECT CASE WHEN NOT i.indisvalid THEN 'invalid' ELSE 'taken' END AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE n.nspname = $1 AND c.relname = $2";

const MAY_READ: &str = "
    SELECT has_column_privilege(c.oid, $3, 'SELECT') AS is_true
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";

/// The schemas other than `$1` that have a record `$2`, and a view of the table `$4` in the schema `$3`.
const OTHERS: &str = "
    SELECT DISTINCT w.nspname::text AS line
    FROM pg_class m JOIN pg_namespace w ON w.oid = m.relnamespace
    JOIN pg_class v ON v.relnamespace = w.oid AND v.relkind = 'v' JOIN pg_rewrite r ON r.ev_class = v.oid
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE w.nspname <> $1 AND m.relname = $2 AND n.nspname = $3 AND t.relname = $4
    ORDER BY line";

/// What a plan does, as far as it needs something.
pub(super) struct Work<'a> {
    pub(super) adopted: &'a [AdoptedTable],
    pub(super) facts: &'a BTreeMap<&'a str, Facts>,
    pub(super) added: &'a [Added],
    pub(super) indexes: &'a [&'a Wanted<'a>],
    /// Whether tables are created that reference the users.
    pub(super) references_users: bool,
}

/// Returns the objects of others in a schema that an adoption would create.
pub(super) fn occupied(connection: &mut PgConnection, adopted_schema: &str) -> QueryResult<Option<String>> {
    let foreign = Objects::none(adopted_schema).foreign(connection)?;
    Ok((!foreign.is_empty()).then(|| {
        format!(
            "the schema {} exists, and contains objects that are not the server's ({}): choose another name by \
             `database.adopted_schema`, or move them",
            quoted(adopted_schema),
            foreign.join(", ")
        )
    }))
}

/// Returns a reason for each other schema with an adoption of the same users.
pub(super) fn other_adoptions(
    connection: &mut PgConnection,
    adopted_schema: &str,
    users: &AdoptedTable,
) -> QueryResult<Vec<String>> {
    let others = sql_query(OTHERS)
        .bind::<Text, _>(adopted_schema)
        .bind::<Text, _>(ADOPTION)
        .bind::<Text, _>(&users.schema)
        .bind::<Text, _>(&users.table);
    let others = lines(connection, others)?.into_iter();
    let reasons = others.map(|other| {
        format!(
            "{} is adopted already, by the schema \"{other}\": set `database.adopted_schema = \"{other}\"`, or run \
             `portcullis adopt --undo` with this setting first",
            users.place()
        )
    });
    Ok(reasons.collect())
}

/// Returns what the role lacks to create objects in the schema of the adoption.
pub(super) fn creation(connection: &mut PgConnection, adopted_schema: &str) -> QueryResult<Vec<String>> {
    let lacking = lines(connection, sql_query(LACKING).bind::<Text, _>(adopted_schema))?;
    Ok(lacking
        .into_iter()
        .map(|what| format!("the role of `database.url` needs {what}"))
        .collect())
}

/// Returns what the changes to the application's tables need and lack.
pub(super) fn unmet(connection: &mut PgConnection, work: &Work<'_>) -> QueryResult<Vec<String>> {
    let mut reasons = Vec::new();
    for adopted in work.adopted {
        if let Some(facts) = work.facts.get(adopted.view.as_str()) {
            reasons.extend(of_table(adopted, facts, work));
        }
    }
    for wanted in work.indexes {
        reasons.extend(of_name(connection, wanted)?);
        if wanted.is_unique {
            let facts = work.facts.get(wanted.adopted.view.as_str());
            reasons.extend(of_uniqueness(connection, wanted, facts)?);
        }
    }
    Ok(reasons)
}

fn of_table(adopted: &AdoptedTable, facts: &Facts, work: &Work<'_>) -> Vec<String> {
    let (place, view) = (adopted.place(), &adopted.view);
    let is_indexed = work.indexes.iter().any(|wanted| wanted.adopted.view == *view);
    let is_changed = is_indexed || work.added.iter().any(|added| added.view == *view);
    let reasons = [
        (
            !facts.is_table(),
            format!("{place} is a view, and must be a table"),
        ),
        (
            is_changed && !facts.is_owner,
            format!(
                "only the owner of {place} may add what it lacks: run `portcullis adopt` as \"{}\" or as a superuser",
                facts.owner
            ),
        ),
        (
            is_indexed && !facts.may_create,
            format!(
                "the role of `database.url` needs CREATE on the schema {}, since an index of {place} is in it",
                quoted(&adopted.schema)
            ),
        ),
        (
            view == "user" && work.references_users && !facts.may_reference,
            format!("the role of `database.url` needs REFERENCES on {place}"),
        ),
    ];
    let reasons = reasons.into_iter().filter(|(applies, _)| *applies);
    reasons.map(|(_, reason)| reason).collect()
}

fn of_name(connection: &mut PgConnection, wanted: &Wanted<'_>) -> QueryResult<Option<String>> {
    let taken = sql_query(TAKEN)
        .bind::<Text, _>(&wanted.adopted.schema)
        .bind::<Text, _>(&wanted.name);
    let name = format!("{}.{}", quoted(&wanted.adopted.schema), quoted(&wanted.name));
    Ok(lines(connection, taken)?
        .first()
        .map(|state| match state.as_str() {
            "invalid" => {
                format!("the index {name} is invalid, since its creation was not completed: drop it")
            }
            _ => format!(
                "the name {name} is taken, and the server needs it for an index: rename or drop what has it"
            ),
        }))
}

fn of_uniqueness(
    connection: &mut PgConnection,
    wanted: &Wanted<'_>,
    facts: Option<&Facts>,
) -> QueryResult<Option<String>> {
    let place = wanted.adopted.place();
    let Some(name) = wanted.columns.first() else {
        return Ok(None);
    };
    let column = quoted(name);
    if facts.is_some_and(Facts::is_partitioned) {
        return Ok(Some(format!(
            "{place} is partitioned, so {column} cannot be made unique: the server needs a table without partitions"
        )));
    }
    let may_read = sql_query(MAY_READ)
        .bind::<Text, _>(&wanted.adopted.schema)
        .bind::<Text, _>(&wanted.adopted.table)
        .bind::<Text, _>(name);
    let repeated = format!(
        "SELECT {column}, count(*) FROM {place} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
    );
    let exists = format!("SELECT EXISTS ({repeated}) AS is_true");
    let is_repeated = is_true(connection, may_read)? && is_true(connection, sql_query(exists))?;
    Ok(is_repeated.then(|| {
        format!("{place} has rows with the same {column}, which must be unique; this query shows them: {repeated};")
    }))
}
