//! Periodic refresh of the keys that sign JWTs, so that no request has to wait for a key.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use portcullis_application::{jwt::Jwt, ports::Failure};

use crate::chore::{Chore, Work};

/// Returns the chore that refreshes the keys. After its pause, the cached key is still fresh.
pub(crate) fn chore(jwt: Jwt) -> Chore {
    Chore {
        name: "refresh the JWT signing keys",
        every: Duration::from_secs(25),
        work: Arc::new(jwt),
    }
}

#[async_trait]
impl Work for Jwt {
    async fn run(&self) -> Result<(), Failure> {
        self.refresh().await
    }
}

#[cfg(test)]
mod tests {
    use portcullis_application::testing::{FakePorts, FakeStore, FakeUnitOfWork};
    use portcullis_http::Features;

    use super::*;
    use crate::{
        compose,
        config::{Config, Inputs},
        features,
    };

    fn config(variables: &[(&str, &str)]) -> Config {
        let inputs = Inputs {
            environment: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Inputs::default()
        };
        Config::load(&inputs).unwrap()
    }

    #[tokio::test]
    async fn a_round_refreshes_the_keys() {
        let mut unit = FakeUnitOfWork::default();
        unit.jwks
            .expect_list()
            .once()
            .returning(|| Err(Failure::unavailable("away")));
        let fake = FakePorts::with_store(FakeStore::new(vec![unit], Vec::new()));
        let config = config(&[("PORTCULLIS_PLUGINS__JWT__ENABLED", "true")]);
        let enabled = compose::application(&fake.ports, &config, None).unwrap().features;
        let chores: Vec<_> = features::chores(&enabled).collect();
        assert!(chores[0].work.run().await.unwrap_err().is_unavailable());
        assert_eq!(features::deletions(&config).count(), 1);
    }

    #[test]
    fn disabled_jwts_need_no_periodic_work() {
        let config = config(&[]);
        assert_eq!(features::chores(&Features::default()).count(), 0);
        assert_eq!(features::deletions(&config).count(), 0);
    }
}
