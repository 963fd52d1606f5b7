//! [`Chat`] holds every part and hands each action the parts that it uses. The actions themselves never see the others.
//! Large ones are boxed: with the SDK's futures inside, several would not fit the stack.

use parlor_protocol::client::{Delete, Edit, History, Join, Leave, Ping, React, Read, Register, Send, Typing};
use parlor_protocol::conversations::{
    Conversation, ConversationList, ConversationUpdate, NewConversation, NewMembers, is_conversation,
};
use parlor_protocol::error::ErrorCode;
use parlor_protocol::held::HeldList;
use parlor_protocol::http::{
    Clearing, Erasing, Export, Hook, HookMessage, HookReceipt, Me, NewHook, NewPass, NewRoom, RoomInfo, RoomList,
    RoomPass, RoomUpdate,
};
use parlor_protocol::limits::PAGE_BYTES;
use parlor_protocol::log::LogPage;
use parlor_protocol::moderation::{Moderation, ModerationState};
use parlor_protocol::person::{Person, Profile};
use parlor_protocol::reports::{NewReport, ReportList};
use parlor_protocol::text::{Handle, PersonRef};
use parlor_protocol::{Millis, Seq};
use tokio::time::Instant;

use crate::Caller;
use crate::bots::allow::Decision;
use crate::bots::answer::{Asked, Reply};
use crate::bots::ask::Question;
use crate::bots::bedrock::Bedrock;
use crate::bots::courier::Scheme;
use crate::bots::tell::{Letter, News};
use crate::bots::{Bots, allow, answer, hook, tell};
use crate::conversations::group::NewGroup;
use crate::conversations::people::Directory;
use crate::conversations::{block, describe, direct, group, open, read};
use crate::delivery::{Fanout, PostCounts, Poster};
use crate::error::{ChatError, Result};
use crate::limiter::Limiter;
use crate::log::history::{self, PageLimits, PageRange};
use crate::log::record::Recorder;
use crate::log::{change, clear, send};
use crate::moderation::reports::{self, Desk};
use crate::moderation::{act, state};
use crate::people::erase::{self, Erasure};
use crate::people::export::{self, Exporter};
use crate::people::identity::{IdentityKind, guest_name};
use crate::people::{accounts, handles};
use crate::review::{self, Review, held};
use crate::rooms::Attendance;
use crate::rooms::lobby::{self, Site};
use crate::rooms::sweep::Sweeper;
use crate::rooms::{close, connect, join, leave, pass, ping, typing, update};
use crate::store::{Connections, Log, Members, People, Rooms};

pub struct Chat {
    pub rooms: Rooms,
    pub connections: Connections,
    pub log: Log,
    pub members: Members,
    pub people: People,
    pub poster: Poster,
    pub limiter: Limiter,
    pub bots: Bots,
    /// The reviewers of the stage, if it has any.
    pub review: Option<Review>,
}

impl Chat {
    pub fn fanout(&self) -> Fanout<'_> {
        Fanout { connections: &self.connections, poster: &self.poster }
    }

    fn attendance(&self) -> Attendance<'_> {
        Attendance { rooms: &self.rooms, members: &self.members, fanout: self.fanout(), bots: &self.bots }
    }

    pub fn sweeper(&self) -> Sweeper<'_> {
        let Self { rooms, log, members, limiter, .. } = self;
        Sweeper { rooms, log, members, limits: &limiter.limits, fanout: self.fanout() }
    }

    fn directory(&self) -> Directory<'_> {
        Directory { people: &self.people, connections: &self.connections, bots: &self.bots }
    }

    fn desk(&self) -> Desk<'_> {
        Desk { rooms: &self.rooms, log: &self.log, members: &self.members }
    }

    pub fn recorder(&self) -> Recorder<'_> {
        Recorder {
            rooms: &self.rooms,
            log: &self.log,
            members: &self.members,
            limits: &self.limiter.limits,
            review: self.review.as_ref(),
            fanout: self.fanout(),
        }
    }
}

/// Frames, and the end of their connection.
impl Chat {
    pub async fn join(&self, caller: &Caller, frame: Join, now: Millis) -> Result<PostCounts> {
        if is_conversation(frame.room.as_str()) {
            return Box::pin(open::open(&self.limiter, self.recorder(), caller, frame, now)).await;
        }
        Box::pin(join::join(&self.limiter, &self.log, self.attendance(), caller, frame, now)).await
    }

    pub async fn connect(&self, caller: &Caller, now: Millis) -> Result<()> {
        connect::connect(self.fanout(), caller, now).await
    }

    pub async fn leave(&self, caller: &Caller, frame: Leave, now: Millis) -> Result<PostCounts> {
        leave::leave(&self.limiter, self.attendance(), caller, frame, now).await
    }

    pub async fn disconnect(&self, connection_id: &str, now: Millis) -> Result<PostCounts> {
        leave::disconnect(&self.people, self.attendance(), connection_id, now).await
    }

    pub async fn ping(&self, caller: &Caller, frame: Ping, now: Millis) -> Result<PostCounts> {
        ping::ping(&self.limiter, self.attendance(), caller, frame, now).await
    }

    pub async fn send(&self, caller: &Caller, frame: Send, now: Millis) -> Result<PostCounts> {
        Box::pin(send::send(&self.limiter, self.recorder(), self.directory(), caller, frame, now)).await
    }

    pub async fn edit(&self, caller: &Caller, frame: Edit, now: Millis) -> Result<PostCounts> {
        Box::pin(change::edit(&self.limiter, self.recorder(), caller, frame, now)).await
    }

    pub async fn delete(&self, caller: &Caller, frame: Delete, now: Millis) -> Result<PostCounts> {
        Box::pin(change::delete(&self.limiter, self.recorder(), caller, frame, now)).await
    }

    pub async fn react(&self, caller: &Caller, frame: React, now: Millis) -> Result<PostCounts> {
        Box::pin(change::react(&self.limiter, self.recorder(), caller, frame, now)).await
    }

    pub async fn history(&self, caller: &Caller, frame: History, now: Millis) -> Result<PostCounts> {
        history::history(&self.limiter, self.recorder(), caller, frame, now).await
    }

    pub async fn typing(&self, caller: &Caller, frame: Typing, now: Millis) -> Result<PostCounts> {
        typing::typing(&self.limiter, &self.members, self.fanout(), caller, frame, now).await
    }

    pub async fn read(&self, caller: &Caller, frame: Read, now: Millis) -> Result<PostCounts> {
        Box::pin(read::read(&self.limiter, self.recorder(), caller, frame, now)).await
    }

    pub async fn register(&self, caller: &Caller, frame: Register, now: Millis) -> Result<PostCounts> {
        handles::register(&self.limiter, &self.people, &self.bots, self.fanout(), caller, frame, now).await
    }

    pub async fn count_refusal(&self, connection_id: &str, now: Millis) {
        self.limiter.count_refusal(&self.poster, connection_id, now).await;
    }
}

/// What bots do.
impl Chat {
    /// Reads what a question is about, unless there is nothing to answer any more.
    pub async fn asked(&self, question: Question, now: Millis) -> Result<Option<Asked>> {
        answer::asked(&self.bots, self.recorder(), question, now).await
    }

    /// Has a model reply. Returns `None` if the bot may not write there.
    pub async fn converse(&self, bedrock: &Bedrock, asked: &Asked, now: Millis) -> Result<Option<Reply>> {
        Box::pin(bedrock.reply(self.recorder(), asked, now)).await
    }

    pub async fn answer(&self, asked: &Asked, reply: Result<Reply>, now: Millis) -> Result<PostCounts> {
        Box::pin(answer::answer(self.recorder(), asked, reply, now)).await
    }
}

/// HTTP requests.
impl Chat {
    pub async fn create_room(
        &self,
        site: &Site,
        body: NewRoom,
        owner_id: Option<String>,
        now: Millis,
    ) -> Result<RoomInfo> {
        let body = NewRoom { reviewed: review::of_new_room(self.review.as_ref(), body.reviewed)?, ..body };
        lobby::create(&self.rooms, &self.members, &self.limiter.limits, site, body, owner_id, now).await
    }

    pub async fn describe_room(
        &self,
        site: &Site,
        room_id: &str,
        pass: Option<&str>,
        viewer: Option<&Person>,
        now: Millis,
    ) -> Result<RoomInfo> {
        let Self { rooms, connections, members, .. } = self;
        lobby::describe(rooms, connections, members, site, room_id, (pass, viewer), now).await
    }

    pub async fn create_pass(&self, address: &str, room_id: &str, body: &NewPass, now: Millis) -> Result<RoomPass> {
        pass::create(&self.limiter, &self.rooms, &self.members, address, room_id, &body.password, now).await
    }

    pub async fn list_rooms(
        &self,
        site: &Site,
        cursor: Option<&str>,
        limit: Option<u32>,
        now: Millis,
    ) -> Result<RoomList> {
        lobby::list(&self.rooms, &self.connections, site, cursor, limit, now).await
    }

    pub async fn list_messages(
        &self,
        room_id: &str,
        range: PageRange,
        numbers: u64,
        pass: Option<&str>,
        reader: Option<&Person>,
        now: Millis,
    ) -> Result<LogPage> {
        history::list(self.recorder(), room_id, range, numbers, (pass, reader), now).await
    }

    /// Returns the person whom a token's holder is. One whose name looks like a bot's has the name of a guest.
    pub async fn person(&self, holder: Person, kind: IdentityKind) -> Result<Person> {
        let person = accounts::person(&self.people, holder, kind).await?;
        if self.bots.are_imitated_by(&person.name) {
            return Ok(Person { name: guest_name(&person.user_id), ..person });
        }
        Ok(person)
    }

    pub async fn link_guest(&self, account: Person, guest: Person, now: Millis) -> Result<Me> {
        accounts::link(&self.people, account, guest.user_id, now).await
    }

    pub async fn export(&self, me: Person, cursor: Option<&str>, until: Instant, now: Millis) -> Result<Export> {
        let Self { rooms, log, members, people, limiter, .. } = self;
        export::export(limiter, Exporter { rooms, log, members, people }, me, cursor, until, now).await
    }

    pub async fn erase(&self, erasure: Erasure<'_>, until: Instant, now: Millis) -> Result<Option<Erasing>> {
        Box::pin(erase::erase(&self.limiter, self.recorder(), &self.people, erasure, until, now)).await
    }

    pub async fn describe_me(&self, person: Person, now: Millis) -> Result<Me> {
        let handle = self.people.handle_of(&person.user_id, now).await?;
        Ok(Me { user_id: person.user_id, name: person.name, handle })
    }

    pub async fn claim_handle(
        &self,
        person: Person,
        kind: IdentityKind,
        handle: Handle,
        now: Millis,
    ) -> Result<Profile> {
        self.bots.leave_handle(&handle)?;
        handles::claim(&self.people, person, kind, handle, now).await
    }

    pub async fn release_handle(&self, user_id: &str, now: Millis) -> Result<()> {
        self.people.release(user_id, now).await
    }

    pub async fn find_person(&self, handle: &Handle, now: Millis) -> Result<Option<Profile>> {
        match self.bots.profile(handle) {
            Some(bot) => Ok(Some(bot)),
            None => self.people.find(handle, now).await,
        }
    }

    pub async fn update_room(
        &self,
        site: &Site,
        owner: &Person,
        room_id: &str,
        body: &RoomUpdate,
        now: Millis,
    ) -> Result<RoomInfo> {
        Box::pin(update::update(self.recorder(), &self.members, site, owner, room_id, body, now)).await
    }

    pub async fn moderate(&self, by: &Person, room_id: &str, request: &Moderation, now: Millis) -> Result<()> {
        Box::pin(act::act(self.recorder(), self.attendance(), by, room_id, request, now)).await
    }

    pub async fn moderation(
        &self,
        me: &Person,
        room_id: &str,
        cursor: Option<&str>,
        now: Millis,
    ) -> Result<ModerationState> {
        state::state(&self.rooms, &self.members, me, room_id, cursor, now).await
    }

    pub async fn report(
        &self,
        me: &Person,
        room_id: &str,
        body: &NewReport,
        pass: Option<&str>,
        now: Millis,
    ) -> Result<()> {
        reports::report(&self.limiter, self.desk(), me, room_id, body, pass, now).await
    }

    pub async fn reports(&self, me: &Person, room_id: &str, before: Option<Seq>, now: Millis) -> Result<ReportList> {
        reports::list(self.desk(), me, room_id, before, now).await
    }

    pub async fn held(&self, me: &Person, room_id: &str, cursor: Option<&str>, now: Millis) -> Result<HeldList> {
        held::list(&self.rooms, &self.members, me, room_id, cursor, now).await
    }

    /// Allows a bot to answer in a room, or removes it.
    pub async fn set_bot(&self, site: &Site, owner: &Person, decision: Decision<'_>, now: Millis) -> Result<RoomInfo> {
        Box::pin(allow::set(&self.bots, self.recorder(), site, owner, decision, now)).await
    }

    /// Makes a webhook, with which a program outside writes in a room, and is told its messages if it has an address.
    pub async fn create_hook(
        &self,
        owner: &Person,
        room_id: &str,
        new: NewHook,
        scheme: Scheme,
        now: Millis,
    ) -> Result<Hook> {
        Box::pin(hook::create(&self.bots, self.recorder(), owner, room_id, (new, scheme), now)).await
    }

    /// Reads what a webhook is to be told, unless there is nothing to tell any more.
    pub async fn letter(&self, news: &News, now: Millis) -> Result<Option<Letter>> {
        Box::pin(tell::letter(self.recorder(), news, now)).await
    }

    /// Writes a message through a webhook.
    pub async fn post_hook(&self, id: &str, secret: &str, message: HookMessage, now: Millis) -> Result<HookReceipt> {
        Box::pin(hook::post(&self.limiter, self.recorder(), id, secret, message, now)).await
    }

    pub async fn close_room(&self, owner: &Person, room_id: &str, until: Instant, now: Millis) -> Result<bool> {
        Box::pin(close::close(self.recorder(), owner, room_id, until, now)).await
    }

    pub async fn clear_room(
        &self,
        owner: &Person,
        room_id: &str,
        epoch: Option<&str>,
        until: Instant,
        now: Millis,
    ) -> Result<Option<Clearing>> {
        Box::pin(clear::clear(self.recorder(), owner, room_id, epoch, until, now)).await
    }
}

/// HTTP requests about conversations. `me` is the person whom the token identifies.
impl Chat {
    pub async fn create_conversation(&self, me: &Person, body: NewConversation, now: Millis) -> Result<Conversation> {
        let NewConversation { with, title, members, history, id } = body;
        let recorder = self.recorder();
        let room_id = match (with, title) {
            (Some(other), None) if members.is_empty() && id.is_none() => {
                let other = direct::other(&self.members, self.directory(), me, &other, now).await?;
                direct::find_or_create(&self.limiter, recorder, me, &other, now).await?
            }
            (None, Some(title)) => {
                self.limiter.creation(&me.user_id, 1 + members.len(), now).await?;
                group::create(recorder, self.directory(), me, NewGroup { title, members, history, id }, now).await?
            }
            _ => {
                return Err(ChatError::refused(
                    ErrorCode::InvalidField,
                    "give either `with`, or `title` and `members`",
                ));
            }
        };
        describe::describe(recorder, &me.user_id, &room_id, now).await
    }

    pub async fn list_conversations(
        &self,
        me: &str,
        cursor: Option<&str>,
        limit: Option<u32>,
        unread_only: bool,
        now: Millis,
    ) -> Result<ConversationList> {
        describe::list(self.recorder(), me, cursor, limit, unread_only, now).await
    }

    pub async fn describe_conversation(&self, me: &str, room_id: &str, now: Millis) -> Result<Conversation> {
        describe::describe(self.recorder(), me, room_id, now).await
    }

    pub async fn list_conversation_messages(
        &self,
        me: &str,
        room_id: &str,
        range: PageRange,
        numbers: u64,
        now: Millis,
    ) -> Result<LogPage> {
        let limits = PageLimits { numbers, bytes: PAGE_BYTES, min_events: 1 };
        describe::messages(self.recorder(), me, room_id, range, limits, now).await
    }

    pub async fn update_conversation(
        &self,
        me: &Person,
        room_id: &str,
        body: &ConversationUpdate,
        now: Millis,
    ) -> Result<Conversation> {
        group::rename(self.recorder(), me, room_id, &body.title, now).await?;
        describe::describe(self.recorder(), &me.user_id, room_id, now).await
    }

    pub async fn add_members(
        &self,
        me: &Person,
        room_id: &str,
        body: &NewMembers,
        now: Millis,
    ) -> Result<Conversation> {
        group::add(&self.limiter, self.recorder(), self.directory(), me, room_id, &body.members, now).await?;
        describe::describe(self.recorder(), &me.user_id, room_id, now).await
    }

    pub async fn remove_member(&self, me: &Person, room_id: &str, user_id: &str, now: Millis) -> Result<()> {
        group::remove(self.recorder(), me, room_id, user_id, now).await
    }

    pub async fn block(&self, me: &Person, person: &PersonRef, now: Millis) -> Result<()> {
        block::block(&self.limiter, self.recorder(), self.directory(), me, person, now).await
    }

    pub async fn unblock(&self, me: &Person, user_id: &str) -> Result<()> {
        block::unblock(self.recorder(), me, user_id).await
    }

    pub async fn blocked(&self, me: &str) -> Result<Vec<String>> {
        block::list(self.recorder(), me).await
    }
}
