//! With all conditions, every promise holds. Without any one of them, a promise is broken.

use std::collections::HashSet;

use parlor_model::promise::{ACKNOWLEDGED, DECIDED, ONCE, STABLE};
use parlor_model::{Conditions, Room, State};
use stateright::{Checker, HasDiscoveries, Model, Representative, StateRecorder};

const THREADS: usize = 2;

/// Visits every state, up to the names of senders and numbers.
fn check(room: Room) {
    let checker = room.checker().symmetry().threads(THREADS).spawn_dfs().join();
    let Room { senders, attempts, tries, losses, .. } = room;
    println!(
        "{senders} senders, {attempts} attempts, {tries} tries, {losses} losses: {} states",
        checker.unique_state_count()
    );
    checker.assert_properties();
}

#[test]
fn the_checker_visits_one_of_the_states_that_differ_only_in_names() {
    let room = Room { senders: 2, attempts: 2, tries: 1, losses: 1, conditions: Conditions::ALL };
    let (recorder, states) = StateRecorder::new_with_accessor();
    room.checker().visitor(recorder).spawn_bfs().join().assert_properties();
    let distinct: HashSet<State> = states().iter().map(State::representative).collect();
    let checker = room.checker().symmetry().spawn_dfs().join();
    assert_eq!(checker.unique_state_count(), distinct.len());
}

#[test]
fn three_senders_with_a_retry_each_keep_every_promise() {
    check(Room { senders: 3, attempts: 2, tries: 1, losses: 0, conditions: Conditions::ALL });
}

#[test]
fn two_senders_that_draw_second_numbers_keep_every_promise() {
    check(Room { senders: 2, attempts: 2, tries: 2, losses: 0, conditions: Conditions::ALL });
}

#[test]
fn three_attempts_that_draw_third_numbers_keep_every_promise() {
    check(Room { senders: 1, attempts: 3, tries: 3, losses: 0, conditions: Conditions::ALL });
}

#[test]
fn draws_with_lost_answers_keep_every_promise_whether_remembered_or_not() {
    check(Room { senders: 2, attempts: 2, tries: 1, losses: 1, conditions: Conditions::ALL });
}

macro_rules! without {
    ($($condition:ident breaks $promise:ident: $name:ident;)*) => {$(
        #[test]
        fn $name() {
            let conditions = Conditions { $condition: false, ..Conditions::ALL };
            let found = HasDiscoveries::AllOf([$promise].into());
            let room = Room { senders: 2, attempts: 2, tries: 1, losses: 0, conditions };
            room.checker().finish_when(found).spawn_bfs().join().assert_any_discovery($promise);
        }
    )*};
}

without! {
    one_update breaks ACKNOWLEDGED: without_one_update_the_newest_number_falls_below_an_acknowledged_one;
    message_if_empty breaks STABLE: without_its_condition_a_late_message_replaces_a_void_that_was_read;
    marker_if_absent breaks ONCE: without_its_condition_a_retry_is_a_second_message;
    one_transaction breaks ONCE: without_one_transaction_a_message_without_a_marker_is_stored_twice;
    first_number breaks ACKNOWLEDGED: without_the_first_number_a_retry_acknowledges_an_empty_number;
    post_after_append breaks ACKNOWLEDGED: without_waiting_for_the_transaction_a_lost_message_is_acknowledged;
    void_if_empty breaks STABLE: without_its_condition_a_void_replaces_a_message_that_was_read;
    void_before_passing breaks STABLE: without_a_void_a_message_arrives_behind_a_reader;
    void_before_passing breaks DECIDED: without_a_void_a_number_stays_open_forever;
}
