//! The active organization and team of a session.

use portcullis_domain::{additional::AdditionalFields, session::Session};
use serde_json::Value;

use super::Organizations;
use crate::{
    client_token::{ClientEffects, SessionEffect},
    ports::{Failure, Repositories},
    session::StrictCaller,
};

impl Organizations {
    /// Sets fields of the caller's session. `None`: the session ended meanwhile.
    pub(super) async fn set_session(
        &self,
        db: &mut dyn Repositories,
        by: &StrictCaller,
        values: &[(&str, Option<&str>)],
    ) -> Result<Option<Session>, Failure> {
        let mut fields = AdditionalFields::default();
        for (name, value) in values {
            fields.set(name, value.map_or(Value::Null, Value::from));
        }
        let token = &by.session().token;
        let now = self.clock.now();
        db.sessions().set_fields(token, &fields, now).await
    }

    /// Makes the client store the changed session for a full lifetime, as in Better Auth.
    pub(super) fn stored(&self, session: Session, by: &StrictCaller, is_remembered: bool) -> ClientEffects {
        let lifetime = is_remembered.then_some(self.session.expires_in);
        SessionEffect::store(session, by.user().clone(), lifetime).into()
    }
}
