use portcullis_domain::captcha::Assessment;

use super::*;
use crate::ports::MockCaptchaService;

fn captcha(answer: impl Fn() -> Result<Assessment, Failure> + Send + Sync + 'static) -> Captcha {
    let mut service = MockCaptchaService::new();
    service
        .expect_assess()
        .withf(|response, address| response.expose() == "solved" && address == "203.0.113.7")
        .times(..=1)
        .returning(move |_, _| answer());
    let options = CaptchaOptions {
        endpoints: ["/sign-in/email", "/email-otp/**"].map(Glob::new).into(),
        policy: CaptchaPolicy {
            min_score: Some(0.5),
            ..CaptchaPolicy::default()
        },
    };
    Captcha::new(Arc::new(service), options)
}

fn assessment(is_success: bool, score: f64) -> Assessment {
    Assessment {
        is_success,
        score: Some(score),
        ..Assessment::default()
    }
}

async fn check(captcha: &Captcha) -> Result<(), CaptchaError> {
    let response = Secret::new("solved".to_owned());
    captcha.check(&response, "203.0.113.7").await
}

#[test]
fn a_route_is_protected_by_its_whole_path() {
    let captcha = captcha(|| Ok(Assessment::default()));
    for (path, expected) in [
        ("/sign-in/email", true),
        ("/sign-in/email-otp", false),
        ("/sign-in", false),
        ("/sign-in/email/", false),
        ("/email-otp/send-verification-otp", true),
        ("/email-otp", false),
    ] {
        assert_eq!(captcha.protects(path), expected, "{path}");
    }
}

#[tokio::test]
async fn a_solved_challenge_passes() {
    check(&captcha(|| Ok(assessment(true, 0.9)))).await.unwrap();
}

#[tokio::test]
async fn a_challenge_that_the_policy_does_not_accept_is_rejected() {
    for answer in [assessment(false, 0.9), assessment(true, 0.4)] {
        let captcha = captcha(move || Ok(answer.clone()));
        assert!(matches!(check(&captcha).await, Err(CaptchaError::Rejected(_))));
    }
}

#[tokio::test]
async fn no_request_passes_during_an_outage() {
    let captcha = captcha(|| Err(Failure::unavailable("down")));
    assert!(matches!(check(&captcha).await, Err(CaptchaError::Failure(_))));
}
