//! A TLS handshake takes many times the processor time of a post, so a fan-out opens few connections and the next one reuses
//! them.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a failed test may panic")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::any;
use axum::serve::ListenerExt;
use parlor_chat::Chat;
use parlor_chat::aws::Aws;
use parlor_chat::bots::Bots;
use parlor_chat::bots::ask::Functions;
use parlor_chat::delivery::{CONCURRENCY, PostCounts, Poster};
use parlor_chat::limiter::Limiter;
use parlor_chat::store::{Connections, Limits, Log, Members, Occupant, People, Rooms};
use parlor_protocol::server::{Pong, ServerFrame};
use tokio::net::TcpListener;

/// Returns a function that has just started, and how many connections it has opened to the endpoint it posts to.
async fn started() -> (Chat, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let callback_url = format!("http://{}", listener.local_addr().unwrap());
    let opened = Arc::new(AtomicUsize::new(0));
    let counted = opened.clone();
    let listener = listener.tap_io(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let router = Router::new().fallback(any(async || StatusCode::OK));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let aws = Aws::new(Some("http://127.0.0.1:9".into()));
    let db = aws.dynamodb();
    let table = || "unused".to_owned();
    let chat = Chat {
        review: None,
        rooms: Rooms { db: db.clone(), table: table() },
        connections: Connections { db: db.clone(), table: table() },
        log: Log { db: db.clone(), table: table() },
        members: Members { db: db.clone(), table: table() },
        people: People { db: db.clone(), table: table() },
        poster: Poster { client: aws.connections(callback_url) },
        limiter: Limiter { limits: Limits { db, table: table() }, rates: None, counts_texts: false },
        bots: Bots { all: Vec::new(), functions: Functions(aws.lambda()), teller: String::new() },
    };
    (chat, opened)
}

fn audience(people: usize) -> Vec<Occupant> {
    let person = |n: usize| Occupant {
        connection_id: format!("c{n}"),
        user_id: format!("u{n}"),
        name: "Ada".into(),
        lease_until: 1,
        unannounced: false,
        absence_seconds: None,
        address: None,
    };
    (0..people).map(person).collect()
}

#[tokio::test]
async fn a_fan_out_opens_few_connections_and_the_next_one_reuses_them() {
    let (chat, opened) = started().await;
    let frame = ServerFrame::Pong(Pong { at: 0, rooms: BTreeMap::new(), id: None });
    let people = 10 * CONCURRENCY;
    let all = PostCounts { delivered: people, ..PostCounts::default() };
    for _ in 0..4 {
        assert_eq!(chat.fanout().broadcast("room", audience(people), &frame, 0).await.counts, all);
    }
    // For 40 times as many posts. A post that starts just before a connection becomes free opens one more.
    let opened = opened.load(Ordering::Relaxed);
    assert!(opened <= 2 * CONCURRENCY, "{opened} connections for {CONCURRENCY} posts at once");
}
