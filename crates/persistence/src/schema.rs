//! The tables for diesel, with only the columns that this crate reads or writes.
//!
//! A deployment's tables may have more columns (of plugins, or its own), so every query names its columns.

diesel::table! {
    #[sql_name = "user"]
    users (id) {
        id -> Text,
        name -> Text,
        email -> Text,
        #[sql_name = "emailVerified"]
        email_verified -> Bool,
        image -> Nullable<Text>,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "updatedAt"]
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    #[sql_name = "session"]
    sessions (id) {
        id -> Text,
        #[sql_name = "expiresAt"]
        expires_at -> Timestamptz,
        token -> Text,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "updatedAt"]
        updated_at -> Timestamptz,
        #[sql_name = "ipAddress"]
        ip_address -> Nullable<Text>,
        #[sql_name = "userAgent"]
        user_agent -> Nullable<Text>,
        #[sql_name = "userId"]
        user_id -> Text,
    }
}

diesel::table! {
    #[sql_name = "account"]
    accounts (id) {
        id -> Text,
        #[sql_name = "accountId"]
        account_id -> Text,
        #[sql_name = "providerId"]
        provider_id -> Text,
        #[sql_name = "userId"]
        user_id -> Text,
        #[sql_name = "accessToken"]
        access_token -> Nullable<Text>,
        #[sql_name = "refreshToken"]
        refresh_token -> Nullable<Text>,
        #[sql_name = "idToken"]
        id_token -> Nullable<Text>,
        #[sql_name = "accessTokenExpiresAt"]
        access_token_expires_at -> Nullable<Timestamptz>,
        #[sql_name = "refreshTokenExpiresAt"]
        refresh_token_expires_at -> Nullable<Timestamptz>,
        scope -> Nullable<Text>,
        password -> Nullable<Text>,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "updatedAt"]
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    #[sql_name = "portcullis_rate_limit"]
    rate_limits (key) {
        key -> Text,
        hits -> Array<BigInt>,
    }
}

diesel::table! {
    #[sql_name = "portcullis_known_address"]
    known_addresses (user_id, ip_address) {
        #[sql_name = "userId"]
        user_id -> Text,
        #[sql_name = "ipAddress"]
        ip_address -> Text,
        #[sql_name = "lastSignIn"]
        last_sign_in -> Timestamptz,
    }
}

diesel::table! {
    #[sql_name = "portcullis_refused_sign_up"]
    refused_sign_ups (user_id) {
        #[sql_name = "userId"]
        user_id -> Text,
        password -> Text,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
    }
}

diesel::table! {
    #[sql_name = "verification"]
    verifications (id) {
        id -> Text,
        identifier -> Text,
        value -> Text,
        #[sql_name = "expiresAt"]
        expires_at -> Timestamptz,
        #[sql_name = "createdAt"]
        created_at -> Nullable<Timestamptz>,
        #[sql_name = "updatedAt"]
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    jwks (id) {
        id -> Text,
        #[sql_name = "publicKey"]
        public_key -> Text,
        #[sql_name = "privateKey"]
        private_key -> Text,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "expiresAt"]
        expires_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    #[sql_name = "portcullis_message"]
    messages (id) {
        id -> Text,
        sealed -> Nullable<Text>,
        attempts -> Integer,
        #[sql_name = "queuedAt"]
        queued_at -> Timestamptz,
        #[sql_name = "nextAttemptAt"]
        next_attempt_at -> Timestamptz,
        #[sql_name = "diedAt"]
        died_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    #[sql_name = "twoFactor"]
    two_factors (id) {
        id -> Text,
        secret -> Text,
        #[sql_name = "backupCodes"]
        backup_codes -> Text,
        #[sql_name = "userId"]
        user_id -> Text,
    }
}

diesel::table! {
    #[sql_name = "organization"]
    organizations (id) {
        id -> Text,
        name -> Text,
        slug -> Text,
        logo -> Nullable<Text>,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        metadata -> Nullable<Text>,
    }
}

diesel::table! {
    #[sql_name = "apikey"]
    api_keys (id) {
        id -> Text,
        name -> Nullable<Text>,
        start -> Nullable<Text>,
        prefix -> Nullable<Text>,
        key -> Text,
        #[sql_name = "userId"]
        user_id -> Text,
        #[sql_name = "refillInterval"]
        refill_interval -> Nullable<Integer>,
        #[sql_name = "refillAmount"]
        refill_amount -> Nullable<Integer>,
        #[sql_name = "lastRefillAt"]
        last_refill_at -> Nullable<Timestamptz>,
        enabled -> Nullable<Bool>,
        #[sql_name = "rateLimitEnabled"]
        rate_limit_enabled -> Nullable<Bool>,
        #[sql_name = "rateLimitTimeWindow"]
        rate_limit_time_window -> Nullable<Integer>,
        #[sql_name = "rateLimitMax"]
        rate_limit_max -> Nullable<Integer>,
        #[sql_name = "requestCount"]
        request_count -> Nullable<Integer>,
        remaining -> Nullable<Integer>,
        #[sql_name = "lastRequest"]
        last_request -> Nullable<Timestamptz>,
        #[sql_name = "expiresAt"]
        expires_at -> Nullable<Timestamptz>,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "updatedAt"]
        updated_at -> Timestamptz,
        permissions -> Nullable<Text>,
        metadata -> Nullable<Text>,
    }
}

diesel::table! {
    #[sql_name = "member"]
    members (id) {
        id -> Text,
        #[sql_name = "organizationId"]
        organization_id -> Text,
        #[sql_name = "userId"]
        user_id -> Text,
        role -> Text,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
    }
}

diesel::table! {
    #[sql_name = "invitation"]
    invitations (id) {
        id -> Text,
        #[sql_name = "organizationId"]
        organization_id -> Text,
        email -> Text,
        role -> Nullable<Text>,
        status -> Text,
        #[sql_name = "expiresAt"]
        expires_at -> Timestamptz,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "inviterId"]
        inviter_id -> Text,
    }
}

diesel::table! {
    #[sql_name = "team"]
    teams (id) {
        id -> Text,
        name -> Text,
        #[sql_name = "organizationId"]
        organization_id -> Text,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "updatedAt"]
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    #[sql_name = "teamMember"]
    team_members (id) {
        id -> Text,
        #[sql_name = "teamId"]
        team_id -> Text,
        #[sql_name = "userId"]
        user_id -> Text,
        #[sql_name = "createdAt"]
        created_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    #[sql_name = "organizationRole"]
    organization_roles (id) {
        id -> Text,
        #[sql_name = "organizationId"]
        organization_id -> Text,
        role -> Text,
        permission -> Text,
        #[sql_name = "createdAt"]
        created_at -> Timestamptz,
        #[sql_name = "updatedAt"]
        updated_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    #[sql_name = "passkey"]
    passkeys (id) {
        id -> Text,
        name -> Nullable<Text>,
        #[sql_name = "publicKey"]
        public_key -> Text,
        #[sql_name = "userId"]
        user_id -> Text,
        #[sql_name = "credentialID"]
        credential_id -> Text,
        counter -> Integer,
        #[sql_name = "deviceType"]
        device_type -> Text,
        #[sql_name = "backedUp"]
        backed_up -> Bool,
        transports -> Nullable<Text>,
        #[sql_name = "createdAt"]
        created_at -> Nullable<Timestamptz>,
        aaguid -> Nullable<Text>,
    }
}

diesel::joinable!(api_keys -> users (user_id));
diesel::joinable!(invitations -> organizations (organization_id));
diesel::joinable!(known_addresses -> users (user_id));
diesel::joinable!(members -> organizations (organization_id));
diesel::joinable!(members -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(team_members -> teams (team_id));
diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    api_keys,
    invitations,
    known_addresses,
    members,
    organizations,
    sessions,
    team_members,
    teams,
    users,
);
