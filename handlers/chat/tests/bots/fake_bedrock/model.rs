//! What the API's published model says of `ConverseStream`: the shapes `ConverseStreamRequest`, `ConverseStreamOutput` and
//! those in them, in `botocore/data/bedrock-runtime/2023-09-30/service-2.json` of https://github.com/boto/botocore. That
//! turns alternate and begin with the user is documented, not modeled:
//! https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html

use serde_json::Value;

/// Checks a request: the member of its path and its body. Returns the body.
pub fn check_request(model_id: &str, body: &[u8]) -> Result<Value, String> {
    // ConversationalModelId: 1 to 2,048 characters, an ARN or ([a-zA-Z0-9-:.]+)
    let is_id = model_id.chars().all(|c| c.is_ascii_alphanumeric() || "-:.".contains(c));
    let is_arn = model_id.starts_with("arn:aws:bedrock:");
    expect((1..=2_048).contains(&model_id.len()) && (is_id || is_arn), "modelId")?;
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    for name in members(&body)? {
        expect(["messages", "system", "inferenceConfig"].contains(&name), name)?;
    }
    for block in list(&body["system"])? {
        // NonEmptyString
        expect(!text(block)?.is_empty(), "system")?;
    }
    let mut roles = Vec::new();
    for message in list(&body["messages"])? {
        expect(members(message)?.len() == 2, "message")?;
        roles.push(message["role"].as_str().unwrap_or_default());
        let content = list(&message["content"])?;
        expect(!content.is_empty(), "content")?;
        for block in content {
            expect(!text(block)?.trim().is_empty(), "text")?;
        }
    }
    let alternate = roles.iter().enumerate().all(|(n, role)| *role == if n % 2 == 0 { "user" } else { "assistant" });
    expect(alternate && roles.len() % 2 == 1, "roles")?;
    let inference = &body["inferenceConfig"];
    expect(members(inference)? == ["maxTokens"], "inferenceConfig")?;
    expect(inference["maxTokens"].as_u64().is_some_and(|tokens| tokens >= 1), "maxTokens")?;
    Ok(body)
}

/// Checks that an event of the fake's own is one of the model. `p` is padding, which Bedrock adds.
pub fn check_event(name: &str, event: &Value) {
    let known: &[&str] = match name {
        "messageStart" => &["role"],
        "contentBlockDelta" => &["contentBlockIndex", "delta"],
        "contentBlockStop" => &["contentBlockIndex"],
        "messageStop" => &["stopReason"],
        "metadata" => &["metrics", "usage"],
        other => unreachable!("{other}"),
    };
    let mut members = members(event).unwrap();
    members.retain(|member| *member != "p");
    assert_eq!(members, known, "{name}");
}

/// Returns the text of a block, whose only member it must be.
fn text(block: &Value) -> Result<&str, String> {
    expect(members(block)? == ["text"], "block")?;
    block["text"].as_str().ok_or_else(|| "text is not valid".into())
}

fn members(value: &Value) -> Result<Vec<&str>, String> {
    Ok(value.as_object().ok_or("not an object")?.keys().map(String::as_str).collect())
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "not a list".into())
}

fn expect(is_valid: bool, name: &str) -> Result<(), String> {
    if is_valid { Ok(()) } else { Err(format!("{name} is not valid")) }
}
