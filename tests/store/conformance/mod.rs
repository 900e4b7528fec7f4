//! The rules of the port. Each takes an empty store.

pub mod accounts;
mod api_keys;
mod audit;
mod check_in_rows;
pub mod check_ins;
mod events;
pub mod links;
pub mod lists;
mod nodes;
mod opens;
pub mod passes;
mod pins;
mod purging;
mod quotas;
mod receipts;
pub mod records;
mod reports;
mod requests;
mod revocations;
mod visits;

/// One test for each rule and backend.
macro_rules! rules {
    ($($group:ident: $($rule:ident),+;)+) => {
        mod on_sqlite {
            use super::super::backends::sqlite_in_memory;
            $(mod $group {
                $(#[test]
                fn $rule() {
                    super::super::$group::$rule(&super::sqlite_in_memory());
                })+
            })+
        }

        #[cfg(feature = "system-tests")]
        mod on_postgres {
            use super::super::backends::postgres;
            $(mod $group {
                $(#[test]
                fn $rule() {
                    super::super::$group::$rule(&super::postgres());
                })+
            })+
        }
    };
}

rules! {
    opens:
        a_token_opens_as_often_as_it_may_and_not_once_more,
        the_same_open_id_is_a_repeat_for_two_minutes_and_then_another_open,
        a_repeat_is_answered_though_the_token_is_used_up,
        a_repeat_does_not_outlive_a_revocation,
        a_clock_set_back_does_not_make_an_open_repeatable_for_longer,
        looking_changes_nothing,
        a_token_that_only_has_a_pin_opens_without_end,
        of_many_at_the_same_time_exactly_as_many_count_as_may,
        the_same_open_id_from_many_at_the_same_time_counts_once,
        a_receipt_lists_the_latest_hundred_opens,
        erasing_forgets_when_but_not_how_often,
        a_repeat_after_erasing_is_still_a_repeat;
    pins:
        the_fifth_wrong_try_of_a_network_is_evaluated_and_the_sixth_is_not,
        each_lock_is_twice_as_long_as_the_one_before,
        twenty_tries_over_all_networks_lock_the_token_until_a_reset,
        a_success_forgives_the_tries_of_its_network,
        the_right_pin_is_forgiven_its_tries_though_nothing_was_counted,
        a_success_from_one_network_forgives_no_other_what_it_spent,
        a_hundred_wrong_tries_lock_a_token_whatever_was_forgiven,
        a_success_leaves_the_locks_of_other_networks,
        a_reset_forgets_everything,
        of_two_hundred_at_the_same_time_five_are_evaluated;
    revocations:
        a_revoked_token_does_not_open_though_opens_are_left,
        the_first_revocation_stays_and_is_answered,
        a_node_reads_each_revocation_once_in_the_order_of_commits,
        more_revocations_than_fit_come_in_several_readings,
        showing_the_token_later_tells_when_the_row_can_go;
    receipts:
        the_ledger_knows_nothing_of_a_token_it_never_met,
        a_list_is_in_the_order_of_activity_and_goes_on_where_it_ended,
        a_list_by_state_agrees_with_the_state_of_each_entry,
        a_list_by_time_takes_the_first_second_and_leaves_the_last;
    requests:
        a_key_used_again_within_a_day_answers_what_it_made_first,
        what_a_key_made_can_be_asked_for_a_day,
        a_key_is_new_again_after_a_day,
        what_a_request_made_keeps_its_kind;
    records:
        a_record_comes_back_with_what_the_ledger_knows,
        a_request_made_again_keeps_nothing_new,
        a_revocation_takes_the_record_at_once_and_leaves_the_reason,
        after_the_last_open_the_record_stays_while_that_open_can_be_repeated,
        an_expired_record_goes_with_its_last_minute_and_its_row_an_hour_later,
        a_record_is_replaced_if_its_revision_is_the_one_that_was_looked_at,
        of_many_revisions_at_the_same_time_one_counts,
        reads_that_wait_together_each_get_the_row_that_they_asked_for,
        a_remembered_token_stands_in_lists_and_counts_as_every_other,
        a_record_without_expiry_stays,
        a_share_has_room_for_its_bytes_and_its_rows_and_gets_it_back_when_they_go;
    reports:
        what_a_visitor_wrote_is_reported_and_nothing_else,
        the_latest_report_comes_first_and_a_list_goes_on_where_it_ended,
        what_was_dismissed_or_revoked_is_not_listed;
    links:
        a_link_comes_back_with_its_sealed_token_and_a_document_has_none,
        a_change_takes_the_edition_that_was_looked_at,
        what_is_not_sealed_changes_without_a_new_record,
        of_many_changes_of_one_edition_one_is_made,
        a_change_stays_within_the_share_of_whoever_made_the_link,
        an_expired_link_is_revived_while_its_record_is_kept,
        used_up_and_revoked_links_stay_ended,
        links_are_listed_the_newest_first_by_state_note_and_maker,
        scans_add_up_by_hour_and_day_of_one_link_or_of_all_with_a_note,
        scans_go_with_their_link;
    lists:
        a_list_comes_back_as_it_was_made_and_the_newest_is_first,
        a_request_made_again_makes_no_second_list,
        a_change_takes_the_revision_that_was_looked_at,
        of_many_changes_of_one_list_one_is_made,
        staff_see_the_lists_they_were_given,
        a_deleted_list_is_gone_and_so_is_what_belongs_to_it;
    check_ins:
        a_code_enters_once_and_the_second_time_is_told_when,
        a_code_enters_once_a_day_or_as_often_as_it_likes,
        with_exits_a_code_enters_again_after_it_left,
        an_exit_is_never_refused,
        outside_its_times_nobody_enters,
        a_revoked_or_expired_code_stays_outside,
        the_first_entry_takes_one_open_and_no_other_does,
        a_full_list_lets_nobody_in_until_somebody_leaves,
        a_list_that_was_changed_judges_nobody_by_what_it_was,
        of_many_at_the_same_time_one_enters,
        of_many_codes_at_the_same_time_as_many_enter_as_there_is_room,
        whoever_is_inside_leaves_a_list_that_does_not_take_them_any_more;
    check_in_rows:
        an_undone_entry_may_be_made_again_and_gives_no_open_back,
        only_the_latest_is_undone_and_others_after_a_quarter_of_an_hour_by_managers,
        at_the_hour_everybody_inside_is_let_out,
        check_ins_are_listed_in_the_order_of_the_list,
        after_its_time_a_check_in_is_forgotten_and_the_code_stays_outside,
        what_a_list_knows_of_a_code_goes_with_the_code,
        when_a_code_first_entered_is_forgotten_though_it_came_again_or_was_undone,
        a_refusal_that_was_found_before_is_written_down,
        gates_beyond_a_hundred_are_counted_as_none,
        the_same_request_is_judged_once_and_another_is_a_conflict;
    visits:
        a_visit_comes_and_goes_with_its_entry,
        those_were_there_who_came_before_the_end_and_left_after_the_beginning,
        visits_are_counted_and_moved_by_the_slot_of_their_key,
        those_are_inside_who_came_in_and_did_not_leave_with_what_is_kept_of_their_latest_entry;
    passes:
        a_pass_is_used_once_and_what_its_phone_holds_ends_with_it,
        of_many_phones_with_one_pass_one_is_signed_in,
        so_many_passes_of_a_list_are_good_at_a_time,
        passes_are_listed_the_newest_first_and_go_with_their_list_or_its_memory;
    quotas:
        a_day_has_its_requests_and_bytes_and_not_one_more,
        the_next_day_begins_anew_and_each_subject_has_its_own,
        of_many_at_the_same_time_exactly_as_many_count_as_the_day_has,
        what_days_before_yesterday_saw_is_purged;
    api_keys:
        a_name_is_taken_until_its_key_is_disabled,
        keys_are_listed_as_they_were_added,
        the_last_use_is_noted_to_the_minute_and_never_goes_back,
        disabling_twice_keeps_the_first_time_and_an_unknown_key_is_unknown;
    accounts:
        a_name_is_taken_for_good,
        a_recovery_code_sets_a_password_once_and_in_its_time,
        of_many_with_one_recovery_code_one_sets_a_password,
        who_knows_the_password_of_now_signs_in,
        a_change_of_role_a_recovery_and_disabling_end_sessions,
        nothing_takes_the_last_admin,
        a_change_of_what_has_changed_since_it_was_seen_changes_nothing,
        a_session_ends_when_it_is_not_used_and_in_any_case_after_its_time,
        a_session_is_ended_by_its_id_and_of_too_many_the_oldest_goes,
        five_wrong_tries_at_signing_in_lock_and_a_success_forgives_them,
        what_one_account_made_is_handed_over_whole_and_told_once,
        what_was_tried_goes_a_day_after_its_lock,
        with_a_second_factor_nobody_signs_in_without_it,
        of_many_with_one_code_of_either_kind_one_signs_in,
        five_wrong_codes_of_an_account_lock_and_the_right_one_forgives_half_of_it,
        a_second_factor_is_changed_in_a_session_and_ends_all_others,
        a_recovery_code_stands_for_no_second_factor_unless_it_is_reset;
    audit:
        each_change_writes_its_row,
        what_changes_nothing_writes_none,
        a_list_is_in_the_order_of_time_and_goes_on_where_it_ended,
        a_list_has_what_was_asked_for,
        rows_get_their_places_once,
        pruning_takes_the_oldest_and_keeps_where_they_ended,
        of_many_nodes_one_has_a_lease_until_it_ends,
        a_node_that_was_started_again_has_the_lease_that_it_had_before_it_died;
    nodes:
        a_server_is_known_by_what_it_said_last_until_it_says_that_it_ends,
        a_server_that_says_nothing_is_remembered_for_a_day_or_until_its_successor_speaks,
        old_keys_are_rotated_when_every_server_has_the_new_one_and_then_not_again,
        the_last_slots_are_left_for_rotations_that_cannot_wait;
    events:
        what_happens_to_a_token_is_told_in_its_order_to_whoever_wants_it,
        what_failed_holds_up_its_own_token_and_no_other,
        a_target_stays_for_a_day_after_the_last_node_that_named_it_did,
        nodes_that_start_at_once_all_name_their_targets,
        whoever_names_a_target_while_others_forget_it_has_it_told,
        however_much_waits_for_what_failed_it_is_put_off_with_it_and_keeps_its_order,
        what_happens_to_a_token_is_told_in_its_order_though_times_fall,
        a_full_outbox_loses_its_oldest_events_and_no_newer_one,
        scans_are_told_once_for_each_hour_that_is_over,
        what_a_list_does_is_told_in_the_order_of_each_code,
        whoever_is_let_out_at_the_hour_is_told_of_too;
    purging:
        a_token_goes_an_hour_after_its_last_minute_and_not_before,
        what_was_purged_never_opens_again_whatever_the_clock_says,
        a_revocation_without_expiry_stays_for_ever,
        a_purge_takes_a_bounded_number_and_says_that_there_is_more,
        idempotency_records_go_after_a_day,
        erased_opens_go_when_they_can_no_longer_be_repeated;
}
