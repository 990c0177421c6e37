use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread::{self, JoinHandle},
};

use lettre::transport::smtp::client::{Certificate, TlsParametersBuilder};
use openssl::{
    asn1::Asn1Time,
    ec::{EcGroup, EcKey},
    hash::MessageDigest,
    nid::Nid,
    pkey::{PKey, Private},
    ssl::{SslAcceptor, SslMethod, SslStream},
    x509::{X509, X509NameBuilder, extension::SubjectAlternativeName},
};
use portcullis_application::testing::FixedClock;

use super::*;
use crate::render::TemplateOptions;

/// Returns a self-signed certificate for a server of this name.
fn certificate(name: &str) -> (X509, PKey<Private>) {
    let curve = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let key = PKey::from_ec_key(EcKey::generate(&curve).unwrap()).unwrap();
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut builder = X509::builder().unwrap();
    builder.set_version(2).unwrap();
    builder.set_subject_name(&subject).unwrap();
    builder.set_issuer_name(&subject).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder
        .set_not_before(&Asn1Time::days_from_now(0).unwrap())
        .unwrap();
    builder
        .set_not_after(&Asn1Time::days_from_now(1).unwrap())
        .unwrap();
    let names = SubjectAlternativeName::new()
        .dns(name)
        .build(&builder.x509v3_context(None, None))
        .unwrap();
    builder.append_extension(names).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    (builder.build(), key)
}

/// Serves one connection. Returns the port, the certificate, and the commands that are received over TLS.
fn serve(encryption: Encryption, name: &str) -> (u16, X509, JoinHandle<Vec<String>>) {
    let (certificate, key) = certificate(name);
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
    acceptor.set_certificate(&certificate).unwrap();
    acceptor.set_private_key(&key).unwrap();
    let acceptor = acceptor.build();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let commands = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        if encryption == Encryption::StartTls {
            greet_in_the_clear(&mut stream);
        }
        match acceptor.accept(stream) {
            Ok(stream) => answer(stream, encryption == Encryption::Tls),
            Err(_) => Vec::new(),
        }
    });
    (port, certificate, commands)
}

/// Answers up to `STARTTLS`. Reads a byte at a time, so that no byte of the TLS handshake is consumed.
fn greet_in_the_clear(stream: &mut TcpStream) {
    stream.write_all(b"220 fake\r\n").unwrap();
    for answer in ["250-fake\r\n250 STARTTLS\r\n", "220 go on\r\n"] {
        let mut byte = [0];
        while byte != *b"\n" {
            stream.read_exact(&mut byte).unwrap();
        }
        stream.write_all(answer.as_bytes()).unwrap();
    }
}

/// Answers commands until the connection ends, and returns them.
fn answer(stream: SslStream<TcpStream>, greets: bool) -> Vec<String> {
    let mut stream = BufReader::new(stream);
    if greets {
        stream.get_mut().write_all(b"220 fake\r\n").unwrap();
    }
    let mut commands = Vec::new();
    let mut line = String::new();
    while stream.read_line(&mut line).is_ok_and(|length| length > 0) {
        let answer: &[u8] = match line.split(' ').next() {
            Some("EHLO") => b"250-fake\r\n250 AUTH PLAIN\r\n",
            Some("AUTH") => b"235 welcome\r\n",
            _ => b"221 bye\r\n",
        };
        commands.push(std::mem::take(&mut line).trim_end().to_owned());
        stream.get_mut().write_all(answer).unwrap();
    }
    commands
}

/// Returns TLS settings that trust this certificate.
fn trusting(encryption: Encryption, certificate: &[u8]) -> Protection {
    match encryption {
        Encryption::Tls => {
            let root = native_tls::Certificate::from_der(certificate).unwrap();
            let connector = native_tls::TlsConnector::builder()
                .add_root_certificate(root)
                .build();
            Protection::Tls(connector.unwrap().into())
        }
        Encryption::StartTls => {
            let parameters = TlsParametersBuilder::new("localhost".to_owned())
                .add_root_certificate(Certificate::from_der(certificate.to_vec()).unwrap());
            Protection::StartTls(parameters.build().unwrap())
        }
        Encryption::None => panic!("there are no certificates without TLS"),
    }
}

/// Runs a check against a server with a certificate for `name`. Returns the outcome and the commands received over TLS.
async fn check(encryption: Encryption, name: &str, is_trusted: bool) -> (Result<(), SendError>, Vec<String>) {
    let (port, certificate, commands) = serve(encryption, name);
    let options = SmtpOptions {
        host: "localhost".to_owned(),
        port,
        encryption,
        credentials: Some(Credentials {
            username: "mailer".to_owned(),
            password: Secret::new("password".to_owned()),
        }),
        from: "no-reply@example.com".parse().unwrap(),
        reply_to: None,
        timeout: Duration::from_secs(20),
    };
    let renderer = Arc::new(Renderer::new(TemplateOptions::default()).unwrap());
    let mut smtp = Smtp::new(options, renderer, Arc::new(FixedClock::default())).unwrap();
    if is_trusted {
        smtp.protection = trusting(encryption, &certificate.to_der().unwrap());
    }
    (smtp.check().await, commands.join().unwrap())
}

#[tokio::test]
async fn credentials_are_sent_to_a_trusted_server_over_tls() {
    for encryption in [Encryption::Tls, Encryption::StartTls] {
        let (outcome, commands) = check(encryption, "localhost", true).await;
        assert!(outcome.is_ok(), "{outcome:?}");
        assert_eq!(
            commands,
            ["EHLO example.com", "AUTH PLAIN AG1haWxlcgBwYXNzd29yZA==", "QUIT"]
        );
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_with_an_untrusted_certificate_or_another_name() {
    for encryption in [Encryption::Tls, Encryption::StartTls] {
        for (name, is_trusted) in [("localhost", false), ("elsewhere.example", true)] {
            let (outcome, commands) = check(encryption, name, is_trusted).await;
            assert!(matches!(outcome, Err(SendError::Temporary(_))), "{outcome:?}");
            assert_eq!(commands, [""; 0]);
        }
    }
}
