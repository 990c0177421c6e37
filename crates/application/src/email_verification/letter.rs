//! Letters with a link that proves an address.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    email::EmailAddress,
    email_verification::{EmailLink, LinkRequest},
    message::MessageKind,
    user::User,
    verification::Verification,
};

use crate::{
    message::{Draft, Letter, MessageOptions, Post},
    ports::{Failure, LinkSigner, Ports, Random, RandomExt, Repositories},
};

/// Writes such letters.
pub(crate) struct LinkWriter {
    pub(crate) post: Post,
    signer: Arc<dyn LinkSigner>,
    random: Arc<dyn Random>,
    expires_in: TimeDelta,
}

/// Which link, for whom, sent where.
pub(crate) struct Wanted<'a> {
    pub(crate) user: &'a User,
    pub(crate) to: &'a EmailAddress,
    pub(crate) kind: MessageKind,
    pub(crate) request: LinkRequest,
    pub(crate) callback: Option<&'a str>,
}

/// A letter, and the row by which its link is known when it is followed.
pub(crate) struct LinkLetter {
    verification: Verification,
    letter: Letter,
}

impl LinkWriter {
    pub(crate) fn new(ports: &Ports, messages: MessageOptions, expires_in: TimeDelta) -> Self {
        Self {
            post: Post::new(ports, messages),
            signer: Arc::clone(&ports.link_signer),
            random: Arc::clone(&ports.random),
            expires_in,
        }
    }

    pub(crate) fn write(&self, wanted: Wanted<'_>, now: DateTime<Utc>) -> LinkLetter {
        let expires_at = now + self.expires_in;
        let purpose = wanted.request.purpose();
        let link = EmailLink {
            email: wanted.user.email.clone(),
            request: wanted.request,
        };
        let token = self.signer.sign(&link, now, expires_at);
        let draft = Draft {
            kind: wanted.kind,
            to: wanted.to,
            user: wanted.user,
            link: Some(self.post.options.links.verify_email(&token, wanted.callback)),
            expires_at: Some(expires_at),
        };
        LinkLetter {
            letter: self.post.write(draft, now),
            verification: Verification {
                id: self.random.id(),
                purpose,
                secret: token,
                user_id: wanted.user.id.clone(),
                expires_at,
                created_at: now,
            },
        }
    }
}

impl LinkLetter {
    /// Remembers the link and queues the letter.
    pub(crate) async fn queue(&self, db: &mut dyn Repositories, now: DateTime<Utc>) -> Result<(), Failure> {
        db.verifications().insert(&self.verification).await?;
        self.letter.queue(db, now).await
    }
}
