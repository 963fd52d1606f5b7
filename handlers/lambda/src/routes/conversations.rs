//! The routes under `/api/conversations` and `/api/me/blocks`. Each needs a token, and acts for the person whom it
//! identifies.

use http::StatusCode;
use parlor_chat::error::Result;
use parlor_chat::log::history::{PageRange, page_length};
use parlor_chat::now;
use parlor_protocol::conversations::BlockList;

use crate::app::App;
use crate::requests::{self, Request, Response};

pub(super) async fn create(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let conversation = app.chat.create_conversation(&me, request.body()?, now()).await?;
    Ok(requests::json(StatusCode::OK, &conversation))
}

/// Its cursor is signed, so a client cannot make one up.
pub(super) async fn list(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let (guests, limit) = (&app.identity().guests, request.number("limit")?);
    let unread_only = request.flag("unread")?;
    let after = match request.query("cursor")? {
        Some(cursor) => Some(guests.check_cursor(cursor, now()).await?),
        None => None,
    };
    let mut list = app.chat.list_conversations(&me.user_id, after.as_deref(), limit, unread_only, now()).await?;
    if let Some(position) = list.cursor {
        list.cursor = Some(guests.sign_cursor(&position, now()).await?);
    }
    Ok(requests::json(StatusCode::OK, &list))
}

pub(super) async fn get(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let conversation = app.chat.describe_conversation(&me.user_id, request.room_id()?, now()).await?;
    Ok(requests::json(StatusCode::OK, &conversation))
}

pub(super) async fn messages(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let range = PageRange::new(request.number("before")?, request.number("after")?)?;
    let length = page_length(request.number("limit")?)?;
    let page = app.chat.list_conversation_messages(&me.user_id, request.room_id()?, range, length, now()).await?;
    Ok(requests::json(StatusCode::OK, &page))
}

pub(super) async fn update(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let conversation = app.chat.update_conversation(&me, request.room_id()?, &request.body()?, now()).await?;
    Ok(requests::json(StatusCode::OK, &conversation))
}

pub(super) async fn add_members(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let conversation = app.chat.add_members(&me, request.room_id()?, &request.body()?, now()).await?;
    Ok(requests::json(StatusCode::OK, &conversation))
}

pub(super) async fn remove_member(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    app.chat.remove_member(&me, request.room_id()?, request.user_id()?.as_str(), now()).await?;
    Ok(requests::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn block(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    app.chat.block(&me, &request.person_ref()?, now()).await?;
    Ok(requests::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn unblock(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    app.chat.unblock(&me, request.user_id()?.as_str()).await?;
    Ok(requests::empty(StatusCode::NO_CONTENT))
}

pub(super) async fn blocks(app: &App, request: &Request) -> Result<Response> {
    let (me, _) = request.counted_identity(app).await?;
    let user_ids = app.chat.blocked(&me.user_id).await?;
    Ok(requests::json(StatusCode::OK, &BlockList { user_ids }))
}
