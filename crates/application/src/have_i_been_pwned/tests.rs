use portcullis_domain::password::Password;

use super::{
    new_password_check::{COMPROMISED, UNCHECKED},
    *,
};
use crate::{
    ports::{Failure, MockCompromisedPasswords},
    seams::{Decision, NewPasswordCheck as _, Refusal},
};

fn list(answer: impl Fn() -> Result<bool, Failure> + Send + Sync + 'static) -> Arc<dyn CompromisedPasswords> {
    let mut list = MockCompromisedPasswords::new();
    list.expect_contains()
        .withf(|password| password.expose() == "password1234")
        .times(1)
        .returning(move |_| answer());
    Arc::new(list)
}

fn options() -> HaveIBeenPwnedOptions {
    HaveIBeenPwnedOptions {
        sources: vec![PasswordSource::SignUp, PasswordSource::Reset],
        message: None,
        on_outage: OnOutage::Reject,
    }
}

async fn decide(
    list: Arc<dyn CompromisedPasswords>,
    options: HaveIBeenPwnedOptions,
    source: PasswordSource,
) -> Decision {
    let check = HaveIBeenPwned::new(list, options);
    check.check(&Password::new("password1234"), source).await.unwrap()
}

#[tokio::test]
async fn a_password_that_attackers_know_is_refused() {
    let refused = decide(list(|| Ok(true)), options(), PasswordSource::Reset).await;
    assert_eq!(refused, Decision::Refused(Refusal::from(COMPROMISED)));
    let own = HaveIBeenPwnedOptions {
        message: Some("Choose another one".to_owned()),
        ..options()
    };
    let Decision::Refused(refusal) = decide(list(|| Ok(true)), own, PasswordSource::SignUp).await else {
        panic!("it must be refused");
    };
    assert_eq!(refusal.message.as_deref(), Some("Choose another one"));
}

#[tokio::test]
async fn a_password_that_no_attacker_knows_is_allowed() {
    let decision = decide(list(|| Ok(false)), options(), PasswordSource::SignUp).await;
    assert_eq!(decision, Decision::Allowed);
}

#[tokio::test]
async fn the_list_is_not_queried_for_other_sources() {
    let list = Arc::new(MockCompromisedPasswords::new());
    let decision = decide(list, options(), PasswordSource::SetByAdministrator).await;
    assert_eq!(decision, Decision::Allowed);
}

#[tokio::test]
async fn the_deployment_decides_about_an_outage() {
    let down = || list(|| Err(Failure::unavailable("down")));
    let decision = decide(down(), options(), PasswordSource::SignUp).await;
    assert_eq!(decision, Decision::Refused(UNCHECKED.into()));
    let allowing = HaveIBeenPwnedOptions {
        on_outage: OnOutage::Allow,
        ..options()
    };
    let decision = decide(down(), allowing, PasswordSource::SignUp).await;
    assert_eq!(decision, Decision::Allowed);
}
