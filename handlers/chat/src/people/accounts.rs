//! Accounts: people who sign in with the identity provider. Each is one person here, decided once: the guest that it
//! continues as, or a new person.

use parlor_protocol::Millis;
use parlor_protocol::error::ErrorCode;
use parlor_protocol::http::Me;
use parlor_protocol::person::Person;
use parlor_protocol::text::Handle;

use crate::error::{ChatError, Result};
use crate::people::handles;
use crate::people::identity::IdentityKind;
use crate::store::People;

/// Returns the person whom a token's holder is: for an account, perhaps one who began as a guest.
///
/// # Errors
/// `unavailable`.
pub async fn person(people: &People, holder: Person, kind: IdentityKind) -> Result<Person> {
    match kind {
        IdentityKind::SignedIn => Ok(Person { user_id: people.of_account(&holder.user_id).await?, ..holder }),
        IdentityKind::Guest | IdentityKind::GuestWithToken => Ok(holder),
    }
}

/// Makes an account continue as a guest, with all that they have: one write decides, so nobody sees a part of it. Their
/// handle then lasts until it is released. Repeating it changes nothing.
///
/// # Errors
/// `alreadyLinked` if the account is another person already, or if another account continues as this guest;
/// `unavailable`.
pub async fn link(people: &People, account: Person, guest_id: String, now: Millis) -> Result<Me> {
    if !people.link(&account.user_id, &guest_id).await? {
        let message = "this account is another person already, or another account continues as this guest";
        return Err(ChatError::refused(ErrorCode::AlreadyLinked, message));
    }
    let person = Person { user_id: guest_id, name: account.name };
    let handle = people.handle_of(&person.user_id, now).await?;
    if let Some(handle) = handle.clone().and_then(|handle| Handle::try_from(handle).ok()) {
        handles::claim(people, person.clone(), IdentityKind::SignedIn, handle, now).await?;
    }
    Ok(Me { user_id: person.user_id, name: person.name, handle })
}
