use super::*;
use crate::shard::Shard;

/// Meetings a week apart; told are state, event of each mention, and the text.
fn check(texts: &[&str], expected: &[&str]) {
    let shard = Shard::weekly(texts);
    let people = People::learn(std::iter::once(&shard.digest.roll), &minutebook_ingest::conventions::People::default());
    let conventions = Conventions::defaults();
    let held: Vec<Date> = shard.held(None).filter_map(|s| s.meeting.date).collect();
    let told: Vec<String> = fold(shard.sessions(None), &people, &ShortRefs::default(), &conventions, None)
        .iter()
        .map(|t| {
            let standing =
                t.standing(jiff::civil::date(2026, 3, 1), minutebook_ingest::conventions::Stale::default(), &held);
            let events: Vec<String> = t.mentions.iter().map(|m| format!("{:?}", m.event)).collect();
            format!("{} [{}] {}", standing.state.as_str(), events.join(" "), t.first().says.text)
        })
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn an_action_is_called_as_its_task_was_last_written() {
    let issue = "https://github.com/quay/docs/issues/41";
    let shard = Shard::weekly(&[
        &format!("# x\n- AI @a: write the page {issue}\n"),
        &format!("# x\n- [docs#41]({issue}), half of it\n"),
    ]);
    let people = People::learn(std::iter::empty(), &minutebook_ingest::conventions::People::default());
    let all = fold(shard.sessions(None), &people, &ShortRefs::default(), &Conventions::defaults(), None);
    assert_eq!((all.len(), all[0].mentions.len()), (1, 2));
    assert_eq!(all[0].text(), format!("write the page {issue}"));
}

#[test]
fn carried_and_closed() {
    check(
        &[
            "## Participants\n- @a\n## Agenda\n- AI @a: convert the tide tables\n",
            "## Participants\n- @a\n## Pending action items\n- AI @a: convert tide tables\n    - ongoing\n",
            "## Participants\n- @a\n## Pending action items\n- AI @a: convert the tide tables\n    - done\n",
        ],
        &["done [Raised Progressed Closed] convert the tide tables"],
    );
}

#[test]
fn other_tasks_of_one_owner_stay_apart() {
    check(
        &["- @a\n- AI @a: write the docs of the berth planner\n- AI @a: write the tests of the tide cache\n"],
        &["open [Raised] write the docs of the berth planner", "open [Raised] write the tests of the tide cache"],
    );
}

#[test]
fn the_issue_of_an_action_tells_of_it() {
    let issue = "https://github.com/quay/docs/issues/41";
    check(
        &[
            &format!("# x\n- AI @a: write the page {issue}\n"),
            &format!("# x\n- [docs#41]({issue}): the page, half of it\n"),
            &format!("# x\n- [docs#41]({issue}): the page - done\n- {issue} once more\n"),
            &format!("# x\n- {issue}\n"),
        ],
        &["done [Raised Reported Closed] write the page https://github.com/quay/docs/issues/41"],
    );
}

#[test]
fn a_task_under_an_issue_is_about_it() {
    let issue = "https://github.com/quay/docs/issues/41";
    check(
        &[
            &format!("# x\n- the tides {issue}\n  - they are late\n    - @a to talk to the printer\n"),
            &format!("# x\n- AI @a: printer to be asked in spring ({issue})\n- AI @a: talk about the quay\n"),
        ],
        &["open [Raised Carried] talk to the printer", "open [Raised] talk about the quay"],
    );
    // The same verb alone.
    check(
        &[
            &format!("# x\n- the tides {issue}\n    - @a to write the tests for it\n"),
            &format!("# x\n- the tides {issue}\n    - @a to write a manual\n"),
        ],
        &["open [Raised] write the tests for it", "open [Raised] write a manual"],
    );
    // What says itself that it is one of last time is that, whatever its words; unless more of them were open.
    let again = format!("# x\n- the tides {issue}\n  Last week's AI: ring the harbour\n");
    let one = format!("# x\n- the tides {issue}\n\nAI: wait for spring\n");
    check(&[&one, &again], &["open [Raised Carried] wait for spring"]);
    let two = format!("{one}\nAI: paint a sign\n");
    check(
        &[&two, &again],
        &["open [Raised] wait for spring", "open [Raised] paint a sign", "open [Raised] ring the harbour"],
    );
    // Somebody else's.
    check(
        &[
            &format!("# x\n- the tides {issue}\n    - @a to talk to the printer\n"),
            &format!("# x\n- AI @b: talk about it in spring ({issue})\n"),
        ],
        &[
            "open [Raised] talk to the printer",
            "open [Raised] talk about it in spring (https://github.com/quay/docs/issues/41)",
        ],
    );
}

#[test]
fn the_words_of_an_address_make_no_two_tasks_one() {
    let read = |n: u32| format!("# x\n- AI @a: comment on https://github.com/quay/docs/pull/{n}\n");
    let expected = |n: u32| format!("open [Raised] comment on https://github.com/quay/docs/pull/{n}");
    check(&[&read(41), &read(43)], &[&expected(41), &expected(43)]);
}

#[test]
fn entries_that_come_up_again_are_work_where_entries_are_ever_done() {
    let entry = |n: u32| format!("[berths#{n}](https://github.com/quay/berths/issues/{n})");
    let list = |open: &str, done: &str| format!("# x\n## Doing\n{open}\n## Completed\n{done}\n");
    let closed = |from: u32| (from..from + 3).map(|n| format!("- Redraw sheet {n} {}\n", entry(n))).collect::<String>();
    let tide = format!("- Update the tide cache {}\n", entry(335));
    check(
        &[&list(&tide, &closed(10)), &list(&tide, ""), &list("", &tide)],
        &["done [Raised Carried Closed] Update the tide cache"],
    );
    // With somebody behind it, it is an action at once, and done where it stands among what is completed.
    let owned = format!("- Update the tide cache {} - @a\n", entry(335));
    check(&[&list(&owned, ""), &list("", &owned)], &["done [Raised Closed] Update the tide cache berths#335"]);
    // A list that never says that something is done is one of topics.
    check(&[&list(&tide, ""), &list(&tide, ""), &list(&tide, "")], &[]);
}

#[test]
fn an_entry_of_an_open_action_is_a_mention_of_it() {
    let issue = |n: u32| format!("[berths#{n}](https://github.com/quay/berths/issues/{n})");
    let done: String = (1..4).map(|n| format!("- Redraw sheet {n} {}\n", issue(n))).collect();
    check(
        &[
            "# x\n- AI @a: complete the upgrade guide\n",
            &format!("# x\n## Done\n{done}\n## Next\n- Complete the upgrade guide {}\n", issue(378)),
        ],
        &["open [Raised Reported] complete the upgrade guide"],
    );
}

#[test]
fn a_pending_list_takes_from_the_heading_what_was_left_unsaid() {
    check(
        &[
            "# x\n## Tide alarms\n- AI @a: open an issue\n## Berth prices\n- AI @a: open an issue\n",
            "# x\n## Pending action items\n- AI @a: open an issue about alarms at high tide\n",
        ],
        &["open [Raised Carried] open an issue", "open [Raised] open an issue"],
    );
    // Without a list, the same few words under another heading are another task.
    check(
        &["# x\n## Tide alarms\n- AI @a: open an issue\n", "# x\n## Berth prices\n- AI @a: open an issue\n"],
        &["open [Raised] open an issue", "open [Raised] open an issue"],
    );
}

#[test]
fn what_never_stood_on_the_list_has_not_left_it() {
    let list = |items: &str| format!("# x\n## Pending action items\n{items}\n");
    let (ask, call) = ("- AI @a: ask the harbour office\n", "- AI @b: call the chart printer\n");
    check(
        &[
            &list(&format!("{ask}{call}")),
            &list(&format!("{ask}{call}## Prices\n- AI @c: compare the berth prices\n")),
            &list(ask),
            &list(ask),
        ],
        &[
            "open [Raised Carried Carried Carried] ask the harbour office",
            "gone [Raised Carried] call the chart printer",
            "open [Raised] compare the berth prices",
        ],
    );
}

#[test]
fn a_pending_list_takes_several_actions_together() {
    let list = |items: &str| format!("# x\n## Pending action items\n{items}\n");
    let apart = "- AI @a: print the tide tables on both sides\n- AI @a: order new berth signs for the quay\n";
    let together = "- AI @a: talk with the office\n    - several matters\n        - tide tables on both sides\n        - new berth signs for the quay\n";
    check(
        &[&list(apart), &list(apart), &list(together)],
        &[
            "open [Raised Carried Progressed] print the tide tables on both sides",
            "open [Raised Carried Carried] order new berth signs for the quay",
        ],
    );
    // Of another owner it is another action.
    let others = together.replace("@a", "@b");
    check(
        &[&list(apart), &list(apart), &list(&others)],
        &[
            "gone [Raised Carried] print the tide tables on both sides",
            "gone [Raised Carried] order new berth signs for the quay",
            "open [Raised] talk with the office",
        ],
    );
}

#[test]
fn the_only_action_of_its_owner_that_a_list_would_miss() {
    let list =
        "# x\n## Pending action items\n- AI @a: create issues about tide cache, berth signs and lamps on the quay\n";
    let raised = "# x\n- AI @a: create issues for what was said above, all of it\n";
    check(&[raised, list], &["open [Raised Carried] create issues for what was said above, all of it"]);
    // Two of them are alike: neither is taken.
    let two = format!("{raised}- AI @a: create issues with the chart printer once more\n");
    check(
        &[&two, list],
        &[
            "open [Raised] create issues for what was said above, all of it",
            "open [Raised] create issues with the chart printer once more",
            "open [Raised] create issues about tide cache, berth signs and lamps on the quay",
        ],
    );
}

#[test]
fn a_note_under_an_issue_tells_of_it() {
    let issue = "[docs#41](https://github.com/quay/docs/issues/41)";
    check(
        &[
            &format!("# x\n- AI @a: write the page {issue}\n"),
            &format!("# x\n- {issue}: the page\n    - merged, the mail is still to be written\n"),
        ],
        &["done [Raised Closed] write the page docs#41"],
    );
}

#[test]
fn reassigned_and_due_moved() {
    check(
        &[
            "# x\n- AI @a: check the nightly dumps of the database by end of March\n",
            "# x\n- AI @a: check the nightly dumps of the database by mid April\n",
            "# x\n- AI @b: check the nightly dumps of the database by mid April\n",
        ],
        &["open [Raised DueMoved Reassigned] check the nightly dumps of the database by end of March"],
    );
}
