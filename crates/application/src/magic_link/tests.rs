use portcullis_domain::{session::Session, token::OneTimeToken};

use super::*;
use crate::{
    sign_in::{AddressSignedIn, completion::Outcome},
    testing::{
        FakePorts, MemoryStore, ServiceOptions, Services,
        fixtures::{a_session, a_user, a_verified_user, an_account, message_options, silent_message_options},
        seams::refusing,
    },
};

const OPTIONS: MagicLinkOptions = MagicLinkOptions {
    expires_in: TimeDelta::minutes(5),
    may_sign_up: true,
    token_form: TokenForm::Plain,
    confirms: false,
};

struct Fixture {
    store: MemoryStore,
    fake: FakePorts<MemoryStore>,
    links: MagicLinks,
}

fn fixture_of(
    store: &MemoryStore,
    options: MagicLinkOptions,
    messages: MessageOptions,
    services: ServiceOptions,
) -> Fixture {
    let fake = FakePorts::with_store(store.clone());
    let Services {
        users,
        completion,
        credentials,
    } = Services::new(&fake.ports, services);
    let fields = portcullis_domain::additional::FieldSchema::default();
    let sign_in = Arc::new(AddressSignIn::new(users, completion, credentials, fields));
    Fixture {
        store: store.clone(),
        links: MagicLinks::new(&fake.ports, sign_in, (options, messages)),
        fake,
    }
}

fn fixture(store: &MemoryStore) -> Fixture {
    fixture_of(store, OPTIONS, message_options(), ServiceOptions::default())
}

fn command() -> SendMagicLink {
    SendMagicLink {
        email: a_user().email,
        name: Some("Countess".to_owned()),
        callback: None,
        new_user_callback: None,
        error_callback: None,
    }
}

impl Fixture {
    async fn send(&self) -> Result<(), SendLinkError> {
        self.links.send(&command(), &RequestContext::default()).await
    }

    /// The token of the last message.
    async fn sent(&self) -> OneTimeToken {
        self.send().await.unwrap();
        let messages = self.store.messages();
        let message = messages.last().unwrap();
        OneTimeToken::new(message.link().unwrap().token.expose().clone())
    }

    async fn follow(&self, token: &OneTimeToken) -> Result<AddressSignedIn, MagicLinkError> {
        self.links.follow(token, &RequestContext::default()).await
    }
}

fn with_ada() -> MemoryStore {
    MemoryStore::with(|rows| {
        rows.users = vec![a_user()];
        rows.accounts = vec![an_account("hash")];
        rows.sessions = vec![a_session()];
    })
}

#[tokio::test]
async fn a_link_signs_a_new_user_up_with_the_requested_name() {
    let fixture = fixture(&MemoryStore::default());
    let token = fixture.sent().await;
    let signed_in = fixture.follow(&token).await.unwrap();
    assert!(signed_in.is_new && matches!(signed_in.outcome, Outcome::Completed(_)));
    let rows = fixture.store.rows();
    let [user] = rows.users.as_slice() else {
        panic!("one user is created");
    };
    assert!(user.email_verified);
    assert_eq!((user.name.as_str(), &user.email), ("Countess", &a_user().email));
    assert!(rows.payload_tokens.is_empty() && rows.sessions.len() == 1);
    let again = fixture.follow(&token).await;
    assert!(matches!(again, Err(MagicLinkError::Invalid)));
}

#[tokio::test]
async fn the_first_link_deletes_credentials_that_another_person_may_have_set() {
    let fixture = fixture(&with_ada());
    let token = fixture.sent().await;
    let signed_in = fixture.follow(&token).await.unwrap();
    let Outcome::Completed(completed) = signed_in.outcome else {
        panic!("the user is signed in");
    };
    assert!(completed.user.email_verified && !signed_in.is_new);
    let rows = fixture.store.rows();
    assert!(rows.accounts.is_empty());
    let tokens = rows
        .sessions
        .iter()
        .map(|session: &Session| session.token.expose());
    assert_eq!(tokens.collect::<Vec<_>>(), [completed.session.token.expose()]);
}

#[tokio::test]
async fn a_verified_user_keeps_accounts_and_sessions() {
    let store = with_ada();
    let store = MemoryStore::with(|rows| {
        *rows = store.rows();
        rows.users = vec![a_verified_user()];
    });
    let fixture = fixture(&store);
    let token = fixture.sent().await;
    fixture.follow(&token).await.unwrap();
    let rows = fixture.store.rows();
    assert_eq!((rows.accounts.len(), rows.sessions.len()), (1, 2));
}

#[tokio::test]
async fn without_sign_up_the_link_of_an_unknown_address_is_used_up() {
    let options = MagicLinkOptions {
        may_sign_up: false,
        ..OPTIONS
    };
    let store = MemoryStore::default();
    let fixture = fixture_of(&store, options, message_options(), ServiceOptions::default());
    let token = fixture.sent().await;
    let error = fixture.follow(&token).await.unwrap_err();
    assert!(matches!(error, MagicLinkError::SignUpDisabled));
    assert!(store.rows().payload_tokens.is_empty() && store.rows().users.is_empty());
}

#[tokio::test]
async fn an_expired_link_is_deleted() {
    let fixture = fixture(&with_ada());
    let token = fixture.sent().await;
    fixture
        .fake
        .clock
        .advance(OPTIONS.expires_in + TimeDelta::milliseconds(1));
    let error = fixture.follow(&token).await.unwrap_err();
    assert!(matches!(error, MagicLinkError::Expired));
    assert!(fixture.store.rows().payload_tokens.is_empty());
}

#[tokio::test]
async fn the_link_of_a_refused_user_stays_valid() {
    let store = with_ada();
    let fixture = fixture_of(&store, OPTIONS, message_options(), refusing("BANNED_USER"));
    let token = fixture.sent().await;
    for _ in 0..2 {
        let signed_in = fixture.follow(&token).await.unwrap();
        assert!(matches!(signed_in.outcome, Outcome::Refused(refusal) if refusal.name == "BANNED_USER"));
    }
    assert_eq!(store.rows().accounts.len(), 1);
}

#[tokio::test]
async fn a_payload_of_another_purpose_is_rejected_and_stays() {
    let fixture = fixture(&with_ada());
    let token = fixture.sent().await;
    let mut unit = fixture.store.begin();
    let row = fixture.store.rows().payload_tokens.remove(0);
    let found = unit
        .payload_tokens()
        .find(row.purpose, &token)
        .await
        .unwrap()
        .unwrap();
    assert!(
        unit.payload_tokens()
            .consume(row.purpose, &token, &found)
            .await
            .unwrap()
    );
    let payload = r#"{"email":"ada@example.com","codeVerifier":"x"}"#.to_owned();
    let foreign = PayloadToken {
        payload: portcullis_domain::secret::Secret::new(payload),
        ..row
    };
    unit.payload_tokens().insert(&foreign).await.unwrap();
    unit.commit().await.unwrap();
    let error = fixture.follow(&token).await.unwrap_err();
    assert!(matches!(error, MagicLinkError::Invalid));
    assert_eq!(fixture.store.rows().payload_tokens.len(), 1);
}

#[tokio::test]
async fn no_link_is_sent_without_a_transport() {
    let store = MemoryStore::default();
    let silent = silent_message_options();
    let fixture = fixture_of(&store, OPTIONS, silent, ServiceOptions::default());
    let error = fixture.send().await.unwrap_err();
    assert!(matches!(error, SendLinkError::MessagesDisabled));
    assert!(store.rows().payload_tokens.is_empty());
}
