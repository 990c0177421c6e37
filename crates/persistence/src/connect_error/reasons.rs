//! Why a connection could not be made, and what to do, by texts in libpq's message.
//!
//! diesel does not expose the codes of errors. libpq's own messages are always English, since the program sets no
//! locale. Those of a server are in the language of its `lc_messages`; English, German, French and Spanish are known.

/// A reason, and texts of which each identifies it. Names in quotes are removed from the message before.
type Reason = (&'static str, &'static [&'static str]);

/// The reasons, the more specific ones first: a message contains the errors of several attempts, to each address of
/// each host, with and without TLS.
pub(super) const REASONS: &[&[Reason]] = &[URL, TLS, ANSWERS, LIMITS, STATES, NETWORK];

const URL: &[Reason] = &[
    (
        "the URL has a parameter that this version of libpq does not support",
        &["invalid URI query parameter"],
    ),
    (
        "a parameter of the URL has an invalid value: correct it",
        &[" value: \"\"", "invalid integer value"],
    ),
    (
        "this libpq was built without GSSAPI, which `gssencmode=require` in the URL requires: remove that parameter, or install another libpq",
        &["GSSAPI support is not compiled in"],
    ),
    (
        "a pooler rejected a parameter of the URL",
        &["unsupported startup parameter"],
    ),
];

const TLS: &[Reason] = &[
    (
        "this version of libpq does not know `sslrootcert=system`, which needs libpq 16: install a newer one, or set `sslrootcert` in the URL to a file with the certificate of the authority that issued the server's certificate",
        &["root certificate file system does not exist"],
    ),
    (
        "`sslrootcert=system` requires `sslmode=verify-full`: set both in the URL",
        &["may not be used with sslrootcert=system"],
    ),
    (
        "the file that `sslrootcert` in the URL names cannot be read or contains no certificate: it must contain the certificate of the authority that issued the server's certificate, in PEM form",
        &["could not read root certificate file"],
    ),
    (
        "`channel_binding=require` in the URL needs TLS: set `sslmode=require`, or another `channel_binding`",
        &["channel binding required, but SSL not in use"],
    ),
    (
        "the server does not offer channel binding to this user, which `channel_binding=require` in the URL requires: let the server use `scram-sha-256` with TLS, or set another `channel_binding`",
        &["channel binding"],
    ),
    (
        "GSSAPI encryption, which `gssencmode=require` in the URL requires, is not possible: get a Kerberos ticket and use a server with GSSAPI and a host name, or set another `gssencmode`",
        &[
            "GSSAPI encryption required",
            "GSSAPI encryption, but it was required",
        ],
    ),
    (
        "`sslmode` requires a root certificate: set `sslrootcert` in the URL to a file that this process can read, with the certificate of the authority that issued the server's certificate",
        &["root certificate file"],
    ),
    (
        "the client certificate or its key cannot be used: correct `sslcert` and `sslkey` in the URL",
        &["certificate file", "private key file", "certificate present, but"],
    ),
    (
        "the server's certificate is for another host name: use a host name of the certificate in the URL, or replace the certificate",
        &["does not match host name"],
    ),
    (
        "the server's certificate has expired: replace it",
        &["certificate has expired"],
    ),
    (
        "the server's certificate could not be verified: it has expired, or the authority in `sslrootcert` did not issue it; replace it, or correct `sslrootcert` in the URL",
        &["certificate verify failed"],
    ),
    (
        "the server does not support TLS, which `sslmode` in the URL requires: set `ssl = on` on the server, or another `sslmode`",
        &["server does not support SSL"],
    ),
    (
        "the server requires a client certificate: set `sslcert` and `sslkey` in the URL",
        &[
            "alert certificate required",
            "requires a valid client certificate",
            "erfordert ein gültiges Client-Zertifikat",
            "requiert un certificat client",
            "requiere un certificado de cliente",
        ],
    ),
];

const ANSWERS: &[Reason] = &[
    (
        "the URL contains no password, and the server requires one: add it",
        &["no password supplied"],
    ),
    (
        "the server accepts the user of the URL only from the system user with this name: run as this system user, or connect to a host with a password",
        &[
            "Peer authentication failed",
            "Peer-Authentifizierung",
            "authentification peer",
            "autentificación Peer",
        ],
    ),
    (
        "the server rejected the user name or the password: correct them in the URL",
        &[
            "authentication failed",
            "Authentifizierung für Benutzer »« fehlgeschlagen",
            "authentification par mot de passe",
            "la autentificación password falló",
            "Tenant or user not found",
        ],
    ),
    (
        "pg_hba.conf of the server does not allow this client to connect to this database as this user, or only with TLS: add an entry there, or `sslmode=require` to the URL",
        &["pg_hba.conf"],
    ),
    (
        "the database does not exist: create it, or correct its name in the URL",
        &[
            "database \"\" does not exist",
            "Datenbank »« existiert nicht",
            "la base de données «» n'existe pas",
            "no existe la base de datos",
            "no such database",
        ],
    ),
    (
        "the user does not exist: create it, or correct its name in the URL",
        &[
            "role \"\" does not exist",
            "Rolle »« existiert nicht",
            "le rôle «» n'existe pas",
            "no existe el rol",
            "no such user",
        ],
    ),
    (
        "the user may not sign in to the server: `ALTER ROLE … LOGIN` allows it",
        &[
            "is not permitted to log in",
            "hat keine Berechtigung zum Einloggen",
            "n'est pas autorisé à se connecter",
            "no se le permite conectarse",
        ],
    ),
    (
        "the user may not connect to the database: `GRANT CONNECT ON DATABASE … TO …` allows it",
        &[
            "permission denied for database",
            "keine Berechtigung für Datenbank",
            "droit refusé pour la base de données",
            "permiso denegado a la base de datos",
        ],
    ),
    (
        "the database accepts no connections: `ALTER DATABASE … ALLOW_CONNECTIONS true` changes that",
        &[
            "is not currently accepting connections",
            "akzeptiert gegenwärtig keine Verbindungen",
            "n'accepte plus les connexions",
            "la base de datos «» no acepta conexiones",
        ],
    ),
];

const LIMITS: &[Reason] = &[
    (
        "the user has as many connections as it may: raise its limit (`ALTER ROLE … CONNECTION LIMIT`), or lower `database.pool_size`",
        &[
            "too many connections for role",
            "zu viele Verbindungen von Rolle",
            "trop de connexions pour le rôle",
            "demasiadas conexiones para el rol",
        ],
    ),
    (
        "the database has as many connections as it may: raise its limit (`ALTER DATABASE … CONNECTION LIMIT`), or lower `database.pool_size`",
        &[
            "too many connections for database",
            "zu viele Verbindungen für Datenbank",
            "trop de connexions pour la base",
            "demasiadas conexiones para la base",
        ],
    ),
    (
        "the server has as many connections as it may: raise `max_connections` there, lower `database.pool_size`, or use a pooler",
        &[
            "too many clients",
            "connection slots are reserved",
            "no more connections allowed",
            "schon zu viele Verbindungen",
            "die verbleibenden Verbindungen sind",
            "trop de clients",
            "emplacements de connexions restants",
            "demasiados clientes",
            "las conexiones restantes",
        ],
    ),
];

const STATES: &[Reason] = &[
    (
        "the server is starting up: wait until it accepts connections",
        &[
            "starting up",
            "in recovery mode",
            "not yet accepting connections",
            "das Datenbanksystem startet",
            "im Wiederherstellungsmodus",
            "nimmt noch keine Verbindungen an",
            "le système de bases de données se lance",
            "en cours de restauration",
            "n'accepte pas encore de connexions",
            "está iniciándose",
            "en modo de recuperación",
            "aún no está aceptando conexiones",
        ],
    ),
    (
        "the server is shutting down: start it again",
        &[
            "shutting down",
            "das Datenbanksystem fährt herunter",
            "le système de base de données s'arrête",
            "está apagándose",
        ],
    ),
    (
        "none of the servers accepts writes: the URL must contain the primary server",
        &["session is read-only", "server is in hot standby mode"],
    ),
    (
        "`target_session_attrs` in the URL requires a standby or a read-only server, and there is none; Portcullis needs one that accepts writes: remove that parameter",
        &["server is not in hot standby mode", "session is not read-only"],
    ),
];

const NETWORK: &[Reason] = &[
    (
        "the host name cannot be resolved: correct it in the URL, or check the name servers of this machine",
        &["could not translate host name"],
    ),
    (
        "the server did not answer in time: check the host and the port in the URL, and the firewalls on the way",
        &["timeout expired", "Connection timed out"],
    ),
    (
        "the connection was refused: start the server, or correct the host and the port in the URL",
        &["Connection refused"],
    ),
    (
        "the socket does not exist: start the server, or correct the host in the URL",
        &["No such file or directory"],
    ),
    (
        "this process may not use the socket of the server: give its system user access",
        &["failed: Permission denied"],
    ),
    (
        "there is no network route to the host",
        &["No route to host", "Network is unreachable"],
    ),
    (
        "no PostgreSQL server answers at this host and port: correct them in the URL",
        &[
            "expected authentication request",
            "invalid response to SSL negotiation",
        ],
    ),
    (
        "the server closed the connection: its log contains the reason",
        &["server closed the connection", "Connection reset by peer"],
    ),
    (
        "the GSSAPI connection failed: check the Kerberos ticket, or set `gssencmode=disable` in the URL",
        &["GSSAPI"],
    ),
    (
        "the TLS connection failed: check the `ssl` parameters of the URL and of the server",
        &["SSL"],
    ),
    (
        "the server rejected the connection: its log contains the reason",
        &["FATAL:"],
    ),
];
