//! What the API's published model says of `RecognizeText`: the shapes `RecognizeTextRequest`, `RecognizeTextResponse` and
//! those in them, in `botocore/data/lexv2-runtime/2020-08-07/service-2.json` of https://github.com/boto/botocore.

use serde_json::Value;

/// Checks a request: the members of its path and its body. Returns the text.
pub fn check_request(path: [&str; 4], body: &[u8]) -> Result<String, String> {
    let [bot, alias, locale, session] = path;
    let is_id = |id: &str| id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // BotIdentifier: 10 characters, ^[0-9a-zA-Z]+$. BotAliasIdentifier and LocaleId have no form there.
    expect(bot.len() == 10 && is_id(bot), "botId")?;
    expect(!alias.is_empty(), "botAliasId")?;
    expect(!locale.is_empty(), "localeId")?;
    // SessionId: 2 to 100 characters, [0-9a-zA-Z._:-]+
    let is_session = session.chars().all(|c| c.is_ascii_alphanumeric() || "._:-".contains(c));
    expect((2..=100).contains(&session.len()) && is_session, "sessionId")?;
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    for (name, value) in body.as_object().ok_or("not an object")? {
        match name.as_str() {
            // Text: 1 to 1,024 characters, which Lex counts in code units: https://docs.aws.amazon.com/lexv2/latest/dg/quotas.html
            "text" => {
                let units = value.as_str().unwrap_or_default().encode_utf16().count();
                expect((1..=1024).contains(&units), name)?;
            }
            "sessionState" | "requestAttributes" => expect(value.is_object(), name)?,
            _ => return Err(format!("unknown member {name}")),
        }
    }
    body["text"].as_str().map(str::to_owned).ok_or("text is required".into())
}

/// Checks that the fake's own answer is one of the model.
pub fn check_response(answer: &Value) {
    for name in answer.as_object().unwrap().keys() {
        let known = ["messages", "sessionState", "interpretations", "requestAttributes", "sessionId"];
        assert!(known.contains(&name.as_str()), "{name}");
    }
    let Some(messages) = answer["messages"].as_array() else { return };
    assert!(messages.len() <= 10);
    for message in messages {
        let kind = message["contentType"].as_str().unwrap();
        assert!(["CustomPayload", "ImageResponseCard", "PlainText", "SSML"].contains(&kind), "{kind}");
        within(&message["content"], 1024);
        let card = &message["imageResponseCard"];
        assert_eq!(card.is_object(), kind == "ImageResponseCard");
        assert!(card.is_null() || card["title"].is_string());
        within(&card["title"], 250);
        within(&card["subtitle"], 250);
        for button in card["buttons"].as_array().into_iter().flatten() {
            assert!(button["text"].is_string() && button["value"].is_string());
            within(&button["text"], 50);
            within(&button["value"], 50);
        }
        assert!(card["buttons"].as_array().is_none_or(|buttons| buttons.len() <= 5));
    }
}

/// A string, if it is there, has 1 to so many characters.
fn within(value: &Value, most: usize) {
    assert!(
        value.is_null() || value.as_str().is_some_and(|text| (1..=most).contains(&text.chars().count())),
        "{value}"
    );
}

fn expect(is_valid: bool, name: &str) -> Result<(), String> {
    if is_valid { Ok(()) } else { Err(format!("{name} is not valid")) }
}
