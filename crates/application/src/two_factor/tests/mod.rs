mod backup_code;
mod enrolment;
mod message_code;
mod methods;
mod second_step;
mod storage;
mod subject;
mod totp;
mod unit;
mod world;

use chrono::{DateTime, TimeDelta, Utc};
use portcullis_domain::{rate_limit::Denied, secret::Secret, two_factor::TotpPolicy};

use self::world::World;
use super::*;
use crate::{
    client_token::{PresentedToken, TokenEffect, TokenKind},
    code::{CodeOptions, CodeStorage},
    context::RequestContext,
    ports::TwoFactorCodes,
    testing::{
        FakePorts, FakeStore, PlainTwoFactorCodes, ServiceOptions, Services,
        fixtures::{message_options, start},
    },
};

const DENIED: Denied = Denied { retry_after: 600 };
const PASSWORD: &str = "password1";
const NOTHING_ASKED: Presented = Presented {
    trusts_device: false,
    is_remembered: true,
};

fn options() -> TwoFactorOptions {
    TwoFactorOptions {
        issuer: "Portcullis".to_owned(),
        totp: Some(TotpPolicy {
            digits: 6,
            period: 30,
        }),
        message_codes: MessageCodeOptions {
            is_sending: true,
            codes: CodeOptions {
                lifetime: TimeDelta::minutes(3),
                digits: 6,
                allowed_attempts: 5,
                storage: CodeStorage::Plain,
            },
        },
        backup_codes: BackupCodeOptions {
            amount: 10,
            length: 10,
            is_encrypted: true,
        },
        skips_verification: false,
        challenge_lifetime: TimeDelta::minutes(10),
        trust_lifetime: TimeDelta::days(30),
    }
}

fn current_step() -> u64 {
    u64::try_from(start().timestamp()).unwrap() / 30
}

/// The code that an authenticator app shows this number of steps from now.
fn totp_code(steps: i64) -> String {
    format!("secret-{}", current_step().checked_add_signed(steps).unwrap())
}

/// A request with these tokens.
fn presenting(tokens: &[(TokenKind, &str)]) -> RequestContext {
    let tokens = tokens.iter().map(|(kind, value)| PresentedToken {
        kind: *kind,
        purpose: kind.purpose,
        value: Secret::new((*value).to_owned()),
    });
    RequestContext {
        ip_address: "192.0.2.7".to_owned(),
        tokens: tokens.collect(),
        ..RequestContext::default()
    }
}

/// A request of a client whose sign-in waits for its second step.
fn challenged() -> RequestContext {
    presenting(&[(CHALLENGE, world::CHALLENGE_TEXT)])
}

/// Describes the changes to a client's tokens.
fn described(tokens: &[TokenEffect]) -> Vec<String> {
    let describe = |effect: &TokenEffect| match effect {
        TokenEffect::Set { kind, lifetime, .. } => {
            format!("set {} for {} s", kind.name, lifetime.num_seconds())
        }
        TokenEffect::Clear { kind } => format!("clear {}", kind.name),
    };
    tokens.iter().map(describe).collect()
}

/// The use cases on a world, and the ports that they use.
struct Server {
    fake: FakePorts,
    two_factor: TwoFactor,
}

impl Server {
    fn new(world: &World, options: TwoFactorOptions) -> Self {
        Self::with_services(world, options, ServiceOptions::default())
    }

    fn with_services(world: &World, options: TwoFactorOptions, services: ServiceOptions) -> Self {
        let units = || (0..20).map(|_| world.unit()).collect();
        Self::assembled((FakeStore::new(units(), units()), world), options, services)
    }

    /// Creates the use cases on these units, which belong to the world.
    fn on(store: FakeStore, world: &World) -> Self {
        Self::assembled((store, world), options(), ServiceOptions::default())
    }

    fn assembled(
        (store, world): (FakeStore, &World),
        options: TwoFactorOptions,
        services: ServiceOptions,
    ) -> Self {
        let mut fake = FakePorts::with_store(store);
        fake.ports.two_factor_codes = Arc::new(RecordingCodes(world.clone()));
        let (completion, credentials) = Services::new(&fake.ports, services).share();
        let both = (options, message_options());
        Self {
            two_factor: TwoFactor::new(&fake.ports, &completion, &credentials, both),
            fake,
        }
    }

    fn has_committed(&self) -> bool {
        self.fake.store.has_committed()
    }
}

/// Records each comparison.
struct RecordingCodes(World);

impl TwoFactorCodes for RecordingCodes {
    fn matching_step(
        &self,
        secret: &Secret<String>,
        policy: TotpPolicy,
        code: &str,
        now: DateTime<Utc>,
    ) -> Option<u64> {
        self.0.record("compare");
        PlainTwoFactorCodes.matching_step(secret, policy, code, now)
    }

    fn uri(
        &self,
        secret: &Secret<String>,
        policy: TotpPolicy,
        issuer: &str,
        account: &str,
    ) -> Secret<String> {
        PlainTwoFactorCodes.uri(secret, policy, issuer, account)
    }
}
