-- The tables of Supabase, with the columns that matter here and some that must not be exported.
CREATE SCHEMA auth;
CREATE TABLE auth.users (
    instance_id uuid,
    id uuid PRIMARY KEY,
    aud varchar(255),
    role varchar(255),
    email varchar(255),
    encrypted_password varchar(255),
    email_confirmed_at timestamptz,
    recovery_token varchar(255) DEFAULT 'must not be exported',
    last_sign_in_at timestamptz,
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    created_at timestamptz,
    updated_at timestamptz,
    phone text,
    banned_until timestamptz,
    is_sso_user boolean NOT NULL DEFAULT false,
    deleted_at timestamptz,
    is_anonymous boolean NOT NULL DEFAULT false
);
CREATE TABLE auth.identities (
    provider_id text NOT NULL,
    user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
    identity_data jsonb NOT NULL,
    provider text NOT NULL,
    id uuid PRIMARY KEY DEFAULT gen_random_uuid()
);
INSERT INTO auth.users
    (id, email, encrypted_password, email_confirmed_at, raw_user_meta_data, created_at, updated_at, deleted_at,
     is_anonymous, is_sso_user, banned_until)
VALUES
    ('7c9e6679-7425-40de-944b-e07fc1f90001', 'Ada@Example.com', '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e', '2023-05-01 10:00:00+00', '{"full_name": "Ada\nLovelace \\ \"C\"", "avatar_url": "https://example.com/ada.png"}', '2023-05-01 09:00:00.000001+00', '2024-05-01 09:00:00+00', NULL, false, false, NULL),
    ('7c9e6679-7425-40de-944b-e07fc1f90002', 'grace@example.com', '$2b$04$abcdefghijklmnopqrstuuKXfcYroBtCt8krRaTiMufJxo2RxuJZu', NULL, '{}', '2023-05-01 09:00:00.000002+00', '2024-05-01 09:00:00+00', NULL, false, false, NULL),
    ('7c9e6679-7425-40de-944b-e07fc1f90003', 'gita@example.com', '', '2023-05-01 10:00:00+00', '{"name": "Gita", "picture": "javascript:alert(1)"}', '2023-05-01 09:00:00.000003+00', '2024-05-01 09:00:00+00', NULL, false, false, NULL),
    ('7c9e6679-7425-40de-944b-e07fc1f90004', 'ADA@example.com', '$2b$04$abcdefghijklmnopqrstuuKXfcYroBtCt8krRaTiMufJxo2RxuJZu', NULL, '{}', '2023-05-01 09:00:00.000004+00', '2024-05-01 09:00:00+00', NULL, false, false, NULL),
    ('7c9e6679-7425-40de-944b-e07fc1f90005', 'deleted@example.com', '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e', '2023-05-01 10:00:00+00', '{}', '2023-05-01 09:00:00.000005+00', '2024-05-01 09:00:00+00', '2024-01-01 00:00:00+00', false, false, NULL),
    ('7c9e6679-7425-40de-944b-e07fc1f90006', NULL, NULL, NULL, '{}', '2023-05-01 09:00:00.000006+00', '2024-05-01 09:00:00+00', NULL, true, false, NULL),
    ('7c9e6679-7425-40de-944b-e07fc1f90007', 'taken@example.com', '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e', '2023-05-01 10:00:00+00', '{}', '2023-05-01 09:00:00.000007+00', '2024-05-01 09:00:00+00', NULL, false, false, NULL),
    ('7c9e6679-7425-40de-944b-e07fc1f90008', 'sso@example.com', NULL, '2023-05-01 10:00:00+00', '{}', '2023-05-01 09:00:00.000008+00', '2024-05-01 09:00:00+00', NULL, false, true, NULL),
    ('7c9e6679-7425-40de-944b-e07fc1f90009', 'banned@example.com', '$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e', '2023-05-01 10:00:00+00', '{}', '2023-05-01 09:00:00.000009+00', '2024-05-01 09:00:00+00', NULL, false, false, '2999-01-01 00:00:00+00'),
    ('7c9e6679-7425-40de-944b-e07fc1f90010', 'banned-forever@example.com', NULL, '2023-05-01 10:00:00+00', '{}', '2023-05-01 09:00:00.00001+00', '2024-05-01 09:00:00+00', NULL, false, false, 'infinity'),
    ('7c9e6679-7425-40de-944b-e07fc1f90011', 'infinity@example.com', NULL, '2023-05-01 10:00:00+00', '{}', '-infinity', '2024-05-01 09:00:00+00', NULL, false, false, NULL);
INSERT INTO auth.identities (provider_id, user_id, identity_data, provider) VALUES
    ('7c9e6679-7425-40de-944b-e07fc1f90001', '7c9e6679-7425-40de-944b-e07fc1f90001', '{"sub": "7c9e6679-7425-40de-944b-e07fc1f90001"}', 'email'),
    ('583231', '7c9e6679-7425-40de-944b-e07fc1f90001', '{"sub": "583231"}', 'github'),
    ('108312345678901234567', '7c9e6679-7425-40de-944b-e07fc1f90003', '{"sub": "108312345678901234567"}', 'google'),
    ('2244994945', '7c9e6679-7425-40de-944b-e07fc1f90003', '{"sub": "2244994945"}', 'x'),
    ('AAAA', '7c9e6679-7425-40de-944b-e07fc1f90003', '{"sub": "AAAA"}', 'azure'),
    ('77', '7c9e6679-7425-40de-944b-e07fc1f90004', '{"sub": "77"}', 'github');
