//! OpenAPI: the HTTP API.

use parlor_protocol::conversations::{
    BlockList, Conversation, ConversationList, ConversationUpdate, Member, NewConversation, NewMembers,
};
use parlor_protocol::held::HeldList;
use parlor_protocol::http::{
    Clearing, Erasing, Export, GuestLink, HandleClaim, Hook, HookMessage, HookReceipt, Me, NewHook, NewPass, NewRoom,
    NewSession, Problem, RoomInfo, RoomList, RoomPass, RoomUpdate, Session, ToldHook,
};
use parlor_protocol::limits;
use parlor_protocol::log::LogPage;
use parlor_protocol::moderation::{Moderation, ModerationState};
use parlor_protocol::person::{Person, Profile};
use parlor_protocol::reports::{NewReport, ReportList};
use serde_json::{Value, json};

use crate::schema::schemas;

pub fn openapi() -> Value {
    let response = |description: &str, name: &str| {
        json!({
            "description": description,
            "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } },
        })
    };
    let body = |name: &str| {
        json!({
            "required": true,
            "content": { "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } },
        })
    };
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    let room_id = json!({ "name": "roomId", "in": "path", "required": true, "schema": { "type": "string" } });
    let query = |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let page_size =
        |max: u32, default: u32| json!({ "type": "integer", "minimum": 1, "maximum": max, "default": default });
    let pass = json!({
        "name": "parlor-pass", "in": "header", "schema": { "type": "string" },
        "description": "Required if the room has a password: see createPass",
    });
    let seq = json!({ "type": "integer", "minimum": 0 });
    let user_id = json!({ "name": "userId", "in": "path", "required": true, "schema": { "type": "string" } });
    let done = |description: &str| json!({ "204": { "description": description }, "4XX": problem, "5XX": problem });
    let ok = |description, schema| json!({ "200": response(description, schema), "4XX": problem, "5XX": problem });
    let conversation = || ok("The conversation", "Conversation");
    let (before, after) = (query("before", seq.clone()), query("after", seq));
    let events = query("limit", page_size(limits::PAGE_EVENTS, limits::PAGE_EVENTS_DEFAULT));
    let deleting = json!({
        "description": "The log can no longer be read, but part of it is still stored: repeat the request to continue",
    });
    let token = json!([{ "token": [] }]);
    let token_or_none = json!([{ "token": [] }, {}]);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Parlor",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT", "identifier": "MIT" },
            "description": "Sessions, rooms and log pages. asyncapi.json describes the frames.",
        },
        "servers": [{
            "url": "{site}/api",
            "description": "A stage, at the address of its page",
            "variables": { "site": { "default": "https://chat.example.org", "description": "The stack's output SiteUrl" } },
        }],
        "security": [],
        "paths": {
            "/sessions": { "post": {
                "operationId": "createSession",
                "summary": "Get a guest token, to stay the same person across connections. With a guest's token, that guest gets another",
                "security": token_or_none,
                "requestBody": body("NewSession"),
                "responses": { "201": response("The identity and its token", "Session"), "4XX": problem, "5XX": problem },
            } },
            "/me": {
                "get": {
                    "operationId": "getMe", "summary": "Get the person that the token identifies",
                    "security": token,
                    "responses": ok("The person", "Me"),
                },
                "delete": {
                    "operationId": "eraseMe",
                    "summary": "Delete your name, handle, memberships and read markers and, if asked for, your messages",
                    "security": token,
                    "parameters": [
                        query("messages", json!({ "type": "boolean", "description": "Whether to delete your messages, too" })),
                        query("cursor", json!({ "type": "string" })),
                    ],
                    "responses": { "204": { "description": "All of it is deleted" }, "202": response("Part of it is still stored: repeat the request with this cursor to continue", "Erasing"), "4XX": problem, "5XX": problem },
                },
            },
            "/me/export": { "get": {
                "operationId": "exportMe", "summary": "Get everything that is stored about you",
                "security": token,
                "parameters": [query("cursor", json!({ "type": "string" }))],
                "responses": ok("A page", "Export"),
            } },
            "/me/handle": {
                "put": {
                    "operationId": "claimHandle", "summary": "Claim a handle, instead of the one that you have, or renew it",
                    "security": token,
                    "requestBody": body("HandleClaim"),
                    "responses": ok("The person, with the handle", "Profile"),
                },
                "delete": {
                    "operationId": "releaseHandle", "summary": "Release your handle",
                    "security": token,
                    "responses": done("You have no handle"),
                },
            },
            "/me/guest": { "put": {
                "operationId": "linkGuest",
                "summary": "Continue as this guest, with everything that they have here. Only with a token of the identity provider",
                "security": token,
                "requestBody": body("GuestLink"),
                "responses": ok("The person", "Me"),
            } },
            "/people/{handle}": { "get": {
                "operationId": "getPerson", "summary": "Get the person who has a handle",
                "parameters": [{
                    "name": "handle", "in": "path", "required": true, "schema": { "type": "string" },
                    "description": "With or without a leading @",
                }],
                "responses": ok("The person", "Profile"),
            } },
            "/me/blocks": { "get": {
                "operationId": "listBlocks", "summary": "List whom you block",
                "security": token,
                "responses": ok("The people", "BlockList"),
            } },
            "/me/blocks/{userId}": {
                "parameters": [user_id],
                "put": {
                    "operationId": "block", "summary": "Refuse direct messages from a person",
                    "security": token, "responses": done("The person is blocked"),
                },
                "delete": {
                    "operationId": "unblock", "summary": "Accept direct messages from a person again",
                    "security": token, "responses": done("The person is not blocked"),
                },
            },
            "/conversations": {
                "post": {
                    "operationId": "createConversation",
                    "summary": "Find or create the direct conversation with a person, or create a group",
                    "security": token, "requestBody": body("NewConversation"), "responses": conversation(),
                },
                "get": {
                    "operationId": "listConversations", "summary": "List your conversations, most recently active first",
                    "security": token,
                    "parameters": [
                        query("limit", page_size(limits::CONVERSATIONS, limits::CONVERSATIONS_DEFAULT)),
                        query("cursor", json!({ "type": "string" })),
                        query("unread", json!({ "type": "boolean", "description": "Whether to list only those with unread messages" })),
                    ],
                    "responses": ok("A page of the list", "ConversationList"),
                },
            },
            "/conversations/{roomId}": {
                "parameters": [room_id],
                "get": {
                    "operationId": "getConversation", "summary": "Get a conversation. Members only",
                    "security": token, "responses": conversation(),
                },
                "patch": {
                    "operationId": "updateConversation", "summary": "Change a group's title. Members only",
                    "security": token, "requestBody": body("ConversationUpdate"), "responses": conversation(),
                },
            },
            "/conversations/{roomId}/members": {
                "parameters": [room_id],
                "post": {
                    "operationId": "addMembers", "summary": "Add people to a group. Members only",
                    "security": token, "requestBody": body("NewMembers"), "responses": conversation(),
                },
            },
            "/conversations/{roomId}/members/{userId}": {
                "parameters": [room_id, user_id],
                "delete": {
                    "operationId": "removeMember", "summary": "Leave a group or, as its owner, remove a member",
                    "security": token, "responses": done("The person is not a member"),
                },
            },
            "/conversations/{roomId}/messages": {
                "parameters": [room_id],
                "get": {
                    "operationId": "listConversationMessages",
                    "summary": "Get the log page before or after a number; with neither, the newest. Members only",
                    "security": token,
                    "parameters": [before, after, events],
                    "responses": ok("A log page", "LogPage"),
                },
            },
            "/rooms": {
                "post": {
                    "operationId": "createRoom", "summary": "Create a room. With a token, its person owns the room",
                    "security": token_or_none,
                    "requestBody": body("NewRoom"),
                    "responses": { "201": response("The room", "RoomInfo"), "4XX": problem, "5XX": problem },
                },
                "get": {
                    "operationId": "listRooms", "summary": "List the open public rooms, most recently active first",
                    "parameters": [
                        query("limit", page_size(limits::LOBBY_ROOMS, limits::LOBBY_ROOMS_DEFAULT)),
                        query("cursor", json!({ "type": "string" })),
                    ],
                    "responses": ok("A lobby page", "RoomList"),
                },
            },
            "/rooms/{roomId}": {
                "parameters": [room_id],
                "get": {
                    "operationId": "getRoom", "summary": "Get a room",
                    "security": token_or_none,
                    "parameters": [pass],
                    "responses": ok("The room", "RoomInfo"),
                },
                "patch": {
                    "operationId": "updateRoom", "summary": "Change a room's name, topic or rules. Owner only",
                    "security": token,
                    "requestBody": body("RoomUpdate"),
                    "responses": ok("The room", "RoomInfo"),
                },
                "delete": {
                    "operationId": "closeRoom", "summary": "Close a room and delete its messages. Owner only",
                    "security": token,
                    "responses": { "204": { "description": "The room is closed and its log is deleted" }, "202": deleting, "4XX": problem, "5XX": problem },
                },
            },
            "/rooms/{roomId}/hooks": {
                "parameters": [room_id],
                "post": {
                    "operationId": "createHook", "summary": "Make a webhook, with which a program outside writes in a room. Owner only",
                    "security": token, "requestBody": body("NewHook"),
                    "responses": { "201": response("The webhook and its secret", "Hook"), "4XX": problem, "5XX": problem },
                },
            },
            "/hooks/{hookId}": {
                "parameters": [{ "name": "hookId", "in": "path", "required": true, "schema": { "type": "string" } }],
                "post": {
                    "operationId": "postHook", "summary": "Send a message through a webhook, with its secret as the token",
                    "security": token, "requestBody": body("HookMessage"),
                    "responses": { "201": response("Where the message is in the log", "HookReceipt"), "4XX": problem, "5XX": problem },
                },
            },
            "/rooms/{roomId}/bots/{name}": {
                "parameters": [
                    room_id,
                    { "name": "name", "in": "path", "required": true, "schema": { "type": "string" }, "description": "The bot's name" },
                ],
                "put": {
                    "operationId": "allowBot", "summary": "Allow a bot of the stage to answer in a room. Owner only",
                    "security": token,
                    "responses": ok("The room", "RoomInfo"),
                },
                "delete": {
                    "operationId": "removeBot", "summary": "Remove a bot from a room. Owner only",
                    "security": token,
                    "responses": ok("The room", "RoomInfo"),
                },
            },
            "/rooms/{roomId}/passes": {
                "parameters": [room_id],
                "post": {
                    "operationId": "createPass", "summary": "Get a pass for a room with a password",
                    "requestBody": body("NewPass"),
                    "responses": { "201": response("The pass", "RoomPass"), "4XX": problem, "5XX": problem },
                },
            },
            "/rooms/{roomId}/moderation": {
                "parameters": [room_id],
                "get": {
                    "operationId": "getModeration",
                    "summary": "Get a room's moderators, whom they banned or muted, and what they did. Moderators only",
                    "security": token,
                    "parameters": [query("cursor", json!({ "type": "string" }))],
                    "responses": ok("The state of moderation", "ModerationState"),
                },
                "post": {
                    "operationId": "moderate",
                    "summary": "Kick, ban or mute a person, set slow mode, lock the room, change who moderates it, turn review on or off, resolve reports, or decide about messages that wait",
                    "security": token,
                    "requestBody": body("Moderation"),
                    "responses": done("It is done"),
                },
            },
            "/rooms/{roomId}/held": {
                "parameters": [room_id],
                "get": {
                    "operationId": "listHeld",
                    "summary": "Get a room's messages that wait for a moderator. Moderators only",
                    "security": token,
                    "parameters": [query("cursor", json!({ "type": "string" }))],
                    "responses": ok("A page of messages that wait", "HeldList"),
                },
            },
            "/rooms/{roomId}/reports": {
                "parameters": [room_id],
                "get": {
                    "operationId": "listReports",
                    "summary": "Get a room's reported messages. Moderators only",
                    "security": token,
                    "parameters": [query("cursor", json!({ "type": "string" }))],
                    "responses": ok("A page of open reports", "ReportList"),
                },
                "post": {
                    "operationId": "reportMessage", "summary": "Report a message to a room's moderators",
                    "security": token,
                    "parameters": [pass],
                    "requestBody": body("NewReport"),
                    "responses": done("It is reported"),
                },
            },
            "/rooms/{roomId}/messages": {
                "parameters": [room_id],
                "get": {
                    "operationId": "listMessages",
                    "summary": "Get the log page before or after a number; with neither, the newest",
                    "security": token_or_none,
                    "parameters": [pass, before, after, events],
                    "responses": ok("A log page", "LogPage"),
                },
                "delete": {
                    "operationId": "clearRoom", "summary": "Delete a room's messages and start a new epoch. Owner only",
                    "security": token,
                    "parameters": [query("epoch", json!({
                        "type": "string",
                        "description": "The epoch to delete; the current one by default. For one that is already over, deletion continues",
                    }))],
                    "responses": { "204": { "description": "The log is deleted" }, "202": response("The log can no longer be read, but part of it is still stored: repeat the request with this epoch to continue", "Clearing"), "4XX": problem, "5XX": problem },
                },
            },
        },
        "components": {
            "schemas": schemas!(
                "/components/schemas", NewSession, Session, NewRoom, RoomUpdate, RoomInfo, RoomList, NewHook, Hook, ToldHook, HookMessage, HookReceipt, NewPass, RoomPass, LogPage,
                Clearing, Erasing, Export, Conversation, ConversationList, ConversationUpdate, Member, NewConversation, NewMembers,
                BlockList, Person, Me, GuestLink, HandleClaim, Profile, Problem, Moderation, ModerationState,
                NewReport, ReportList,
                HeldList,
            ),
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": { "Problem": {
                "description": "Problem details",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
        },
    })
}
