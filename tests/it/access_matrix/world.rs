//! The users, organizations and keys that the requests of the matrix name.

use portcullis_testkit::{Caller, SERVICE_SECRET, TestServer};
use serde_json::json;

/// What can be permitted in organizations.
const AC: &str = r#"{"organization":["update","delete"],"member":["create","update","delete"],"invitation":["create","cancel"],"team":["create","update","delete"],"ac":["create","read","update","delete"]}"#;

/// Both organizations, the members and teams of one of them, and the invitation of Una.
const ORGANIZATIONS: &str = r#"
update "user" set "emailVerified" = true;
update "user" set "role" = 'admin' where "name" = 'root';
insert into "organization" ("id", "name", "slug", "createdAt")
    select name, name, name, '2026-01-01' from unnest(array['acme', 'other']) as name;
insert into "member" ("id", "organizationId", "userId", "role", "createdAt")
    select place || '-' || "name", place, "id", held, '2026-01-01'
    from (values ('acme', 'olga', 'owner'), ('acme', 'mia', 'member'), ('acme', 'tom', 'member'),
        ('other', 'otto', 'admin')) as held (place, who, held) join "user" on "name" = who;
insert into "team" ("id", "name", "organizationId", "createdAt")
    select name, name, 'acme', '2026-01-01' from unnest(array['blue', 'red']) as name;
insert into "teamMember" ("id", "teamId", "userId", "createdAt")
    select 'red-' || "name", 'red', "id", '2026-01-01' from "user" where "name" in ('olga', 'mia', 'tom');
insert into "organizationRole" ("id", "organizationId", "role", "permission", "createdAt")
    values ('helper', 'acme', 'helper', '{"team":["create"]}', '2026-01-01');
insert into "invitation" ("id", "organizationId", "email", "role", "status", "expiresAt", "createdAt", "inviterId")
    select 'invitation', 'acme', 'una@example.com', 'member', 'pending', '2026-01-02', '2026-01-01', "id"
    from "user" where "name" = 'olga';
insert into "account" ("id", "accountId", "providerId", "userId", "accessToken", "createdAt", "updatedAt")
    select upper("name") || '_AT_GOOGLE', upper("name") || '_AT_GOOGLE', 'google', "id", 'secret', '2026-01-01',
    '2026-01-01' from "user" where "name" in ('olga', 'tom');
insert into "passkey" ("id", "publicKey", "userId", "credentialID", "counter", "deviceType", "backedUp")
    select 'olga-passkey', 'key', "id", 'credential', 0, 'singleDevice', false from "user" where "name" = 'olga';
"#;

/// The server, and the users who have sessions.
pub(super) struct World {
    pub(super) server: TestServer,
    /// A user who is in no organization.
    pub(super) una: Caller,
    /// A member of `acme` and of its team `red`.
    pub(super) mia: Caller,
    /// An administrator of the organization `other`.
    pub(super) otto: Caller,
    /// The owner of `acme`.
    pub(super) olga: Caller,
    /// The owner in another browser.
    elsewhere: Caller,
    /// An administrator of the server.
    pub(super) root: Caller,
    /// The text of Olga's key.
    pub(super) key: String,
    /// The placeholders in capitals, with their values.
    names: Vec<(&'static str, String)>,
}

impl World {
    pub(super) async fn new() -> Self {
        let server = TestServer::with_every_feature()
            .set("PORTCULLIS_PLUGINS__ORGANIZATION__AC", AC)
            .set("PORTCULLIS_CLIENTS__READER__SECRET", &reader_secret())
            .start();
        server.signed_up("tom").await;
        let mut world = Self {
            una: server.signed_up("una").await,
            mia: server.signed_up("mia").await,
            otto: server.signed_up("otto").await,
            olga: server.signed_up("olga").await,
            root: server.signed_up("root").await,
            elsewhere: server.signed_in("olga").await,
            key: String::new(),
            names: Vec::new(),
            server,
        };
        world.server.execute(ORGANIZATIONS);
        for (name, organization) in [("mia", "acme"), ("olga", "acme"), ("otto", "other")] {
            world.enter(name, organization);
        }
        world.create_key().await;
        world.name_targets().await;
        world
    }

    /// Lets the user work in the organization, in every session.
    pub(super) fn enter(&self, name: &str, organization: &str) {
        self.server.execute(&format!(
            r#"update "session" set "activeOrganizationId" = '{organization}'
            where "userId" = (select "id" from "user" where "name" = '{name}')"#
        ));
    }

    /// Returns the text with its placeholders replaced by their values.
    pub(super) fn named(&self, text: &str) -> String {
        let names = self.names.iter();
        names.fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    /// Creates Olga's key, and uses it, so that later uses change no row.
    async fn create_key(&mut self) {
        let created = self.olga.post("/api-key/create", &json!({})).send().await;
        created.json()["key"].as_str().unwrap().clone_into(&mut self.key);
        self.server
            .execute(r#"update "apikey" set "id" = 'olga-key', "rateLimitEnabled" = false"#);
        let anonymous = self.server.anonymous();
        let used = anonymous.get("/get-session").header("x-api-key", &self.key);
        assert_eq!(used.send().await.json()["user"]["name"], "olga");
    }

    async fn name_targets(&mut self) {
        let session = self.elsewhere.get("/get-session").send().await.json();
        let other_token = session["session"]["token"].as_str().unwrap().to_owned();
        let id = |name: &str| self.shown(&format!(r#""id" from "user" where "name" = '{name}'"#));
        let token = r#""token" from "session" join "user" on "user"."id" = "userId" where "name" = 'tom'"#;
        self.names = vec![
            ("TOM_ID", id("tom")),
            ("UNA_ID", id("una")),
            ("OLGA_ID", id("olga")),
            ("TOM_TOKEN", self.shown(token)),
            ("OLGA_TOKEN", other_token),
            ("OLGA_KEY", "olga-key".to_owned()),
            ("OLGA_PASSKEY", "olga-passkey".to_owned()),
            ("OLGA_TEXT", self.key.clone()),
        ];
    }

    fn shown(&self, selected: &str) -> String {
        self.server.shown(&format!("select {selected}")).unwrap()
    }
}

/// The secret of a service that is no administrator.
pub(super) fn reader_secret() -> String {
    SERVICE_SECRET.chars().rev().collect()
}
