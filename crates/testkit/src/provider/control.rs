//! Changes of a running provider by a test, and the requests that the provider has received.

use serde_json::Value;

use super::{ClientAuthentication, Fault, FaultyEndpoint, MockProvider, ReceivedRequest, keys::Keys};

impl MockProvider {
    /// Makes every endpoint that the fault concerns behave wrongly from now on.
    pub fn misbehave(&self, fault: Fault) {
        self.misbehave_at(FaultyEndpoint::All, fault);
    }

    /// Makes one endpoint behave wrongly from now on.
    pub fn misbehave_at(&self, endpoint: FaultyEndpoint, fault: Fault) {
        self.shared.lock().faults.push((endpoint, fault));
    }

    /// Ends all faults.
    pub fn behave(&self) {
        self.shared.lock().faults.clear();
    }

    /// Makes clients authenticate themselves in this way, instead of the real provider's way.
    pub fn expect(&self, authentication: ClientAuthentication) {
        self.shared.lock().authentication = Some(authentication);
    }

    /// Replaces the keys. Tokens of earlier keys cannot be verified any more.
    pub fn rotate_keys(&self) {
        self.shared.lock().keys = Keys::rotated();
    }

    /// Sets the id of the user in profiles and id tokens.
    pub fn set_id(&self, id: &str) {
        self.set("id", id.into());
    }

    /// Sets the address of the user in profiles and id tokens.
    pub fn set_email(&self, email: &str) {
        self.set("email", email.into());
    }

    /// Sets whether the address is verified, in profiles and id tokens that say it.
    pub fn set_email_verified(&self, is_verified: bool) {
        self.set("email_verified", is_verified.into());
    }

    fn set(&self, member: &'static str, value: Value) {
        self.shared.lock().members.push((member, value));
    }

    /// Changes the member at a JSON pointer in the answer of a path that describes the user. `None` removes it.
    pub fn edit(&self, path: &str, pointer: &str, value: Option<Value>) {
        let edit = (path.to_owned(), pointer.to_owned(), value);
        self.shared.lock().edits.push(edit);
    }

    /// Returns the requests so far, the oldest first. [`Self::authorize`] and [`Self::deny`] send none.
    #[must_use]
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.lock().requests.clone()
    }

    /// Returns the requests for tokens so far.
    #[must_use]
    pub fn token_requests(&self) -> Vec<ReceivedRequest> {
        let path = self.shared.shape.text("/exchange/path");
        let requests = self.requests().into_iter();
        requests.filter(|request| request.path == path).collect()
    }

    /// Returns the requests for the user's profile so far.
    #[must_use]
    pub fn user_info_requests(&self) -> Vec<ReceivedRequest> {
        let requests = self.requests().into_iter();
        requests
            .filter(|request| self.shared.describes_user(&request.path))
            .collect()
    }

    /// Returns how many requests with a refresh token were received, whether they were accepted or not.
    #[must_use]
    pub fn refreshes(&self) -> usize {
        self.shared.lock().refreshes
    }
}
