use chrono::{DateTime, Utc};
use portcullis_domain::{
    additional::AdditionalFields,
    email::EmailAddress,
    id::{SessionId, UserId},
};

use super::*;
use crate::session_cache::SessionCache;

fn user(name: &str) -> User {
    User {
        id: UserId::new(name),
        name: name.to_owned(),
        email: EmailAddress::parse(&format!("{name}@example.com")).unwrap(),
        email_verified: true,
        image: None,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        updated_at: DateTime::<Utc>::UNIX_EPOCH,
        additional: AdditionalFields::default(),
    }
}

fn session(token: &str, user: &User) -> Session {
    Session {
        id: SessionId::new(format!("session-{token}")),
        token: SessionToken::new(token),
        user_id: user.id.clone(),
        expires_at: DateTime::<Utc>::UNIX_EPOCH,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        updated_at: DateTime::<Utc>::UNIX_EPOCH,
        ip_address: None,
        user_agent: None,
        additional: AdditionalFields::default(),
    }
}

/// Returns entries with the sessions `NAME-1` and `NAME-2` of each user.
fn with_sessions_of(names: &[&str]) -> Entries {
    let entries = Entries::new(100);
    for user in names.iter().map(|name| user(name)) {
        for number in 1..=2 {
            let session = session(&format!("{}-{number}", user.name), &user);
            entries.insert(&session, &user, 0);
        }
    }
    entries
}

fn find(entries: &Entries, token: &str) -> Option<(Session, User)> {
    let token = SessionToken::new(token);
    let entry = entries.find(TokenHash::of(&token))?;
    Some(entry.with_token(&token))
}

fn found<'a>(entries: &Entries, tokens: &[&'a str]) -> Vec<&'a str> {
    let is_found = |token: &&&str| find(entries, token).is_some();
    tokens.iter().filter(is_found).copied().collect()
}

const TOKENS: [&str; 4] = ["jane-1", "jane-2", "john-1", "john-2"];

#[test]
fn an_entry_is_the_stored_session_with_its_token_and_its_user() {
    let entries = with_sessions_of(&["jane"]);
    let jane = user("jane");
    let (found, user) = find(&entries, "jane-1").unwrap();
    let stored = session("jane-1", &jane);
    assert_eq!(found.token.expose(), "jane-1");
    assert_eq!(format!("{found:?} {user:?}"), format!("{stored:?} {jane:?}"));
    assert!(find(&entries, "jane-3").is_none());
}

#[test]
fn a_change_removes_what_it_concerns_and_nothing_else() {
    for (change, left) in [
        (
            RowChange::of_token(&SessionToken::new("jane-1")),
            &["jane-2", "john-1", "john-2"][..],
        ),
        (
            RowChange(Changed::Session(IdHash::of("session-jane-2"))),
            &["jane-1", "john-1", "john-2"],
        ),
        (RowChange::of_user(&UserId::new("jane")), &["john-1", "john-2"]),
        (RowChange::of_user(&UserId::new("joan")), &TOKENS),
        (RowChange::ALL, &[]),
    ] {
        let entries = with_sessions_of(&["jane", "john"]);
        entries.apply(change);
        assert_eq!(found(&entries, &TOKENS), left, "{change:?}");
        assert_eq!(entries.len(), left.len(), "{change:?}");
    }
}

#[test]
fn a_session_that_the_database_does_not_have_leaves_the_cache() {
    let (cache, jane) = (SessionCache::new(100), user("jane"));
    for token in ["jane-1", "jane-2"] {
        cache.entries.insert(&session(token, &jane), &jane, 0);
    }
    cache.forget(&SessionToken::new("jane-1"));
    assert_eq!(found(&cache.entries, &TOKENS), ["jane-2"]);
    let before = cache.entries.changes();
    cache.forget(&SessionToken::new("jane-3"));
    assert_eq!(
        cache.entries.changes(),
        before,
        "an unknown token changes nothing"
    );
}

#[test]
fn a_session_that_changes_while_it_is_read_is_not_stored() {
    let entries = with_sessions_of(&["jane"]);
    let john = user("john");
    let before = entries.changes();
    entries.apply(RowChange::of_user(&john.id));
    entries.insert(&session("john-1", &john), &john, before);
    assert!(find(&entries, "john-1").is_none());
    entries.insert(&session("john-1", &john), &john, entries.changes());
    assert!(find(&entries, "john-1").is_some());
}

#[test]
fn a_session_is_stored_although_another_session_changed() {
    let entries = Entries::new(100);
    let john = user("john");
    let before = entries.changes();
    entries.apply(RowChange::of_user(&UserId::new("jane")));
    entries.insert(&session("john-1", &john), &john, before);
    assert!(find(&entries, "john-1").is_some());
}

#[test]
fn the_number_of_entries_is_limited_and_those_in_use_stay() {
    let entries = Entries::new(10);
    let jane = user("jane");
    let store = |number: u32| {
        let session = session(&number.to_string(), &jane);
        entries.insert(&session, &jane, entries.changes());
    };
    store(0);
    for number in 1..1000 {
        store(number);
        assert!(find(&entries, "0").is_some(), "the session that is used is kept");
    }
    assert_eq!(entries.len(), 10);
}

#[test]
fn a_session_that_changes_again_and_again_takes_no_memory() {
    let entries = Entries::new(10);
    let jane = user("jane");
    for _ in 0..10_000 {
        entries.insert(&session("jane-1", &jane), &jane, entries.changes());
        entries.apply(RowChange::of_user(&jane.id));
    }
    assert_eq!(entries.len(), 0);
    let queue = entries.index().queue.len();
    assert!(queue <= 2 * 10 + SHARDS + 1, "{queue}");
}

#[test]
fn a_dump_of_the_cache_contains_no_token() {
    let entries = Entries::new(10);
    let jane = user("jane");
    let mut session = session("SeCrEt-ToKeN", &jane);
    session.id = SessionId::new("1");
    entries.insert(&session, &jane, 0);
    assert_eq!(entries.len(), 1);
    let entry = entries.find(TokenHash::of(&session.token)).unwrap();
    assert_eq!(entry.session.token.expose(), "");
}
