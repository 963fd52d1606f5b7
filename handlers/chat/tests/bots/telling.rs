//! Telling webhooks messages: what `send` passes on, what is told and to whom, and where it may go.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::any;
use parlor_chat::bots::courier::{Courier, Scheme, is_of_the_internet};
use parlor_chat::bots::tell::News;
use parlor_protocol::http::{Hook, ToldHook};
use parlor_protocol::limits::TOLD_PER_ROOM;
use proptest::prelude::*;

use super::support::faults::{Ended, Fault};
use super::*;

const URL: &str = "https://bots.example.com/told?room=tea";

async fn create(chat: &Chat, room: &str, name: &str, url: &str) -> Result<Hook, ChatError> {
    let new = parse_body(&json!({ "name": name, "url": url }).to_string()).unwrap();
    chat.create_hook(&person("ada"), room, new, Scheme::OrLoopback, LATER).await
}

/// Returns a room of Ada's with a webhook that is told, with her and Bob inside, and the room's id.
async fn room_with_hook(url: &str) -> (TestEnv, Caller, Hook, String) {
    let env = test_env().await;
    let room = env.create("ada", json!({})).await.room_id;
    let ada = env.joined("ada-1", &room, NOON).await;
    env.joined("bob-1", &room, NOON).await;
    let hook = create(&env.chat, &room, "Echo", url).await.unwrap();
    (env, ada, hook, room)
}

/// Sends a message, and returns what the webhook is to be told of it.
async fn sent(env: &TestEnv, by: &Caller, room: &str, id: &str) -> News {
    env.send(by, room, id, LATER).await.unwrap();
    env.gateway.take_news().pop().unwrap()
}

async fn moderate(env: &TestEnv, room: &str, body: Value) {
    env.chat.moderate(&person("ada"), room, &parse_body(&body.to_string()).unwrap(), LATER).await.unwrap();
}

/// Starts a program that answers so, and returns its address.
async fn program(status: StatusCode) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().route("/", any(async move || (status, [("location", "/elsewhere")])));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

#[tokio::test]
async fn everyone_learns_where_messages_go_and_only_the_owner_the_secrets() {
    let (env, _, hook, room) = room_with_hook(URL).await;
    for connection in ["ada-1", "bob-1"] {
        let notice = env.gateway.take(connection).pop().unwrap();
        assert_eq!((&notice["kind"], &notice["host"]), (&json!("botAdded"), &json!("bots.example.com")));
        assert!(!notice.to_string().contains("told?room"), "{notice}");
    }
    let told = ToldHook { user_id: hook.person.user_id.clone(), host: "bots.example.com".into() };
    let info = env.chat.describe_room(&site(), &room, None, None, LATER).await.unwrap();
    assert_eq!(info.told, [told]);
    assert!(hook.signing_secret.unwrap().starts_with("whsec_"));
}

#[tokio::test]
async fn send_passes_on_where_a_message_is_once_for_each_webhook_that_is_told() {
    let (env, ada, hook, room) = room_with_hook(URL).await;
    let other = create(&env.chat, &room, "Other", URL).await.unwrap();
    let counts = env.send(&ada, &room, "1", LATER).await.unwrap();
    assert_eq!((counts.delivered, counts.unasked), (2, 0));
    let epoch = env.chat.rooms.open(&room, LATER).await.unwrap().epoch;
    let news =
        |hook: &Hook| News { room: room.clone(), epoch: epoch.clone(), seq: 3, hook: hook.person.user_id.clone() };
    assert_eq!(env.gateway.take_news(), [news(&hook), news(&other)]);
    env.gateway.refuse_invocations();
    let counts = env.send(&ada, &room, "2", LATER).await.unwrap();
    assert_eq!((counts.delivered, counts.unasked), (2, 2), "it is posted all the same");
}

#[tokio::test]
async fn what_programs_write_and_what_is_changed_is_not_told() {
    let (env, ada, hook, room) = room_with_hook(URL).await;
    let message = parse_body(r#"{"text":"Build 7 passed"}"#).unwrap();
    env.chat.post_hook(&hook.id, &hook.secret, message, LATER).await.unwrap();
    assert_eq!(env.gateway.take_news(), []);
    let News { seq, .. } = sent(&env, &ada, &room, "1").await;
    let edit = json!({ "action": "edit", "room": room, "seq": seq, "id": "2", "text": "changed" });
    env.chat.edit(&ada, of(edit), LATER).await.unwrap();
    env.send(&ada, &room, "1", LATER).await.unwrap();
    assert_eq!(env.gateway.take_news(), []);
}

#[tokio::test]
async fn a_letter_has_the_frame_and_the_same_id_each_time_and_another_for_another_webhook() {
    let (env, ada, hook, room) = room_with_hook(URL).await;
    create(&env.chat, &room, "Other", URL).await.unwrap();
    env.gateway.take("bob-1");
    let news = sent(&env, &ada, &room, "1").await;
    let letter = env.chat.letter(&news, LATER).await.unwrap().unwrap();
    assert_eq!(letter.url, URL);
    let frame = env.gateway.take("bob-1").pop().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&letter.body).unwrap(), frame);
    assert_eq!(env.chat.letter(&news, LATER + SECOND).await.unwrap().unwrap(), letter);
    let other = News { hook: hook.person.user_id, ..news };
    assert_ne!(env.chat.letter(&other, LATER).await.unwrap().unwrap().id, letter.id);
}

#[tokio::test]
async fn nothing_is_told_of_what_is_no_longer_there_or_to_whom_it_must_not_be() {
    let (env, ada, hook, room) = room_with_hook(URL).await;
    let deleted = sent(&env, &ada, &room, "1").await;
    let delete = json!({ "action": "delete", "room": room, "seq": deleted.seq, "id": "2" });
    env.chat.delete(&ada, of(delete), LATER).await.unwrap();
    let news = sent(&env, &ada, &room, "3").await;
    let absent = |part: &str| News { hook: format!("bot:hook.{part}"), ..news.clone() };
    let elsewhere = News { room: "absent".into(), ..news.clone() };
    let later = News { seq: 99, ..news.clone() };
    let (_, direct) = direct_with_bot(&env).await;
    let private = News { room: direct, ..news.clone() };
    for nothing in [&deleted, &absent("0123456789abcdef"), &elsewhere, &later, &private] {
        assert_eq!(env.chat.letter(nothing, LATER).await.unwrap(), None, "{nothing:?}");
    }
    let user_id = &hook.person.user_id;
    for (action, is_told) in [("mute", true), ("ban", false), ("unban", true)] {
        let name = (action != "unban").then_some("Echo");
        let mut body = json!({ "action": action, "userId": user_id });
        if let Some(name) = name {
            body["name"] = json!(name);
        }
        moderate(&env, &room, body).await;
        assert_eq!(env.chat.letter(&news, LATER).await.unwrap().is_some(), is_told, "{action}");
    }
    env.chat.clear_room(&person("ada"), &room, None, tokio::time::Instant::now(), LATER).await.unwrap();
    assert_eq!(env.chat.letter(&news, LATER).await.unwrap(), None, "cleared");
    let news = sent(&env, &ada, &room, "4").await;
    set(&env.chat, "ada", &room, user_id.strip_prefix("bot:").unwrap(), false).await.unwrap();
    assert_eq!(env.chat.letter(&news, LATER).await.unwrap(), None, "removed");
    env.chat.close_room(&person("ada"), &room, tokio::time::Instant::now(), LATER).await.unwrap();
    assert_eq!(env.chat.letter(&news, LATER).await.unwrap(), None, "closed");
}

#[tokio::test]
async fn what_is_acknowledged_is_told_or_counted_as_not_told_whatever_fails() {
    for fault in Fault::ALL {
        for n in 1.. {
            let (env, ada, _, room) = room_with_hook(URL).await;
            let sending =
                env.faulty.send(&ada, of(json!({ "action": "send", "room": room, "id": "1", "text": "x" })), LATER);
            let (ended, happened) = env.faults.during(n, fault, sending, async || {}).await;
            if let Ended::Finished(Ok(counts)) = &ended {
                assert!(counts.unasked == 1 || !env.gateway.take_news().is_empty(), "{fault:?} at {n}");
            }
            if !happened {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_letter_that_cannot_be_read_fails_and_is_the_same_later() {
    let (env, ada, _, room) = room_with_hook(URL).await;
    let news = sent(&env, &ada, &room, "1").await;
    let letter = env.chat.letter(&news, LATER).await.unwrap();
    for fault in Fault::ALL {
        for n in 1.. {
            let (ended, happened) = env.faults.during(n, fault, env.faulty.letter(&news, LATER), async || {}).await;
            match ended {
                Ended::Finished(Ok(read)) => assert_eq!(read, letter, "{fault:?} at {n}"),
                Ended::Finished(Err(error)) => assert_eq!(error.code(), ErrorCode::Unavailable, "{fault:?} at {n}"),
                Ended::Stopped => {}
            }
            if !happened {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_room_tells_no_more_than_three() {
    let (env, _, _, room) = room_with_hook(URL).await;
    for n in 1..TOLD_PER_ROOM {
        create(&env.chat, &room, &format!("Program {}", char::from(b'a' + n as u8)), URL).await.unwrap();
    }
    let refused = create(&env.chat, &room, "One more", URL).await.unwrap_err();
    assert_eq!(refused.to_string(), "the room has 3 webhooks that are told messages; remove one first");
}

#[tokio::test]
async fn a_program_has_a_message_if_it_says_so_or_that_it_never_will() {
    for (status, expected) in [
        (StatusCode::OK, Ok(())),
        (StatusCode::NO_CONTENT, Ok(())),
        (StatusCode::GONE, Ok(())),
        (StatusCode::FOUND, Err("status 302".to_owned())),
        (StatusCode::NOT_FOUND, Err("status 404".to_owned())),
        (StatusCode::INTERNAL_SERVER_ERROR, Err("status 500".to_owned())),
    ] {
        let (env, ada, _, room) = room_with_hook(&program(status).await).await;
        let news = sent(&env, &ada, &room, "1").await;
        let letter = env.chat.letter(&news, LATER).await.unwrap().unwrap();
        assert_eq!(Courier::new(Scheme::OrLoopback).post(&letter, LATER).await, expected);
        let refused = Courier::new(Scheme::Https).post(&letter, LATER).await;
        assert_eq!(refused, Err("an address that is not allowed".into()));
    }
}

#[tokio::test]
async fn a_program_that_does_not_answer_fails() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (env, ada, _, room) = room_with_hook(&format!("http://{}/", listener.local_addr().unwrap())).await;
    let news = sent(&env, &ada, &room, "1").await;
    let letter = env.chat.letter(&news, LATER).await.unwrap().unwrap();
    let courier = Courier::new(Scheme::OrLoopback);
    let posting = courier.post(&letter, LATER);
    tokio::time::pause();
    assert_eq!(posting.await, Err("timeout".into()));
    drop(listener);
    tokio::time::resume();
    assert_eq!(courier.post(&letter, LATER).await, Err("no connection".into()));
}

#[tokio::test]
async fn a_host_name_of_this_machine_is_not_connected_to() {
    let (env, ada, _, room) = room_with_hook("https://parlor.localhost/").await;
    let news = sent(&env, &ada, &room, "1").await;
    let letter = env.chat.letter(&news, LATER).await.unwrap().unwrap();
    assert_eq!(Courier::new(Scheme::Https).post(&letter, LATER).await, Err("no connection".into()));
}

#[test]
fn addresses_must_be_https_of_a_host_of_the_internet() {
    for (url, host) in [
        (URL, "bots.example.com"),
        ("https://BOTS.example.com", "bots.example.com"),
        ("https://bots.example.com:443/", "bots.example.com"),
        ("https://8.8.8.8/", "8.8.8.8"),
        ("https://[2606:4700::1111]/", "[2606:4700::1111]"),
    ] {
        assert_eq!(Scheme::Https.host(url).as_deref(), Ok(host), "{url}");
    }
    for url in [
        "",
        "bots.example.com",
        "/told",
        "http://bots.example.com/",
        "ftp://bots.example.com/",
        "https://bots.example.com:8443/",
        "https://user:secret@bots.example.com/",
        "https://@bots.example.com/",
        "https://bots.example.com/#part",
        "https://localhost/",
        "https://bots/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "http://127.0.0.1:9001/",
        "https://bücher.example/",
        "https://bots.example.com/a b",
    ] {
        assert!(Scheme::Https.host(url).is_err(), "{url}");
    }
    assert_eq!(Scheme::OrLoopback.host("http://127.0.0.1:8080/told").as_deref(), Ok("127.0.0.1"));
    for url in ["http://localhost:8080/", "http://10.0.0.1/", "https://10.0.0.1/", "http://169.254.169.254/"] {
        assert!(Scheme::OrLoopback.host(url).is_err(), "{url}");
    }
}

#[test]
fn special_addresses_are_not_of_the_internet() {
    for address in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "::8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!is_of_the_internet(address.parse().unwrap()), "{address}");
    }
    for address in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:4860:4860::8888",
        "2606:4700::1111",
        "2a00::1",
    ] {
        assert!(is_of_the_internet(address.parse().unwrap()), "{address}");
    }
}

proptest! {
    #[test]
    fn no_address_that_the_standard_library_knows_to_be_special_is_of_the_internet(bits: u32, high: u128) {
        let v4 = Ipv4Addr::from_bits(bits);
        let is_special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_multicast()
            || v4.is_broadcast() || v4.is_documentation() || v4.is_unspecified();
        prop_assert!(!(is_special && is_of_the_internet(IpAddr::V4(v4))), "{v4}");
        // Whatever stands for an address of IPv4 is refused, too.
        for prefix in [0, 0xffff_u128 << 32, 0x0064_ff9b_u128 << 96, (0x2002_u128 << 112) | (u128::from(bits) << 80)] {
            let v6 = Ipv6Addr::from_bits(prefix | u128::from(bits));
            prop_assert!(!is_of_the_internet(IpAddr::V6(v6)), "{v6}");
        }
        let v6 = Ipv6Addr::from_bits(high);
        let is_special = v6.is_loopback() || v6.is_unspecified() || v6.is_multicast() || v6.is_unique_local()
            || v6.is_unicast_link_local() || v6.to_ipv4().is_some();
        prop_assert!(!(is_special && is_of_the_internet(IpAddr::V6(v6))), "{v6}");
    }

    #[test]
    fn every_address_of_a_special_network_is_refused(bits: u32) {
        for (network, length) in [
            (Ipv4Addr::new(10, 0, 0, 0), 8), (Ipv4Addr::new(127, 0, 0, 0), 8), (Ipv4Addr::new(169, 254, 0, 0), 16),
            (Ipv4Addr::new(172, 16, 0, 0), 12), (Ipv4Addr::new(192, 168, 0, 0), 16), (Ipv4Addr::new(100, 64, 0, 0), 10),
        ] {
            let inside = Ipv4Addr::from_bits(network.to_bits() | (bits >> length));
            prop_assert!(!is_of_the_internet(IpAddr::V4(inside)), "{inside}");
        }
    }
}
