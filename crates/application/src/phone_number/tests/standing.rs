use portcullis_domain::{destination::PhoneNumber, phone_number::proven, user::User};
use serde_json::json;

use crate::{
    phone_number::holder::Standing,
    testing::fixtures::{a_user, another_user, calling},
};

fn claiming(email_verified: bool) -> User {
    let mut user = User {
        email_verified,
        ..a_user()
    };
    user.additional.set("phoneNumber", json!("+12"));
    user
}

#[test]
fn a_claimed_number_gives_no_access_to_the_account() {
    let owner = calling(claiming(true));
    let stranger = calling(another_user());
    let verified = User {
        additional: proven(&PhoneNumber::new("+12")),
        ..claiming(true)
    };
    for (by, knows_password) in [(None, false), (Some(&stranger), false), (None, true)] {
        assert_eq!(Standing::of(&verified, by, knows_password), Standing::Proven);
    }
    for email_verified in [true, false] {
        let holder = claiming(email_verified);
        for (by, knows_password, standing) in [
            (Some(&owner), false, Standing::InPerson),
            (None, true, Standing::InPerson),
            (None, false, Standing::Claimed),
            (Some(&stranger), false, Standing::Claimed),
        ] {
            assert_eq!(Standing::of(&holder, by, knows_password), standing);
        }
    }
}
