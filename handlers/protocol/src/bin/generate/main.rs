//! Writes what is derived from this crate: JSON Schema, OpenAPI, AsyncAPI and the list of blank characters into
//! `docs/protocol`, the client's TypeScript types into `client/src/protocol.ts`, and the list of emoji. Run by
//! `npm run generate`.

#![allow(clippy::expect_used, reason = "a developer tool may stop with what went wrong")]

mod asyncapi;
mod openapi;
mod schema;
mod typescript;
mod unicode;

use std::path::Path;

use serde_json::Value;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let pretty = |value: Value| serde_json::to_string_pretty(&value).expect("JSON can be written") + "\n";
    let files = [
        ("docs/protocol/schema.json", pretty(schema::schema())),
        ("docs/protocol/openapi.json", pretty(openapi::openapi())),
        ("docs/protocol/asyncapi.json", pretty(asyncapi::asyncapi())),
        ("docs/protocol/blank.json", unicode::blank_ranges()),
        ("handlers/protocol/src/emoji.txt", unicode::recommended_emoji()),
        ("client/src/protocol.ts", typescript::typescript()),
    ];
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().expect("each file has a folder")).expect("the folder can be created");
        std::fs::write(path, text).expect("the file can be written");
    }
}
