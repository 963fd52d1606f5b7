//! The digest of people matches the documented test vectors, which the client's tests read too.

#![allow(clippy::expect_used, reason = "a failed test may panic")]

use parlor_protocol::person::{Person, digest};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    what: String,
    people: Vec<Person>,
    digest: String,
}

#[test]
fn the_digest_matches_the_test_vectors() {
    let vectors: Vec<Vector> =
        serde_json::from_str(include_str!("../../../docs/protocol/people-digest.json")).expect("the vectors are JSON");
    for Vector { what, people, digest: documented } in vectors {
        assert_eq!(digest(&people), documented, "{what}");
        assert_eq!(digest(people.iter().rev()), documented, "{what}, in another order");
    }
}
