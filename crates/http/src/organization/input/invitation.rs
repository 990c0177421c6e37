//! Input about invitations.

use crate::extract::body::{OneOrMany, Text, body};

body! {
    Invite {
        email: Text = "email",
        roles: OneOrMany = "role",
        organization: Option<Text> = "organizationId",
        resend: Option<bool> = "resend",
        teams: Option<OneOrMany> = "teamId",
        ..undeclared
    }
}

body! {
    OneInvitation {
        invitation: Text = "invitationId",
    }
}

body! {
    OneInvitationById {
        id: Text = "id",
    }
}

body! {
    ListInvitations {
        organization: Option<Text> = "organizationId",
    }
}

body! {
    ListUserInvitations {
        email: Option<Text> = "email",
    }
}
