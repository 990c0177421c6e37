use super::*;

fn exposed(text: &str) -> String {
    DatabaseUrl::parse(text).unwrap().expose().to_owned()
}

fn refused(text: &str) -> DatabaseUrlError {
    DatabaseUrl::parse(text).unwrap_err()
}

#[test]
fn the_loss_of_a_server_is_detected_with_every_url() {
    assert_eq!(
        exposed("postgres://u:p@h:1/d"),
        "postgresql://u:p@h:1/d?application_name=portcullis&connect_timeout=2&keepalives=1&keepalives_count=3\
         &keepalives_idle=10&keepalives_interval=5&tcp_user_timeout=5000"
    );
    let own = exposed("postgresql://h/d?connect_timeout=9&application_name=mine");
    assert!(own.contains("connect_timeout=9") && !own.contains("connect_timeout=2"));
    assert!(own.contains("application_name=mine") && !own.contains("portcullis"));
}

#[test]
fn parameters_of_other_tools_are_translated_to_libpqs() {
    for (theirs, ours) in [
        ("schema=auth", "options=-csearch_path%3D%22auth%22"),
        ("currentSchema=Auth", "options=-csearch_path%3D%22Auth%22"),
        (
            "options=-cjit=off&schema=auth",
            "options=-cjit%3Doff%20-csearch_path%3D%22auth%22",
        ),
        ("sslmode=no-verify", "sslmode=require"),
        ("ssl=true", "sslmode=require"),
        ("ssl=false", "sslmode=disable"),
        ("sslmode=require&uselibpqcompat=true", "sslmode=require"),
        ("sslaccept=strict", "sslmode=verify-full"),
        ("sslmode=verify-full&sslrootcert=system", "sslmode=verify-full"),
    ] {
        let url = exposed(&format!("postgres://h/d?{theirs}"));
        assert!(url.ends_with(ours), "{theirs}: {url}");
    }
}

#[test]
fn a_standby_is_selected_among_several_hosts_of_a_read_url() {
    let url = DatabaseUrl::parse_standby("postgres://a,b/d").unwrap();
    assert!(
        url.expose().contains("target_session_attrs=standby"),
        "{}",
        url.expose()
    );
    let chosen = DatabaseUrl::parse_standby("postgres://a,b/d?target_session_attrs=any").unwrap();
    assert!(!chosen.expose().contains("standby"), "{}", chosen.expose());
}

#[test]
fn a_primary_is_selected_among_several_hosts() {
    let default = "target_session_attrs=read-write";
    for url in [
        "postgres://a,b/d",
        "postgres://u:p@a:1,b:2/d",
        "postgres:///d?host=a,b",
        "postgres:///d?hostaddr=10.0.0.1,10.0.0.2",
    ] {
        assert!(exposed(url).contains(default), "{url}");
    }
    for url in ["postgres://h/d", "postgres://u:p,q@h/d", "postgres:///d?host=a"] {
        assert!(!exposed(url).contains("target_session_attrs"), "{url}");
    }
    let own = exposed("postgres://a,b/d?target_session_attrs=any");
    assert!(own.contains("target_session_attrs=any") && !own.contains(default));
}

#[test]
fn the_hosts_of_a_url_contain_neither_credentials_nor_ports() {
    for (url, hosts) in [
        ("postgres://ada:secret@db.example:5432/auth", Some("db.example")),
        ("postgres://ada:secret@a:1,b,[::1]:2/auth", Some("a,b,::1")),
        ("postgres://[::1]/auth", Some("::1")),
        ("postgres://db?host=other&user=ada", Some("other")),
        ("postgres:///auth?hostaddr=10.0.0.1", Some("10.0.0.1")),
        ("postgres:///auth?host=/run/postgresql", Some("/run/postgresql")),
        ("postgres://%2Frun%2Fpostgresql/auth", Some("/run/postgresql")),
        ("postgres://ada:secret@/auth", None),
        ("postgres:///auth", None),
    ] {
        assert_eq!(DatabaseUrl::parse(url).unwrap().hosts(), hosts, "{url}");
    }
}

#[test]
fn schemes_with_a_python_driver_are_accepted() {
    for scheme in [
        "postgresql+asyncpg",
        "postgresql+psycopg2",
        "POSTGRES",
        " postgres",
    ] {
        assert!(exposed(&format!("{scheme}://h/d\n")).starts_with("postgresql://h/d?"));
    }
}

#[test]
fn pool_settings_of_the_url_override_the_options() {
    let options = PoolOptions::default();
    let url = DatabaseUrl::parse("postgres://h/d?connection_limit=1&pool_timeout=2").unwrap();
    let adjusted = url.adjust(options);
    assert_eq!((adjusted.size, adjusted.acquire), (1, Duration::from_secs(2)));
    assert_eq!(
        DatabaseUrl::parse("postgres://h/d").unwrap().adjust(options),
        options
    );
}

#[test]
fn the_url_says_whether_there_is_a_pooler() {
    for (query, is_behind) in [
        ("pgbouncer=true", true),
        ("statement_cache_size=0", true),
        ("pgbouncer=false", false),
        ("", false),
    ] {
        let url = DatabaseUrl::parse(&format!("postgres://h/d?{query}")).unwrap();
        assert_eq!(url.is_behind_a_pooler(), is_behind, "{query}");
    }
}

#[test]
fn urls_of_other_databases_are_rejected_by_name() {
    for (text, scheme) in [
        ("mysql://u:p@h/d", "mysql"),
        ("file:./dev.db", "file"),
        ("jdbc:postgresql://h/d", "jdbc"),
        ("prisma://accelerate.prisma-data.net/?api_key=k", "prisma"),
        ("prisma+postgres://h/?api_key=k", "prisma+postgres"),
    ] {
        assert_eq!(refused(text), DatabaseUrlError::Scheme(scheme));
    }
    for text in [
        "host=h dbname=d",
        "h:5432/d",
        "postgres:/h/d",
        "postgresql+mydriver://h/d",
    ] {
        assert_eq!(refused(text), DatabaseUrlError::NoScheme, "{text}");
    }
    assert_eq!(refused(" "), DatabaseUrlError::Empty);
    assert_eq!(refused("\"postgres://h/d\""), DatabaseUrlError::Quoted);
}

#[test]
fn urls_that_libpq_would_misread_are_rejected() {
    for text in [
        "postgres://u:p@ss@h/d",
        "postgres://u:p/ss@h/d",
        "postgres://u:p:ss@h/d",
        "postgres://u:p?ss@h/d",
        "postgres://u:p?s=s@h/d",
        "postgres://u:p#ss@h/d",
        "postgres://u:p ss@h/d",
        "postgres://[::1/d",
    ] {
        assert_eq!(refused(text), DatabaseUrlError::Unencoded, "{text}");
    }
    assert_eq!(refused("postgres://u:p%s@h/d"), DatabaseUrlError::BadEncoding);
    assert_eq!(refused("postgres://u:p%00@h/d"), DatabaseUrlError::BadEncoding);
    assert_eq!(refused("postgres://h:port/d"), DatabaseUrlError::Port);
    assert_eq!(refused("postgres://[::1]x/d"), DatabaseUrlError::Port);
    for text in [
        "postgres:///d",
        "postgres://u@/d?host=/var/run/postgresql",
        "postgres://%2Ftmp:5432/d",
        "postgres://[::1]:5432/d",
        "postgres://a:1,b:2/d?target_session_attrs=read-write",
        "postgres://h",
    ] {
        assert!(DatabaseUrl::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn unknown_and_invalid_parameters_are_rejected_by_name() {
    assert_eq!(
        refused("postgres://h/d?sslmod=require"),
        DatabaseUrlError::UnknownParameter("sslmod".to_owned())
    );
    for (query, name) in [
        ("socket_timeout=3", "socket_timeout"),
        ("sslmode=yes", "sslmode"),
        ("schema=a,b", "schema"),
        ("connection_limit=0", "connection_limit"),
        ("pool_timeout=0", "pool_timeout"),
        ("pgbouncer=maybe", "pgbouncer"),
    ] {
        let error = refused(&format!("postgres://h/d?{query}"));
        assert!(
            matches!(error, DatabaseUrlError::Parameter { name: refused, .. } if refused == name),
            "{error:?}"
        );
    }
    assert_eq!(
        refused("postgres://h/d?ssl=true&sslmode=require"),
        DatabaseUrlError::Twice("sslmode")
    );
    assert_eq!(
        refused("postgres://h/d?port=1&port=2"),
        DatabaseUrlError::Twice("port")
    );
}

#[test]
fn debug_output_and_errors_contain_no_secret() {
    assert_eq!(
        format!("{:?}", DatabaseUrl::parse("postgres://u:hidden@h/d").unwrap()),
        "DatabaseUrl(…)"
    );
    for text in [
        "postgres://u:hidden@x@h/d",
        "postgres://u:x?hidden@h/d",
        "postgres://u:x?hidden=1@h/d",
        "hidden:hidden@h/d",
        "hidden",
        "postgres://u:%hidden@h/d",
        "postgres://h:hidden/d",
        "postgres://h/d?password=hidden@",
    ] {
        let error = refused(text);
        assert!(!format!("{error} {error:?}").contains("hidden"), "{error}");
    }
}

#[test]
fn the_password_can_be_separated_from_the_url() {
    for (url, start, password) in [
        (
            "postgres://ada:p%40ss@db:5433/auth",
            "postgresql://ada@db:5433/auth?",
            Some("p@ss"),
        ),
        (
            "postgres://ada@db/auth?password=p%26ss",
            "postgresql://ada@db/auth?",
            Some("p&ss"),
        ),
        ("postgres://ada@db/auth", "postgresql://ada@db/auth?", None),
        ("postgres:///auth?host=/run", "postgresql:///auth?", None),
    ] {
        let (text, found) = DatabaseUrl::parse(url).unwrap().without_password();
        assert!(text.starts_with(start), "{text}");
        assert!(!text.contains("p%") && !text.contains("password"), "{text}");
        assert_eq!(
            found.as_ref().map(|found| found.expose().as_str()),
            password,
            "{url}"
        );
    }
}
