//! Which statements are decisions, and which only look like it.

use crate::extract;

/// `line: text`; unmarked ones with a `~` before them.
fn check(source: &str, expected: &[&str]) {
    let told: Vec<String> = extract(source, "2026-01-13.md")
        .remove(0)
        .decisions
        .into_iter()
        .map(|d| format!("{}{}: {}", if d.explicit { "" } else { "~" }, d.line, d.text))
        .collect();
    assert_eq!(told, expected, "{source}");
}

#[test]
fn labels_before_and_over_what_was_settled() {
    check("- Decision: use the new buoy\n", &["1: use the new buoy"]);
    check("- Tentative outcome:\n    - use the new buoy\n", &["2: use the new buoy"]);
    check("Consensus of the meeting:\n- use the new buoy\n- Mira to ask for it\n", &["2: use the new buoy"]);
    check("- [Decision] use the new buoy\n", &["1: use the new buoy"]);
    check("- DECISION - use the new buoy\n- Decision - what is it?\n", &["1: use the new buoy"]);
    check("- #agreed use the new buoy\n", &["1: use the new buoy"]);
    check("- Decision #12: use the new buoy\n", &["1: use the new buoy"]);
    check(
        "## Decisions made / Action items\n\n| Item | Description |\n|--|--|\n| **61.1** | red buoys only |\n| **61.2** | Mira to paint one |\n",
        &["5: red buoys only"],
    );
    check("## Charts\n\n| Item | Description |\n|--|--|\n| 1 | red buoys only |\n", &[]);
    check(
        "- Minutes of May - approved with a change\n- Chart 7 - approved by whom?\n",
        &["1: Minutes of May - approved with a change"],
    );
    check("- consensus: ok to paint it red\n", &["1: ok to paint it red"]);
    check("## Summary of resolutions\n\n1. red buoys only\n", &["3: red buoys only"]);
    check("- Long talk. Decision is that it stays red.\n", &["1: Long talk. Decision is that it stays red."]);
    check("Approve past minutes - approved w/o comment\n", &["1: Approve past minutes - approved w/o comment"]);
    check("## Decisions\n\n- [ ] Decision 1\n- [ ] Decision 2\n- red buoys only\n", &["5: red buoys only"]);
    check("- Hats: no. vote: 1 for, 5 against\n", &["1: Hats: no. vote: 1 for, 5 against"]);
    check("- Shall it be red?\n- nobody against\n", &["1: Shall it be red? (nobody against)"]);
    check("- agreed -> paint it red\n", &["1: paint it red"]);
    check("- Some hate it: fine. Decision: no red buoys\n", &["1: no red buoys"]);
    check("- The old buoy, was\n  approved by all\n", &["1: The old buoy, was approved by all"]);
    check("Agreed that boats go from 5 → 25 knots\n", &["1: Agreed that boats go from 5 → 25 knots"]);
    check("- I'm all in favor of red buoys\n- Buoys stay red: all in favour\n", &["2: Buoys stay red: all in favour"]);
    check("- Decision taken by the board: use the new buoy\n", &["1: use the new buoy"]);
    check("- The proposal has been accepted by the board\n", &["1: The proposal has been accepted by the board"]);
    check(
        "- Decision to drop the old buoy\n- All: Agree that it is red\n",
        &["1: Decision to drop the old buoy", "2: Agree that it is red"],
    );
}

#[test]
fn a_verdict_settles_the_proposal_before_it() {
    check(
        "- Should we move the call to May?\n- No objections.\n",
        &["1: Should we move the call to May? (No objections.)"],
    );
    check(
        "- Motion: buy a red buoy\n    - Moved: Mira\n    - PASSED without objection, without abstention\n",
        &["1: buy a red buoy (PASSED without objection, without abstention)"],
    );
    check("- Motion: buy a buoy\n    - All agreed\n    - Approved\n", &["1: buy a buoy (All agreed)"]);
    check("- No objections to trying the red buoy\n", &["1: No objections to trying the red buoy"]);
}

#[test]
fn a_verdict_tells_how_it_came_about() {
    let passed = "Mira makes the motion, Jo seconds. All in favor. One abstention (Tim)";
    check(&format!("- Paint the pier\n    - {passed}\n"), &[&format!("1: Paint the pier ({passed})")]);
    check(
        "- Jo would prefer the red buoy\n- vote: 7 for, 1 against\n",
        &["1: Jo would prefer the red buoy (7 for, 1 against)"],
    );
    check(
        "- Explicit decision: the red buoy\n- ergo, we will use it\n",
        &["1: the red buoy", "~2: ergo, we will use it"],
    );
    check("- Mira makes the motion, Jo seconds\n", &[]);
    check("- Who comes to the party\n    - 12 yes, 3 no\n- Open PRs\n    - 3 approved\n", &[]);
    check("- PR 41 (tide tables) - approved by Jo, waiting for CI\n- Talk of Jo -> accepted\n", &[]);
    check("- Mira sent in a talk for the conference. Accepted.\n", &[]);
    check("- The red buoy stays in the harbour. Agreed.\n", &["1: The red buoy stays in the harbour."]);
    check(
        "- We took a vote: 7 in favor of the red buoy and 2 against\n",
        &["1: We took a vote: 7 in favor of the red buoy and 2 against"],
    );
    check("- Show of hands on the buoy: 5 yes, 2 no\n", &["1: Show of hands on the buoy: 5 yes, 2 no"]);
}

#[test]
fn remarks_beside_a_label_are_no_decision() {
    check("- Current decisions: (see the board)\n    - The buoy is red\n", &["2: The buoy is red"]);
    check("- Agreement (todo: write that down)\n", &[]);
    check("- we decided last time to use the red buoy\n", &[]);
}

#[test]
fn plain_statements_of_what_holds() {
    for said in [
        "We will keep the red buoy",
        "Discussion: Let's use the red buoy",
        "The page will be removed after the summer",
        "-> Recommend red buoys",
        "No freeze, but be careful with merging",
        "The call stays the same for now",
        "Absent comments, this will move to stage 2.",
    ] {
        let told = extract(&format!("- {said}\n"), "2026-01-13.md").remove(0).decisions;
        assert!(told.len() == 1 && !told[0].explicit, "{said}: {told:?}");
    }
    check(
        "- Should we force the move within six weeks? YES\n- Can we drop the page?\n    - Yes, it is old\n",
        &["~1: Should we force the move within six weeks? YES", "~3: Can we drop the page? Yes, it is old"],
    );
    for said in [
        "We could keep the red buoy",
        "Maybe the page will be removed",
        "We don't have a buoy",
        "Is it done? Yes",
        "Will be merged today",
        "Let's discuss it next week",
        "If we keep the red buoy, the page is wrong",
    ] {
        check(&format!("- {said}\n"), &[]);
    }
    // In a talk everybody has a stance.
    check("- Mira: it is red.\n- Jo: Keep it as it is for now\n- Mira: fine\n- Jo: good\n", &[]);
}

#[test]
fn what_is_only_asked_or_put_to_the_vote_is_not_settled() {
    for line in [
        "Vote: https://polls.example/1",
        "VOTE: shall the red buoy be bought?",
        "Proposed resolution: buy it",
        "the format is agreed upon by the harbours",
        "Do we agree that it is red?",
        "No objections so far",
    ] {
        check(&format!("- {line}\n"), &[]);
    }
}

#[test]
fn a_decision_stands_on_the_line_of_its_sentence() {
    let long = "There was a long talk about what the buoy is to be painted with, as the old colour has";
    check(&format!("- {long}\n  gone. We decided to paint it red.\n"), &["2: We decided to paint it red."]);
    // Lines that did not wrap are statements of their own.
    check("- The old buoy\n  We’ve defined to drop it\n", &["~2: We’ve defined to drop it"]);
}

#[test]
fn motions_with_their_verdict_and_lists_without_a_colon() {
    check(
        "*Motion* (Mira/Jo): to buy a red buoy. Passed 5-1.\n",
        &["1: Motion (Mira/Jo): to buy a red buoy. Passed 5-1."],
    );
    check("- Meeting consensus\n    - Do not buy it\n    - May need a second look\n", &["2: Do not buy it"]);
    check(
        "- No one objected to the red buoy\n- There was agreement on the pier\n",
        &["1: No one objected to the red buoy", "2: There was agreement on the pier"],
    );
    check(
        "- Going to close the issue\n- Proceed as planned\n- 20th it is.\n",
        &["~1: Going to close the issue", "~2: Proceed as planned", "~3: 20th it is."],
    );
}

#[test]
fn what_groups_and_several_by_name_agree_to() {
    check(
        "- The board discussed it and decided no buoy is needed\n- TSC is fine with red buoys\n- red it is, everyone was OK with it\n",
        &[
            "1: The board discussed it and decided no buoy is needed",
            "2: TSC is fine with red buoys",
            "3: red it is, everyone was OK with it",
        ],
    );
    check(
        "- Mira: I would drop the old buoy. Jo, Tim: agree.\n- Jo: start with the pier\n- Mira, Tim: makes sense\n",
        &["1: Mira: I would drop the old buoy.", "2: Jo: start with the pier (Mira, Tim: makes sense)"],
    );
    check(
        "- only red buoys may be sold\n- all: agree.\n- Are we agreed on the pier? Group agreed.\n",
        &["1: only red buoys may be sold (all: agree.)", "3: Are we agreed on the pier?"],
    );
    check(
        "- if the board is fine with it, paint it\n- The harbour decided to wait\n- Jo agrees\n",
        &["2: The harbour decided to wait"],
    );
    check("- Everyone would be fine with red\n- it is not clear that the team agrees\n", &[]);
}

#[test]
fn answers_to_what_was_decided() {
    check(
        "## Any important decisions that were taken?\n\n- Use the red buoy as default\n- tide tables\n- How to go on with the pier?\n- How to go on with the old pier\n",
        &["3: Use the red buoy as default"],
    );
    check(
        "- Any decisions that are going to be taken?\n    - Do not move the old pier\n",
        &["2: Do not move the old pier"],
    );
    check("- Conclusion?\n    - may be that it is to be red\n", &[]);
    check(
        "- Colour decision:\n    - red from May on\n- Decision needed:\n    - red or blue\n",
        &["2: red from May on"],
    );
}

#[test]
fn agreement_on_something_and_verdicts_with_a_change() {
    check(
        "- Buoys: agreement on the red ones\n- Rough agreement on a new pier in May\n- approved for May, see the poll\n",
        &[
            "1: Buoys: agreement on the red ones",
            "2: Rough agreement on a new pier in May",
            "3: approved for May, see the poll",
        ],
    );
    check(
        "## Protokoll vom 3. Mai\n- angenommen ohne Änderungen\n",
        &["2: Protokoll vom 3. Mai (angenommen ohne Änderungen)"],
    );
    check("- Protokoll wird ohne Änderungen angenommen\n", &["1: Protokoll wird ohne Änderungen angenommen"]);
    check("- Jo gets a key. Vote: 9 yes\n", &["1: Jo gets a key. Vote: 9 yes"]);
    check(
        "- Abstimmung: neue Boje bis 350 € -> 7 dafür, 0 dagegen\n",
        &["1: Abstimmung: neue Boje bis 350 € -> 7 dafür, 0 dagegen"],
    );
    check("- Proposal: Keep the old pier\n- Done:\n    - Drop the red buoy of May\n", &[]);
}

#[test]
fn what_only_looks_like_agreement() {
    for said in [
        "Linux and Windows: makes sense to split the pages later",
        "Jo, Tim: agree it is hard, but nothing follows from it yet",
        "Everyone: sounds good in theory, but costs too much",
        "Jo, Mira: +1 for lunch at noon",
        "None of the members agreed with the plan",
        "Only two members agree",
        "The board will have decided by May",
        "Others asked how Jo decided on it",
        "Thanks to all for the +1s on the chart",
        "Der Vorstand entscheidet nächste Woche über den Antrag",
        "Consensus on the chart was never reached",
        "Agreement on the budget is still missing",
        "Jo gets a key. Vote: 9 yes needed to pass",
    ] {
        check(&format!("- {said}\n"), &[]);
    }
    check("- only red buoys may be sold\n- Jo, Mira: agree, not yet\n", &[]);
    check("## Outstanding decisions\n- the red buoy or the blue one\n", &[]);
    check("## Offene Beschlüsse\n- die rote Boje oder die blaue\n", &[]);
    check(
        "## Any decisions that were made?\n- none so far, we ran out of time\n- Nothing was decided this time\n",
        &[],
    );
}
