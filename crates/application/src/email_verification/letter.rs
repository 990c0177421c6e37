//! Letters with a link that proves an address.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{
    email::EmailAddress,
    email_verification::{EmailLink, LinkRequest},
    message::MessageKind,
    user::User,
};

use crate::{
    message::{MessageOptions, Post, SecretDraft, SecretLetter},
    ports::{LinkSigner, Ports},
};

/// Writes such letters.
pub(crate) struct LinkWriter {
    pub(crate) post: Post,
    signer: Arc<dyn LinkSigner>,
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

impl LinkWriter {
    pub(crate) fn new(ports: &Ports, messages: MessageOptions, expires_in: TimeDelta) -> Self {
        Self {
            post: Post::new(ports, messages),
            signer: Arc::clone(&ports.link_signer),
            expires_in,
        }
    }

    pub(crate) fn write(&self, wanted: Wanted<'_>, now: DateTime<Utc>) -> SecretLetter {
        let expires_at = now + self.expires_in;
        let purpose = wanted.request.purpose();
        let claims = EmailLink {
            email: wanted.user.email.clone(),
            request: wanted.request,
        };
        let secret = self.signer.sign(&claims, now, expires_at);
        let link = self.post.options.links.verify_email(&secret, wanted.callback);
        let draft = SecretDraft {
            purpose,
            secret,
            kind: wanted.kind,
            to: wanted.to,
            user: wanted.user,
            link,
            expires_at,
        };
        self.post.write_secret(draft, now)
    }
}
