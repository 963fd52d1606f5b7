//! The authorizer of `$connect`: identifies the caller and refuses other sites' pages.
//!
//! API Gateway hands the context that it returns to every later frame of the connection. So identifying the sender of a frame
//! needs no look-up, and nothing in a frame's body matters for it.

use std::collections::HashMap;

use aws_lambda_events::apigw::{
    ApiGatewayCustomAuthorizerPolicy, ApiGatewayCustomAuthorizerRequestTypeRequest, ApiGatewayCustomAuthorizerResponse,
};
use aws_lambda_events::iam::{IamPolicyEffect, IamPolicyStatement};
use futures_util::future::try_join;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use parlor_chat::delivery::PostCounts;
use parlor_chat::error::{ChatError, Result};
use parlor_chat::now;
use parlor_chat::people::identity::{IdentityKind, new_guest};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::person::Person;

use crate::app::App;
use crate::telemetry::Invocation;

pub type Request = ApiGatewayCustomAuthorizerRequestTypeRequest;
type Verdict = ApiGatewayCustomAuthorizerResponse<HashMap<String, String>>;

/// The prefix of a subprotocol that carries a token.
const TOKEN_PREFIX: &str = "token.";

pub async fn run(app: App) -> std::result::Result<(), Error> {
    let app = &app;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Request>| {
        let invocation = Invocation::start(app);
        let request = event.payload;
        let identity = identify(app, &request).await;
        invocation.ended(identity.as_ref().map(|_| PostCounts::default()));
        match identity {
            Ok(identified) => Ok(verdict(&request, IamPolicyEffect::Allow, Some(identified))),
            Err(error @ ChatError::Service { .. }) => Err(Error::from(error)),
            Err(_) => Ok(verdict(&request, IamPolicyEffect::Deny, None)),
        }
    }))
    .await
}

/// Who connects. API Gateway adds this to every later frame of the connection.
struct Identified {
    person: Person,
    kind: IdentityKind,
    /// A keyed hash of the address of a guest without a token.
    address: Option<String>,
}

async fn identify(app: &App, request: &Request) -> Result<Identified> {
    let now = now();
    app.edge().check(&request.headers, now).await?;
    app.origins.check(&request.headers)?;
    let proven = match token(request)? {
        Some(token) => Some(app.identity().identify(&token, now).await?),
        None => {
            app.identity().admit_guest()?;
            None
        }
    };
    let source_ip = request.request_context.identity.as_ref().and_then(|identity| identity.source_ip.as_deref());
    let address = app.edge().address(&request.headers, source_ip, now).await?;
    let limiter = &app.chat.limiter;
    Ok(match proven {
        Some((holder, kind)) => {
            let counted = limiter.connect(&holder.user_id, &address, now);
            let ((), person) = try_join(counted, app.chat.person(holder.clone(), kind)).await?;
            Identified { person, kind, address: None }
        }
        None => {
            let hashed = app.identity().guests.hash_address(&address, now);
            let ((), hashed) = try_join(limiter.guest(&address, now), hashed).await?;
            Identified { person: new_guest()?, kind: IdentityKind::Guest, address: Some(hashed) }
        }
    })
}

/// Returns the token from the subprotocols or, if they contain none, from the query parameter.
///
/// # Errors
/// `unauthorized` if the subprotocols are not text.
pub fn token(request: &Request) -> Result<Option<String>> {
    let Some(offered) = request.headers.get(SEC_WEBSOCKET_PROTOCOL) else {
        return Ok(request.query_string_parameters.first("token").map(str::to_owned));
    };
    let not_text = || ChatError::refused(ErrorCode::Unauthorized, "Sec-WebSocket-Protocol must be ASCII text");
    let offered = offered.to_str().map_err(|_| not_text())?;
    let token = offered.split(',').find_map(|protocol| protocol.trim().strip_prefix(TOKEN_PREFIX));
    Ok(token.or_else(|| request.query_string_parameters.first("token")).map(str::to_owned))
}

fn verdict(request: &Request, effect: IamPolicyEffect, identified: Option<Identified>) -> Verdict {
    let mut statement = IamPolicyStatement::default();
    statement.action = vec!["execute-api:Invoke".into()];
    statement.effect = effect;
    statement.resource = vec![request.method_arn.clone().unwrap_or_default()];
    let mut policy = ApiGatewayCustomAuthorizerPolicy::default();
    policy.version = Some("2012-10-17".into());
    policy.statement = vec![statement];
    let mut verdict = Verdict::default();
    verdict.policy_document = policy;
    if let Some(Identified { person: Person { user_id, name }, kind, address }) = identified {
        verdict.principal_id = Some(user_id.clone());
        verdict.context =
            HashMap::from([("userId".into(), user_id), ("name".into(), name), ("kind".into(), kind.as_str().into())]);
        verdict.context.extend(address.map(|address| ("address".into(), address)));
    } else {
        verdict.principal_id = Some("nobody".into());
    }
    verdict
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::app::tests::deployed;

    #[allow(clippy::unwrap_used, reason = "a failed test may panic")]
    fn request(headers: &Value, query: &Value) -> Request {
        serde_json::from_value(json!({
            "type": "REQUEST",
            "methodArn": "arn:aws:execute-api:us-east-1:000000000000:api/ws/$connect",
            "headers": headers,
            "queryStringParameters": query,
            "requestContext": {},
        }))
        .unwrap()
    }

    fn token_of(headers: &Value, query: &Value) -> Option<String> {
        token(&request(headers, query)).ok().flatten()
    }

    #[test]
    fn a_token_is_read_from_the_subprotocols_or_the_query() {
        let none = json!({});
        assert_eq!(token_of(&none, &none), None);
        assert_eq!(token_of(&json!({ "Sec-WebSocket-Protocol": "parlor.v1" }), &none), None);
        assert_eq!(
            token_of(&json!({ "Sec-WebSocket-Protocol": "parlor.v1, token.a.b.c" }), &none),
            Some("a.b.c".into())
        );
        assert_eq!(token_of(&none, &json!({ "token": "d" })), Some("d".into()));
        let both = token_of(&json!({ "sec-websocket-protocol": "token.a,parlor.v1" }), &json!({ "token": "d" }));
        assert_eq!(both, Some("a".into()));
        assert_eq!(
            token_of(&json!({ "Sec-WebSocket-Protocol": "parlor.v1" }), &json!({ "token": "d" })),
            Some("d".into())
        );
    }

    #[tokio::test]
    async fn other_sites_pages_and_tokens_that_are_too_long_are_refused() {
        let app = deployed("plain", "authorize");
        let none = json!({});
        let code = async |headers: &Value, query: &Value| {
            identify(&app, &request(headers, query))
                .await
                .map_err(|error| error.code())
                .map(|identified| identified.person.user_id.len())
        };
        let evil = json!({ "Origin": "https://evil.example" });
        assert_eq!(code(&evil, &none).await, Err(ErrorCode::Forbidden));
        assert_eq!(code(&evil, &json!({ "token": "a.b.c" })).await, Err(ErrorCode::Forbidden));
        let long = json!({ "token": "x".repeat(4097) });
        assert_eq!(code(&none, &long).await, Err(ErrorCode::Unauthorized));
    }

    #[tokio::test]
    async fn a_stage_without_guests_refuses_connections_without_a_token_and_with_a_guest_token() {
        let app = deployed("members", "authorize");
        for query in [json!({}), json!({ "token": "a.b.c" })] {
            let refused = identify(&app, &request(&json!({}), &query)).await.map_err(|error| error.to_string());
            let because = Err("sign in: this stage admits no guests".into());
            assert_eq!(refused.map(|identified| identified.person.user_id), because);
        }
    }

    #[tokio::test]
    async fn a_stage_with_a_firewall_refuses_connections_that_bypass_cloudfront() {
        let app = deployed("full", "authorize");
        for query in [json!({}), json!({ "token": "a.b.c" })] {
            let refused = identify(&app, &request(&json!({}), &query)).await.map_err(|error| error.code());
            assert_eq!(refused.map(|identified| identified.person.user_id), Err(ErrorCode::Forbidden));
        }
    }
}
