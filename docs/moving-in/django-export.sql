-- Exports the users of Django to django-users.ndjson. `-v users=TABLE` names the table of a user model of your own.
\set ON_ERROR_STOP on
\set QUIET on
\encoding UTF8
\if :{?users}
\else
\set users auth_user
\endif

CREATE TEMPORARY VIEW django_user AS
SELECT jsonb_build_object(
    'id', r -> 'id',
    'username', r -> 'username',
    'first_name', r -> 'first_name',
    'last_name', r -> 'last_name',
    'email', r -> 'email',
    'password', r -> 'password',
    'is_active', r -> 'is_active',
    'date_joined', r -> 'date_joined'
) AS r
FROM (SELECT to_jsonb(u) AS r FROM :users AS u) AS rows;

-- django-allauth also stores which addresses are verified, and identities of other providers.
SELECT to_regclass('account_emailaddress') IS NOT NULL AND to_regclass('socialaccount_socialaccount') IS NOT NULL
    AS has_allauth \gset
\if :has_allauth
CREATE TEMPORARY VIEW django_export AS
SELECT r || jsonb_build_object(
    'verified', EXISTS (
        SELECT FROM account_emailaddress AS a
        WHERE a.user_id::text = r ->> 'id' AND lower(a.email) = lower(r ->> 'email') AND a.verified
    ),
    'identities', (
        SELECT jsonb_agg(jsonb_build_object('provider', s.provider, 'account_id', s.uid))
        FROM socialaccount_socialaccount AS s
        WHERE s.user_id::text = r ->> 'id'
    )
) AS r
FROM django_user;
\else
CREATE TEMPORARY VIEW django_export AS SELECT r FROM django_user;
\endif

\copy (SELECT r FROM django_export) TO 'django-users.ndjson' WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')
