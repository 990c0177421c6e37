//! The message queue.

use portcullis_domain::id::MessageId;

use super::after;
use crate::{
    ports::{Sealed, Settlement, Store},
    testing::fixtures::start,
};

/// [`MessageRepository`](crate::ports::MessageRepository)
pub async fn messages_are_taken_when_they_are_due(store: &dyn Store) {
    let mut db = store.autocommit();
    let [first, second] = ["1", "2"].map(MessageId::new);
    for (id, seconds) in [(&first, 0), (&second, 1)] {
        let sealed = Sealed(format!("content of {id}"));
        db.messages().queue(id, &sealed, after(seconds)).await.unwrap();
    }
    let taken = db.messages().take(start(), after(60), 9).await.unwrap();
    let [message] = &taken[..] else {
        unreachable!("one message is due: {taken:?}")
    };
    assert_eq!((&message.id, message.attempts), (&first, 1));
    assert_eq!(message.sealed.0, "content of 1");
    // The lease of the first has not ended.
    let taken = db.messages().take(after(1), after(60), 9).await.unwrap();
    assert!(taken.iter().map(|message| &message.id).eq([&second]));

    let retry = Settlement::Retry(after(10));
    db.messages().settle(&first, retry, after(2)).await.unwrap();
    db.messages()
        .settle(&second, Settlement::Dead, after(2))
        .await
        .unwrap();
    let taken = db.messages().take(after(99), after(200), 9).await.unwrap();
    let attempts: Vec<_> = taken
        .iter()
        .map(|message| (&message.id, message.attempts))
        .collect();
    assert_eq!(attempts, [(&first, 2)]);
    db.messages()
        .settle(&first, Settlement::Done, after(99))
        .await
        .unwrap();
    assert_eq!(db.messages().delete_old(after(1), 9).await.unwrap(), 0);
    assert_eq!(db.messages().delete_old(after(2), 9).await.unwrap(), 1);
}
