//! Authentication of services: programs of the deployment that call this server with an id and a secret.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use portcullis_domain::{secret::Secret, service_client::ServiceClientId};

use crate::ports::{Mac, Ports, Purpose, Tag};

/// The tag to compare with if no service has the presented id, so that an unknown id takes the same time. No secret has
/// this tag, except with the probability of a random guess.
const OF_NO_SECRET: Tag = [0; 32];

/// A service that the deployment declares.
#[derive(Clone)]
pub struct ServiceClient {
    /// Its id.
    pub id: ServiceClientId,
    /// Its secret.
    pub secret: Secret<String>,
    /// Whether it may call the routes for administrators.
    pub is_administrator: bool,
}

impl fmt::Debug for ServiceClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceClient({})", self.id)
    }
}

/// The services of a deployment. Only digests of their secrets are kept.
pub struct ServiceClients {
    mac: Arc<dyn Mac>,
    digests: HashMap<ServiceClientId, Tag>,
    administrators: HashSet<ServiceClientId>,
}

impl ServiceClients {
    /// Creates the list of these services.
    #[must_use]
    pub fn new(ports: &Ports, clients: &[ServiceClient]) -> Self {
        let mac = Arc::clone(&ports.mac);
        let digests = clients.iter().map(|client| {
            let secret = client.secret.expose().as_bytes();
            (client.id.clone(), mac.tag(Purpose::ServiceSecret, secret))
        });
        let administrators = clients.iter().filter(|client| client.is_administrator);
        Self {
            digests: digests.collect(),
            administrators: administrators.map(|client| client.id.clone()).collect(),
            mac,
        }
    }

    /// Returns whether the service is an administrator.
    #[must_use]
    pub fn is_administrator(&self, id: &ServiceClientId) -> bool {
        self.administrators.contains(id)
    }

    /// Returns the id of the service that has this id and one of these secrets. `secrets` are the readings of one
    /// presented secret. All are compared, in constant time, and for an unknown id as well, so that the time of an answer
    /// reveals neither an id nor a secret.
    #[must_use]
    pub fn authenticate(&self, id: &str, secrets: &[Secret<String>]) -> Option<ServiceClientId> {
        let known = ServiceClientId::parse(id).filter(|id| self.digests.contains_key(id));
        let digest = known.as_ref().and_then(|id| self.digests.get(id));
        let digest = digest.unwrap_or(&OF_NO_SECRET);

        let is_valid = secrets.iter().fold(false, |is_valid, secret| {
            let secret = secret.expose().as_bytes();
            self.mac.verify(Purpose::ServiceSecret, secret, digest) | is_valid
        });
        if let (Some(client), false) = (&known, is_valid) {
            tracing::info!(
                client = client.as_str(),
                "a request has a wrong secret of a service"
            );
        }
        known.filter(|_| is_valid)
    }
}

#[cfg(test)]
mod tests;
