//! Posts to connections over TLS with the functions' own client. `bench/posts.ts` runs it as two processes: `serve`, an
//! endpoint that answers each post after 10 ms, and `post`, with a limited processor.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_smithy_http_client::tls::TrustStore;
use futures_util::stream::{self, StreamExt};
use http_body_util::{BodyExt, Empty};
use hyper::Response;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parlor_chat::aws::{Aws, https};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Roughly the time that `@connections` takes within a Region.
const ANSWER: Duration = Duration::from_millis(10);
const FRAME: &[u8] = &[b'x'; 300];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve", certificate] => serve(certificate).await,
        ["post", url, certificate, posts, at_once] => post(url, certificate, posts.parse()?, at_once.parse()?).await,
        _ => Err("usage: serve CERTIFICATE | post URL CERTIFICATE POSTS AT_ONCE".into()),
    }
}

/// Serves until standard input ends, then prints the number of connections that were opened.
async fn serve(certificate: &str) -> Result<()> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()])?;
    tokio::fs::write(certificate, cert.pem()).await?;
    let key = PrivateKeyDer::try_from(signing_key.serialize_der())?;
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![cert.der().clone()], key)?;
    let (acceptor, opened) = (TlsAcceptor::from(Arc::new(config)), Arc::new(AtomicUsize::new(0)));

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let counted = opened.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, counted) = (acceptor.clone(), counted.clone());
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(socket).await else { return };
                counted.fetch_add(1, Ordering::Relaxed);
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await;
            });
        }
    });
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    println!("{}", opened.load(Ordering::Relaxed));
    Ok(())
}

async fn answer(request: hyper::Request<Incoming>) -> Result<Response<Empty<Bytes>>> {
    request.into_body().collect().await?;
    tokio::time::sleep(ANSWER).await;
    Ok(Response::new(Empty::new()))
}

/// Posts one fan-out without open connections, then another one.
async fn post(url: &str, certificate: &str, posts: usize, at_once: usize) -> Result<()> {
    let trusted = TrustStore::default().with_pem_certificate(tokio::fs::read(certificate).await?);
    let client = Aws::over(https(trusted), None).connections(url.to_owned());
    let first = fan_out(&client, posts, at_once).await?;
    let next = fan_out(&client, posts, at_once).await?;
    println!("{}", json!({ "first": first, "next": next }));
    Ok(())
}

async fn fan_out(client: &Client, posts: usize, at_once: usize) -> Result<serde_json::Value> {
    let (started, cpu) = (Instant::now(), cpu().await?);
    let post = |n: usize| client.post_to_connection().connection_id(n.to_string()).data(Blob::new(FRAME)).send();
    let answers: Vec<_> = stream::iter(0..posts).map(post).buffer_unordered(at_once).collect().await;
    Ok(json!({
        "milliseconds": started.elapsed().as_secs_f64() * 1e3,
        "processor": (self::cpu().await? - cpu).as_secs_f64() * 1e3,
        "failed": answers.iter().filter(|answer| answer.is_err()).count(),
    }))
}

/// Returns this process's processor time, which Linux reports in nanoseconds.
async fn cpu() -> Result<Duration> {
    let schedule = tokio::fs::read_to_string("/proc/self/schedstat").await?;
    Ok(Duration::from_nanos(schedule.split(' ').next().unwrap_or_default().parse()?))
}
