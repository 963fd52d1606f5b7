//! The digest of people is as the page and the test vectors say; the client's tests read the same vectors.

#![allow(clippy::expect_used, reason = "a test says what went wrong by stopping")]

use parlor_protocol::person::{Person, digest};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    what: String,
    people: Vec<Person>,
    digest: String,
}

#[test]
fn the_digest_is_as_documented() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../../docs/protocol/people-digest.json")).expect("the vectors are JSON");
    for Vector { what, people, digest: documented } in vectors {
        assert_eq!(digest(&people), documented, "{what}");
        assert_eq!(digest(people.iter().rev()), documented, "{what}, in another order");
    }
}
