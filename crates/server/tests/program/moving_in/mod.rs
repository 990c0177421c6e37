//! The commands of `docs/moving-in.md`: each block is run as it stands there.

mod origins;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use diesel::{
    Connection, PgConnection, QueryableByName, RunQueryDsl, connection::SimpleConnection, sql_query,
    sql_types::Text,
};
use portcullis_test_database::TestDatabase;
use tempfile::TempDir;

use self::origins::{ORIGINS, Origin};
use crate::support::{Running, in_production, stderr, stdout};

const PAGE: &str = include_str!("../../../../../docs/moving-in.md");
const PROGRAM: &str = env!("CARGO_BIN_EXE_portcullis");
const SIGN_UP: &str = r#"{"name":"N","email":"n@example.com","password":"correct horse battery"}"#;

/// A user whom the database has before an import, and whose address each export contains.
const EXISTING: &str = r#"
    INSERT INTO "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
    VALUES ('existing', 'Taken', 'taken@example.com', true, '2020-01-01 00:00:00Z', '2020-01-01 00:00:00Z')"#;

/// The users and accounts, as `expected.txt` of each origin shows them.
const ROWS: &str = r#"
    SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") AS text FROM (
        SELECT concat_ws(' | ', 'user', "id", to_json("name"), "email", "emailVerified", coalesce("image", '-'),
            CASE WHEN "createdAt" > now() - interval '1 hour' THEN 'now'
                ELSE to_char("createdAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END,
            CASE WHEN "updatedAt" > now() - interval '1 hour' THEN 'now'
                ELSE to_char("updatedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END) AS line
        FROM "user"
        UNION ALL
        SELECT concat_ws(' | ', 'account', "userId", "providerId", "accountId", coalesce("password", '-'))
        FROM "account"
    ) AS lines"#;

/// Every row that an import could change.
const DIGEST: &str = r#"
    SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") AS text FROM (
        SELECT to_jsonb(t)::text AS line FROM "user" AS t
        UNION ALL SELECT to_jsonb(t)::text FROM "account" AS t
        UNION ALL SELECT to_jsonb(t)::text FROM "session" AS t
        UNION ALL SELECT to_jsonb(t)::text FROM "verification" AS t
    ) AS lines"#;

/// Schemas, columns and indexes.
const SHAPE: &str = r"
    SELECT string_agg(line, E'\n' ORDER BY line) AS text FROM (
        SELECT format('%s.%s.%s %s %s', table_schema, table_name, column_name, data_type, is_nullable) AS line
        FROM information_schema.columns WHERE table_schema NOT IN ('information_schema', 'pg_catalog')
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname <> 'pg_catalog'
        UNION ALL SELECT format('schema %s', nspname) FROM pg_namespace
            WHERE nspname NOT LIKE 'pg\_temp%' AND nspname NOT LIKE 'pg\_toast%'
    ) AS lines";

#[derive(QueryableByName)]
struct Digest {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The blocks of code in a language under a heading of the page, up to the next heading.
fn blocks(heading: &str, language: &str) -> Vec<String> {
    let (_, section) = PAGE.split_once(&format!("\n{heading}\n")).unwrap();
    let section = section.split("\n#").next().unwrap();
    let fence = format!("\n```{language}\n");
    let rest = section.split(&fence).skip(1);
    rest.map(|block| block.split("\n```").next().unwrap().to_owned())
        .collect()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// A folder with the scripts, the database of the server, and a database from which users come.
struct World {
    directory: TempDir,
    database: TestDatabase,
    source: TestDatabase,
}

impl World {
    fn with(database: TestDatabase) -> Self {
        let world = Self {
            directory: tempfile::tempdir().unwrap(),
            database,
            source: TestDatabase::empty(),
        };
        copy(&repository().join("docs/moving-in"), &world.path("moving-in"));
        world
    }

    /// Returns the world of an origin, with its export.
    fn of(origin: &Origin) -> Self {
        let world = Self::with(TestDatabase::new());
        let folder = repository().join("crates/server/tests/program/moving_in");
        copy(&folder.join(origin.folder), world.directory.path());
        if let Ok(sql) = fs::read_to_string(world.path("source.sql")) {
            let mut connection = PgConnection::establish(world.source.url()).unwrap();
            connection.batch_execute(&sql).unwrap();
        }
        for file in blocks(origin.section, "toml") {
            fs::write(world.path("portcullis.toml"), file).unwrap();
        }
        world.execute(EXISTING);
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn connection(&self) -> PgConnection {
        PgConnection::establish(self.database.url()).unwrap()
    }

    fn execute(&self, sql: &str) {
        self.connection().batch_execute(sql).unwrap();
    }

    fn text(&self, query: &str) -> String {
        let digest = sql_query(query).get_result::<Digest>(&mut self.connection());
        digest.unwrap().text
    }

    /// Runs a block, except the lines that set the URL of a database.
    fn run(&self, block: &str) -> Output {
        let lines = block.lines().filter(|line| !line.starts_with("export "));
        let script = lines.collect::<Vec<_>>().join("\n");
        let program = in_production(self.directory.path(), self.database.url());
        let variables = program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?)));
        let folder = Path::new(PROGRAM).parent().unwrap();
        Command::new("sh")
            .args(["-e", "-c", &script])
            .current_dir(self.directory.path())
            .env_clear()
            .envs(variables)
            .env(
                "PATH",
                format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display()),
            )
            .env("SUPABASE_URL", self.source.url())
            .env("DJANGO_URL", self.source.url())
            .output()
            .unwrap()
    }

    /// Runs a block and returns what it printed, without spaces at the ends of lines.
    fn succeed(&self, block: &str) -> String {
        let output = self.run(block);
        assert!(
            output.status.success(),
            "{block}: {}{}",
            stdout(&output),
            stderr(&output)
        );
        let printed = stdout(&output);
        printed
            .lines()
            .map(|line| line.trim_end().to_owned() + "\n")
            .collect()
    }

    fn serve(&self) -> Running {
        let server = Running::start(&mut in_production(self.directory.path(), self.database.url()));
        server.wait_for_status("/health/ready", 200);
        server
    }
}

fn sign_in(server: &Running, (email, password): (&str, &str)) -> u16 {
    let body = format!(r#"{{"email":"{email}","password":"{password}"}}"#);
    server.post("/api/auth/sign-in/email", &body).answer()
}

/// Runs the commands of an origin twice, signs its users in, and goes back.
fn move_in(origin: &Origin) {
    let section = origin.section;
    let [import, undo]: [String; 2] = blocks(section, "sh").try_into().unwrap();
    let world = World::of(origin);
    let before = (world.text(DIGEST), world.text(SHAPE));

    let printed = world.succeed(&import);
    assert!(
        printed.contains(&world.file("report.txt")),
        "{section}: {printed}"
    );
    let rows = world.text(ROWS);
    assert_eq!(rows, world.file("expected.txt").trim_end(), "{section}");
    let imported = world.text(DIGEST);
    let again = world.succeed(&import);
    assert!(again.contains("imported before"), "{section}: {again}");
    assert_eq!(world.text(DIGEST), imported, "{section}");

    let server = world.serve();
    for user in origin.sign_ins {
        assert_eq!(sign_in(&server, user), 200, "{section}: {}", user.0);
    }
    assert_eq!(sign_in(&server, origin.rejected), 401, "{section}");
    drop(server);

    let undone = world.succeed(&undo);
    assert!(undone.starts_with("deleted "), "{section}: {undone}");
    assert_eq!((world.text(DIGEST), world.text(SHAPE)), before, "{section}");
    assert_eq!(world.succeed(&undo), "nothing was imported\n", "{section}");
}

#[test]
fn users_of_each_origin_are_imported_sign_in_and_are_removed_by_the_commands_of_the_page() {
    for origin in &ORIGINS {
        move_in(origin);
    }
}

#[test]
fn passwords_that_auth0_exports_later_are_added_by_a_second_run() {
    let [auth0, ..] = &ORIGINS;
    let world = World::of(auth0);
    let passwords = world.file("auth0-passwords.ndjson");
    let [import, _]: [String; 2] = blocks(auth0.section, "sh").try_into().unwrap();
    fs::write(world.path("auth0-passwords.ndjson"), "").unwrap();
    world.succeed(&import);
    world.execute("DELETE FROM \"user\" WHERE \"email\" = 'euclid@example.com'");
    assert!(!world.text(ROWS).contains("credential"));

    fs::write(world.path("auth0-passwords.ndjson"), passwords).unwrap();
    world.succeed(&import);
    let rows = world.text(ROWS);
    assert_eq!(rows.matches("credential").count(), 1, "{rows}");
    assert!(
        !rows.contains("euclid"),
        "a deleted user was imported again: {rows}"
    );
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_database_unchanged() {
    let [auth0, ..] = &ORIGINS;
    let world = World::of(auth0);
    let before = (world.text(DIGEST), world.text(SHAPE));
    let [import, _]: [String; 2] = blocks(auth0.section, "sh").try_into().unwrap();
    for line in ["{\"_id\":", "\\."] {
        fs::write(world.path("auth0-passwords.ndjson"), format!("{{}}\n{line}\n")).unwrap();
        let output = world.run(&import);
        assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
        let error = stderr(&output);
        let named = error.contains("line 2 of auth0-passwords.ndjson is not valid JSON");
        assert!(named, "{line}: {error}");
        assert_eq!((world.text(DIGEST), world.text(SHAPE)), before, "{line}");
    }
}

#[test]
fn rows_that_a_trigger_discards_are_reported() {
    let [auth0, ..] = &ORIGINS;
    let world = World::of(auth0);
    world.execute(
        r#"CREATE FUNCTION discard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER discard BEFORE INSERT ON "user" FOR EACH ROW
            WHEN (NEW."email" = 'grace@example.com') EXECUTE FUNCTION discard();
        CREATE TRIGGER discard BEFORE INSERT ON "account" FOR EACH ROW
            WHEN (NEW."providerId" = 'google') EXECUTE FUNCTION discard()"#,
    );
    let [import, _]: [String; 2] = blocks(auth0.section, "sh").try_into().unwrap();
    let printed = world.succeed(&import);
    let discarded = "skipped: a trigger of the database discarded it";
    assert!(printed.contains(&format!("     1 | {discarded}\n")), "{printed}");
    let account = format!("        1 | google     | {discarded}\n");
    assert!(printed.contains(&account), "{printed}");
}

#[test]
fn an_import_refuses_an_adopted_database() {
    let [auth0, ..] = &ORIGINS;
    let world = World::of(auth0);
    world.execute("CREATE SCHEMA other; CREATE TABLE other.portcullis_adoption ()");
    let before = world.text(DIGEST);
    let output = world.run("portcullis psql -X -f moving-in/auth0.sql");
    assert_eq!(output.status.code(), Some(3), "{}", stdout(&output));
    let error = stderr(&output);
    assert!(error.contains("into an adopted database"), "{error}");
    assert_eq!(world.text(DIGEST), before);
}

/// Runs the commands that take over a database, serves it, and goes back.
fn take_over(kind: &str, file: &str, search_path: &str, apply: &str, undo: &str) {
    let world = World::with(TestDatabase::empty());
    let folder = repository().join("tests/compat/adopt/databases");
    world.execute(&fs::read_to_string(folder.join(file)).unwrap());
    world.execute(search_path);
    let before = world.text(SHAPE);
    world.succeed(apply);
    assert_ne!(world.text(SHAPE), before, "{kind}");
    let server = world.serve();
    assert_eq!(
        server.post("/api/auth/sign-up/email", SIGN_UP).answer(),
        200,
        "{kind}"
    );
    assert_eq!(
        sign_in(&server, ("n@example.com", "correct horse battery")),
        200,
        "{kind}"
    );
    drop(server);
    world.succeed(undo);
    assert_eq!(world.text(SHAPE), before, "{kind}");
}

#[test]
fn databases_are_taken_over_and_given_back_by_the_commands_of_the_page() {
    let [migrate, undo]: [String; 2] = blocks("## Take over tables of Better Auth's migration", "sh")
        .try_into()
        .unwrap();
    let search_path = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = auth', current_database()); \
                       END $$";
    take_over("kysely", "kysely-schema.sql", search_path, &migrate, &undo);
    let [adopt]: [String; 1] = blocks("## Adopt a database", "sh").try_into().unwrap();
    let [undo]: [String; 1] = blocks("### Go back", "sh").try_into().unwrap();
    for kind in ["drizzle", "prisma", "better-auth-1.2"] {
        take_over(kind, &format!("{kind}.sql"), "SELECT 1", &adopt, &undo);
    }
}
