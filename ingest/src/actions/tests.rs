use crate::extract;

/// `line owners: text [state] {due}`; unmarked ones with a `~`, carried ones with a `+` before them.
fn check(source: &str, expected: &[&str]) {
    let told: Vec<String> = extract(source, "2026-01-13.md")
        .remove(0)
        .actions
        .into_iter()
        .map(|a| {
            let state = format!("{:?}", a.state).to_lowercase();
            let state = if state == "open" { String::new() } else { format!(" [{state}]") };
            let due = a.due.map_or(String::new(), |d| format!(" {{{}}}", d.text));
            let mark = format!("{}{}", if a.explicit { "" } else { "~" }, if a.carried { "+" } else { "" });
            format!("{mark}{} {}: {}{state}{due}", a.line, a.owners.join(","), a.text)
        })
        .collect();
    assert_eq!(told, expected, "{source}");
}

#[test]
fn markers_before_after_and_around_a_task() {
    check("- AI @mira: ask the office\n", &["1 mira: ask the office"]);
    check("- _AI @mira: ask the office_\n", &["1 mira: ask the office"]);
    check("- AI: @mira to ask the office\n", &["1 mira: ask the office"]);
    check("- convert the tide table (AI @mira)\n", &["1 mira: convert the tide table"]);
    check("- the table is wrong -> AI @mira, @jo\n", &["1 mira,jo: the table is wrong"]);
    check("- AI @mira/@jo: ask\n- AI @mira via @jo: call\n", &["1 mira,jo: ask", "2 mira: call"]);
    check("#### Convert the tide table (AI @mira)\n", &["1 mira: Convert the tide table"]);
    check(
        "- AI\n    - @mira: ask the office\n    - call the printer\n",
        &["2 mira: ask the office", "3 : call the printer"],
    );
    check("- Mira still has an AI to ask the office\n", &["1 : ask the office"]);
    check(
        "- all read it. Action for all to answer.\n- Next steps are to ask the office\n",
        &["1 all: answer.", "2 : ask the office"],
    );
    check("- To do (later): ask the office\n", &["1 : ask the office"]);
    check("- TODO(@mira) ask the office\n- ToDo: clean up\n", &["1 mira: ask the office", "2 : clean up"]);
    check("- ACTION: Mira to ask the office by Friday\n", &["1 Mira: ask the office by Friday {by Friday}"]);
    check("- ToDo: amend the tables (AI Kurt to propose)\n", &["1 Kurt: amend the tables"]);
    check("- the clock is off\n    - AI @mira\n", &["1 mira: the clock is off"]);
    check("- Aufgabe: @mira fragt bis Ende Mai nach\n", &["1 mira: fragt bis Ende Mai nach {bis Ende Mai}"]);
    check(
        "- _AI reminder next week_\n- AI for @mira, @jo: ask\n",
        &["1 : reminder next week {next week}", "2 mira,jo: ask"],
    );
}

#[test]
fn whose_it_is_may_hang_on_the_marker() {
    let check = |line: &str, expected: &str| check(&format!("Present: Mira, Jo\n\n- {line}\n"), &[expected]);
    check("Action on Mira: ask the office", "3 Mira: ask the office");
    check("AI assigned to Mira: ask the office", "3 Mira: ask the office");
    check("AI on Jo to ask the office", "3 Jo: ask the office");
    check("Action Required: Mira to ask the office", "3 Mira: ask the office");
    check("Action point (Jo): ask the office", "3 Jo: ask the office");
    check("AR Jo: ask the office", "3 Jo: ask the office");
    check("AI => Mira: ask the office", "3 Mira: ask the office");
    check("Aktion: Mira fragt im Amt", "3 Mira: fragt im Amt");
    check("AI(anna-b): ask the office", "3 anna-b: ask the office");
    // What stands in brackets is not always somebody.
    check("TODO (later): ask the office", "3 : ask the office");
    check("TODO(urgent): ask the office", "3 : ask the office");
}

#[test]
fn so_short_a_name_is_told_by_its_capital() {
    check(
        "Present: Jo Lund\n\n- AI: ask the office, Jo\n- AI: ask the office, jo\n",
        &["3 Jo: ask the office, Jo", "4 : ask the office, jo"],
    );
}

#[test]
fn will_and_is_in_short() {
    check(
        "Present: Mira\n\n- Mira'll ask the office\n- Mira’s going to call the printer\n- Mira's going rate is fine\n",
        &["~3 Mira: ask the office", "~4 Mira: call the printer"],
    );
    check(
        "Present: Mira\n\n- Mira took an action to ask the office\n- Mira has an action item to call the printer\n",
        &["~3 Mira: took an action to ask the office", "4 Mira: call the printer"],
    );
    check("Present: Mira\n\n- 👉 Mira to ask the office\n", &["~3 Mira: ask the office"]);
    check("Present: Mira\n\n- it is late, Mira'll ask the office\n", &["~3 Mira: it is late, ask the office"]);
    check("Present: Mira\n\n- it is late (Mira will ask the office)\n", &["~3 Mira: it is late (ask the office)"]);
}

#[test]
fn behind_a_comma_somebody_else_has_a_part_of_it() {
    check("- AI: @mira to write the page, @jo to read it\n", &["1 mira: write the page", "1 jo: read it"]);
    check(
        "Present: Mira, Jo\n\n- AI: Mira: write the page; Jo will read it\n",
        &["3 Mira: write the page", "3 Jo: read it"],
    );
    check("- AI: @mira to ask the office, the printer and @jo\n", &["1 mira: ask the office, the printer and @jo"]);
}

#[test]
fn boxes_that_all_begin_with_a_name_are_tasks_of_these() {
    let present = "Present: Mira, Jo, Tilda\n\n";
    check(
        &format!(
            "{present}## Last week\n\n- [x] Mira: new chart\n- [ ] Jo/Tilda buoy paint\n- [ ] ~~Tilda: prices~~\n"
        ),
        &["5 Mira: new chart [done]", "6 Jo,Tilda: buoy paint", "7 Tilda: prices [done]"],
    );
    check(&format!("{present}- [x] Mira: new chart\n- [ ] Welcome\n"), &[]);
    check(&format!("{present}- [x] Mira: new chart?\n- [ ] Jo: old chart\n"), &[]);
    check(&format!("{present}- [ ] Mira: new chart\n"), &[]);
}

#[test]
fn heads_of_lists_with_something_beside_them() {
    check("## Follow-up of last time\n\n- Jo: charts - done\n", &["+3 Jo: charts - done [done]"]);
    check(
        "- [Mira] **Action items from last time**\n    - ~~Tim to open the shed~~ opened\n    - Jo: charts\n",
        &["+2 Tim: open the shed opened [done]", "+3 Jo: charts"],
    );
    check("**To do of today** (mira = M)\n\n- @mira: paint the buoy\n", &["3 mira: paint the buoy"]);
    check(
        "## Review prior meeting's action items\n\n- [Ready](https://example.org/issues?q=ready)\n- @mira: the chart\n",
        &["+4 mira: the chart"],
    );
}

#[test]
fn actions_with_the_number_of_a_tracker() {
    check(
        "Action-88 - Mira to ask the office\nAction-91 - Jo: write the tables\n",
        &["1 Mira: ask the office", "2 Jo: write the tables"],
    );
    check("ACTION-7 on Mira, paint the buoy\n", &["1 Mira: paint the buoy"]);
    check("- Action-88 is late\n- see Action-88 - Mira knows\n", &[]);
}

#[test]
fn a_sign_or_a_bracket_before_whose_it_is() {
    check(
        "## From last time\n\n* :white_check_mark: Mira: paint the buoy\n* ⏳ Jo: call the printer\n* :x: Tim: ask\n",
        &["+3 Mira: paint the buoy [done]", "+4 Jo: call the printer", "+5 Tim: ask [dropped]"],
    );
    check("- [x] (MH) Ask the office\n- [ ] (JL) is that so\n", &["1 MH: Ask the office [done]"]);
    check("* action: Mira: paint the buoy\n* the action is late\n", &["1 Mira: paint the buoy"]);
    check("## Action items\n\n- [ ] Action 1\n- [ ] Action 2\n", &[]);
    check("**Homework**\n\n* Mira: new chart\n", &["3 Mira: new chart"]);
}

#[test]
fn a_status_below_a_task_is_none() {
    check(
        "## Action items\n\n* Mira: ask the office\n      [ Pier 2026-01-06 ]\n      Status: Done, see the report\n* Jo: call\n    - Status: open\n",
        &["3 Mira: ask the office [done]", "6 Jo: call"],
    );
}

#[test]
fn boxes_with_a_handle_owe_what_stands_beside_it() {
    check("- [ ] @mira chart by Friday\n", &["1 mira: chart by Friday {by Friday}"]);
    check("- [ ] amend the chart - @mira, by Friday\n", &["1 mira: amend the chart {by Friday}"]);
    check("- [ ] amend the chart (@mira) pier#5\n", &["1 mira: amend the chart"]);
    check("- [ ] thanks to @mira for the chart of the old pier that she drew\n", &[]);
    check("## Agenda\n\n- [ ] @mira chart by Friday\n", &[]);
}

#[test]
fn initials_and_whole_names_of_who_is_there() {
    let here = "Present: Mira Holt (MH), Jo de Wit\n\n";
    check(&format!("{here}- [ ] MH paint the buoy\n- [x] welcome\n"), &["3 MH: paint the buoy"]);
    check(&format!("{here}## New agenda items\n\n- [ ] MH: paint the buoy\n- [x] welcome\n"), &[]);
    check(&format!("{here}- [x] numbers of boats (MH)\n- [ ] welcome\n"), &["3 MH: numbers of boats [done]"]);
    check(&format!("{here}## Agenda\n\n- [x] numbers of boats (MH)\n"), &[]);
    check(
        &format!("{here}- Mira takes action to call the printer\n- Jo transfers the chart\n- Jo suggests red\n"),
        &["~3 Mira: takes action to call the printer", "~4 Jo: transfers the chart"],
    );
    check(&format!("{here}ACTION(MH) paint the buoy\n"), &["3 MH: paint the buoy"]);
    check(
        &format!("{here}## Action items\n\n- [ ] @Jo de Wit rope for the pier\n"),
        &["5 Jo de Wit: rope for the pier"],
    );
    check(&format!("{here}- @jo pls call the printer\n"), &["~3 jo: call the printer"]);
    check(&format!("{here}- Mira took over from Jo in May\n- Jo takes over the notes\n"), &[]);
    check(&format!("{here}- Jo: sure, I can submit a request\n"), &["~3 Jo: sure, I can submit a request"]);
}

#[test]
fn what_a_sentence_before_denies_is_no_marker_s_concern() {
    check("- The lamp: no progress. **Action: Mira**\n", &["1 Mira: The lamp: no progress."]);
    check("- no action on the lamp\n", &[]);
}

#[test]
fn what_only_looks_like_one() {
    for line in [
        "AI based berth forecasts",
        "we want AI for forecasts",
        "seems to be generated by AI",
        "the GitHub action is broken",
        "a call to action",
        "no AIs this week",
        "AI: none",
        "@mira has merged the PR",
        "@mira: thinks that it is too early",
        "Mira will be back on Thursday",
        "somebody should look into this",
        "Report in the community call: @mira",
        "Documentation will follow",
    ] {
        check(&format!("- {line}\n"), &[]);
    }
}

#[test]
fn lists_under_a_heading_and_what_became_of_them() {
    check(
        "## Check AIs from last time\n- AI @mira: ask the office\n    - done: see #4\n- @jo: call the printer - ongoing\n    - _AI @jo: send an invoice_\n- ~~@tim: tidy up~~\n",
        &[
            "+2 mira: ask the office [done]",
            "+4 jo: call the printer - ongoing",
            "5 jo: send an invoice",
            "+6 tim: tidy up [done]",
        ],
    );
    check(
        "## Action items\n- [ ] @mira: ask\n- [x] Jo to call them\n- none\n",
        &["2 mira: ask", "3 Jo: call them [done]"],
    );
    check(
        "- Action item (AI) follow-up\n    - [2026-01-06]: Mira to ask\n        - Jo: is that so?\n    - all: read it\n    - What about the harbour?\n",
        &["2 Mira: ask", "4 all: read it"],
    );
    check(
        "## Action items\n- @mira called the printer - DONE\n- @mira called the office\n",
        &["2 mira: called the printer - DONE [done]"],
    );
    check(
        "## Next steps\n- Ask the office\n- We like the blue one\n- @jo to call\n",
        &["2 : Ask the office", "4 jo: call"],
    );
}

#[test]
fn commitments_without_a_marker() {
    check("- @mira will invite the harbours\n", &["~1 mira: invite the harbours"]);
    check("- Antoine will send an email\n", &["~1 Antoine: send an email"]);
    check("- the chart is old -> @mira to ask for a new one\n", &["~1 mira: ask for a new one"]);
    check(
        "- Document the cache (@mira)\n- feedback from @jo pending\n",
        &["~1 mira: Document the cache", "~2 jo: feedback from @jo pending"],
    );
    check("Present: Matej, Oliver\n\n- Matej pings Oliver\n", &["~3 Matej: pings Oliver"]);
    check("- @mira to write, @jo to review\n", &["~1 mira: write", "~1 jo: review"]);
    check("- the page is old -> @mira\n", &["~1 mira: the page is old"]);
    check("- Licence of the charts\n    -> @mira\n", &["~2 mira: Licence of the charts"]);
    check("- the chart is to be redrawn by @mira\n", &["~1 mira: the chart is to be redrawn by @mira"]);
    check("- no chart yet, Mark and Jo to draw one\n", &["~1 Mark,Jo: no chart yet, draw one"]);
    check("Present: Mira\n\n- Call the harbour, Mira\n", &["~3 Mira: Call the harbour"]);
    check("- Will ask the office, @mira, @jo\n", &["~1 mira,jo: Will ask the office"]);
    check("- Redraw it (@mira, others to help)\n", &["~1 mira: Redraw it"]);
    check("- Should we redraw the chart? Yes, @mira\n", &["~1 mira: Should we redraw the chart"]);
    check("- the chart is old --> @mira please redraw it\n", &["~1 mira: the chart is old --> redraw it"]);
    check("- HO will look into the charts\n- HO will support both\n", &["~1 HO: look into the charts"]);
    check("- mail TBW by @mira\n", &["~1 mira: mail TBW by @mira"]);
    check("- tideman7 to leave a comment\n", &["~1 tideman7: leave a comment"]);
    check("- the page is old -- mirasee to review it\n", &["~1 mirasee: the page is old -- review it"]);
    check("- nothing to review\n- wanted to ask them\n- a buoy, lamps to paint\n- script to create the tables\n", &[]);
    check("- Mira is sending the form on Friday\n", &[]);
    check(
        "Present: Mira\n\n- Mira is sending the form on Friday\n",
        &["~3 Mira: is sending the form on Friday {on Friday}"],
    );
}

#[test]
fn speakers_commit_themselves() {
    let talk = |said: &str| format!("- Mira: the tide is in.\n- Jo: it is late.\n- Mira: {said}\n- Jo: fine\n");
    for (said, task) in [
        ("That is wrong. I'll ask the office.", "I'll ask the office."),
        ("Going to ask the office.", "Going to ask the office."),
        ("To ask the office", "ask the office"),
        ("Have a list, and will share it", "Have a list, and will share it"),
        ("Will be asking the office", "Will be asking the office"),
        ("my fault, will ask the office", "my fault, will ask the office"),
    ] {
        check(&talk(said), &[format!("~3 Mira: {task}").as_str()]);
    }
    for said in [
        "That will need time.",
        "Will depend on the tide.",
        "To be honest, it is late.",
        "Will you ask the office?",
        "The office will close.",
        "Looking forward to it.",
        "the old lamp, will create a mess",
        "it is late, will it hold?",
    ] {
        check(&talk(said), &[]);
    }
    check(
        "Present: Mira, Jo\n\n- Jo: notes are with Mira, she'll share a link\n",
        &["~3 Mira: notes are with Mira, she'll share a link"],
    );
    check(
        "Present: Mira\n\n- Mira:\n    - the chart is redrawn. Will ask the office\n",
        &["~4 Mira: Will ask the office"],
    );
}

#[test]
fn tables_of_actions() {
    check(
        "## Action items\n\n| # | Task | Owner | Due | Status |\n|--|--|--|--|--|\n| 4 | Paint the buoy | Mira | 2026-02-01 | Done |\n\
         | 5 | Ask the office | @jo / Tim | - | in progress |\n| 6 | Print it | ? | | obsolete |\n| | | Jo | | |\n",
        &["5 Mira: Paint the buoy [done] {2026-02-01}", "6 jo,Tim: Ask the office", "7 : Print it [dropped]"],
    );
    check(
        "| Who | What | By when |\n|--|--|--|\n| @mira | chart of the pier | Friday |\n",
        &["3 mira: chart of the pier {Friday}"],
    );
    // Other tables are none.
    for table in [
        "| Name | Topic |\n|--|--|\n| Mira | the pier |\n",
        "## Participants\n\n| Name | Task |\n|--|--|\n| Mira | chair |\n",
        "| What | Price | When |\n|--|--|--|\n| buoy | 12 | May |\n",
    ] {
        check(table, &[]);
    }
}

#[test]
fn what_somebody_is_up_to_next() {
    check(
        "@mira\n- Done:\n  - painted the buoy\n- Blocked:\n  - n/a\n- Next:\n  - Ask the office\n  - the pier\n",
        &["7 mira: Ask the office", "8 mira: the pier"],
    );
    check(
        "@jo\n- Done:\n- painted it\n- Next:\n- Review the chart\n- Finish the pier\n- Blocked:\n- Wait for paint\n",
        &["5 jo: Review the chart", "6 jo: Finish the pier"],
    );
    check("- Action items:\n- Berth fees\n- Next call on Friday\n", &[]);
    // Under a heading it is what comes next in the meeting.
    check("## Next\n- Review the chart\n", &[]);
}

#[test]
fn brackets_that_a_word_processor_escapes() {
    check(
        "- \\[Action Item\\] @mira: ask the office\n\nCarry over\n\n- \\[ \\] Jo: paint the buoy\n- \\[x\\] @tim: print it\n",
        &["1 mira: ask the office", "+5 Jo: paint the buoy", "+6 tim: print it [done]"],
    );
}

#[test]
fn a_promise_to_do_it_is_about_what_was_asked() {
    check(
        "- Jo: Mira, would you ask the office?  Mira: Yes, will do.\n- Jo: x\n- Mira: y\n- Mira: z\n",
        &["~1 Mira: ask the office"],
    );
    check("- Mira: Will do.\n- Mira: it is red\n", &[]);
}

#[test]
fn who_is_asked_or_undertakes_to_do_something() {
    check(
        "## Participants\n- Mira\n- Jo\n## Notes\n- Mira was asked to check the pier\n- Jo kindly offered to draft the letter\n\
         - Mira to have a look at it\n- [Jo] will draft the note\n",
        &["~5 Mira: check the pier", "~6 Jo: draft the letter", "~7 Mira: have a look at it", "~8 Jo: draft the note"],
    );
    check(
        "- we should write that down (@mira)\n- Announce it (@jo) and wait for answers\n- the date NEEDS TO BE SET by @mira\n",
        &[
            "~1 mira: we should write that down",
            "~2 jo: Announce it and wait for answers",
            "~3 mira: the date NEEDS TO BE SET by @mira",
        ],
    );
    for line in ["Mira will talk at the pier, 2026-05-01", "Mira asks whether it is red", "Mira sends regrets"] {
        check(&format!("## Participants\n- Mira\n## Notes\n- {line}\n"), &[]);
    }
}

#[test]
fn what_somebody_was_to_do_is_still_to_be_done() {
    let people = "## Participants\n- Mira\n- Jo\n## Notes\n";
    for told in [
        "was to",
        "was supposed to",
        "was going to",
        "wanted to",
        "had promised to",
        "planned to",
        "has yet to",
        "is still to",
    ] {
        check(&format!("{people}- Mira {told} ask the yard\n"), &["~5 Mira: ask the yard"]);
    }
    for told in [
        "wanted to make sure that all is red",
        "wanted to discuss the lamps",
        "was going to be late",
        "is still to be convinced",
        "planned to leave at four",
        "had to leave",
        "was happy to help",
    ] {
        check(&format!("{people}- Mira {told}\n"), &[]);
    }
}

#[test]
fn an_entry_of_a_list_that_is_given_to_somebody() {
    check(
        "## Release notes\n- Pier: @mira\n- new photos of the old pier (@jo, @tim)\n- @anna: comment on the draft\n",
        &["~2 mira: Pier", "~3 jo,tim: new photos of the old pier", "~4 anna: comment on the draft"],
    );
    // Topics with who speaks.
    check("## Agenda\n- new photos of the old pier (@jo)\n- Pier: @mira\n", &[]);
    for line in
        ["Red buoys (@jo)", "Idea: paint it red (@jo)", "which of the two is red? (@jo)", "@mira: email is slow"]
    {
        check(&format!("- {line}\n"), &[]);
    }
}

#[test]
fn who_speaks_with_an_initial_or_presents_the_topic() {
    check(
        "- Mira D.: Will draw a chart and send it\n- Mira D.: Happy to go and ask\n- Mira D.: Happy to help if needed\n",
        &["~1 Mira D.: Will draw a chart and send it", "~2 Mira D.: Happy to go and ask"],
    );
    check(
        "## Participants\n- Mira\n## Notes\n- News of the pier (Mira)\n    - Will publish a plan soon\n- Will publish a plan\n",
        &["~5 Mira: Will publish a plan soon"],
    );
    check(
        "- Resolution: tideman to comment\n- Next step is ask the office\n",
        &["~1 tideman: comment", "2 : ask the office"],
    );
    check(
        "- The page to be written by Mira/Anna (in May)\n",
        &["~1 Mira,Anna: The page to be written by Mira/Anna (in May)"],
    );
}

#[test]
fn initials_of_surnames_and_those_who_help() {
    let known = "Present: Mira Holt (@mira), Jo Halden (@jo)\n\n";
    let check = |text: &str, expected: &[&str]| check(&format!("{known}{text}"), expected);
    check("- Mira H will ask Jo H\n", &["~3 Mira H: ask Jo H"]);
    // Somebody else of that name.
    check("- Mira K will ask\n", &[]);
    check("- @jo with support from @mira to dig it up\n", &["~3 jo: dig it up"]);
    check("- @jo together with @mira will dig it up\n", &["~3 jo,mira: dig it up"]);
    check("- @mira helped @jo to dig it up\n", &[]);
    check("- Jo: Next week will give a talk\n", &["~3 Jo: Next week will give a talk {Next week}"]);
    check("- Jo: Agreed. My intent is to link the chart\n", &["~3 Jo: My intent is to link the chart"]);
}

#[test]
fn a_marker_with_nothing_to_do_or_a_report() {
    check("- AI: none - still waiting for the office\n", &[]);
    check("- AI: this was landed last week\n", &["1 : this was landed last week [done]"]);
}

#[test]
fn no_bracket_stays_open() {
    let known = "## Participants\n- @mira\n- @jo\n\n## Agenda\n";
    check(
        &format!("{known}- where it is to be must be told (@jo -> @mira)\n"),
        &["~6 mira: where it is to be must be told"],
    );
    check(
        &format!("{known}- The chart needs a legend (colours from @jo -> @mira)\n"),
        &["~6 mira: The chart needs a legend (colours from @jo)"],
    );
}

#[test]
fn lists_of_earlier_tasks_and_numbered_markers() {
    check("TODO (carried over)\n\n- Jo to fix the lamp\n", &["+3 Jo: fix the lamp"]);
    check("## Open to-dos (from earlier)\n- [ ] Jo: fix the lamp\n", &["+2 Jo: fix the lamp"]);
    check("## Actions of previous meeting\n- Jo to fix the lamp\n", &["+2 Jo: fix the lamp"]);
    check("- To Do 1: fix the lamp\n- To Do 2:\n", &["1 : fix the lamp"]);
    // A report needs no colon behind "Next", a slide tells nobody's tasks.
    check("## Notes\n\n**@jo**\n- Done\n  - painted it\n- Next\n  - the lamp\n", &["7 jo: the lamp"]);
    check("## Slides\n- Next\n  - Integration of the lamp\n", &[]);
}

#[test]
fn a_line_that_was_not_indented_is_a_statement() {
    let long =
        "[#41](https://github.com/quay/docs/issues/41), which has been talked about for some years now without any end";
    check(&format!("- The tides {long}\nMira will ask the office\n"), &["~2 Mira: ask the office"]);
    let about = |source: &str| crate::extract(source, "2026-01-13.md")[0].actions[0].about.clone().map(|a| a.line);
    assert_eq!(about("- The tides (quay/docs#41)\n\nAI: ask the office\n"), Some(1));
    assert_eq!(about("- The tides quay/docs#41 (related: quay/docs#7)\n  AI: ask the office\n"), Some(1));
    assert_eq!(about("- The tides quay/docs#41, quay/docs#7\n  AI: ask the office\n"), None);
}

#[test]
fn markers_with_more_about_them() {
    check("- Action item for folks: read it\n- AI for all: read it\n", &["1 folks: read it", "2 all: read it"]);
    check("- Action item follow-up: Planning the pier\n", &["1 : Planning the pier"]);
    check("- New action item: Jo to ask\n", &["1 Jo: ask"]);
    check("Present: Jo\n\n- Jo - action to: ask the office\n", &["3 Jo: ask the office"]);
    check("- The GitHub action: slow\n- Action for the tests: slow\n", &[]);
}

#[test]
fn lists_with_something_between_or_before() {
    check("**Action items**\n\n_All of us_\n\n- Paint the pier\n", &["5 : Paint the pier"]);
    check("@jo: It floats. Next steps are:\n- Paint the pier\n", &["2 : Paint the pier"]);
    check("- Next steps on the pier\n  - It floats\n  - Paint it\n", &["3 : Paint it"]);
    check("@jo\n- Done: the pier\n- Next: Paint the buoy\n- Blockers: none\n", &["3 jo: Paint the buoy"]);
    check("- Next: the buoy\n", &[]);
    // Items with their days are a list of their own.
    let dated = "Open action items:\n\n- 2026-01-06: Jo to ask\n\n- The chart is out\n";
    check(&format!("{dated}- Nobody has read it\n"), &["3 Jo: ask"]);
    check(&format!("{dated}\n- Paint it\n"), &["3 Jo: ask", "5 : The chart is out", "7 : Paint it"]);
}

#[test]
fn assigned_at_the_end_of_a_line_and_the_last_of_many_clauses() {
    let people = "Present: Mira Holt (@mira), Jo Halden (@jo)\n\n";
    let check = |text: &str, expected: &[&str]| check(&format!("{people}{text}"), expected);
    check(
        "Paint the pier; assign to Mira\nThe buoy issue, assigned to Jo\n",
        &["~3 Mira: Paint the pier", "~4 Jo: The buoy issue"],
    );
    check("- /triage accepted, assign to Mira\n- is it assigned to Jo?\n", &[]);
    let long = "the storm of last week took the pier with all that stood on it and around it";
    check(
        &format!("- {long}, we wait until it is calm, Mira will ask\n"),
        &["~3 Mira: we wait until it is calm, will ask"],
    );
    check("- Check AIs from last time: paint the pier\n", &["+3 : paint the pier"]);
    check("- It leaks -> Jo fixes the pump\n- It leaks. Jo fixes things\n", &["~3 Jo: fixes the pump"]);
}

#[test]
fn remarks_beside_a_label_and_an_owner() {
    check("- Next steps: https://quay.org/x/41\n  - Paint the pier\n", &["2 : Paint the pier"]);
    check("- Paint the pier\n  - AI @mira (support from @jo)\n", &["1 mira: Paint the pier"]);
}

#[test]
fn whole_names_and_lists_of_what_somebody_does_next() {
    check(
        "- Emily Holt (press) will write about it\n- Harbour Registration will open soon\n",
        &["~1 Emily Holt: write about it"],
    );
    check(
        "@mira\n- Done:\n  - painted it\n- Next:\n  - the blue buoy\n  - the pier\n    - fix the planks\n",
        &["5 mira: the blue buoy", "7 mira: fix the planks"],
    );
    check("## Next steps\n- the blue buoy\n", &[]);
    check("- Mira provides an overview of the pier\n- Mira clarifies that it leaks\n", &[]);
}

#[test]
fn what_the_shorter_rules_would_take_for_tasks() {
    let none = [
        "- Previous action items: all done\n- Old action items - reviewed\n- New AI search is live on the website\n",
        "- AI for Everyone: course by the university\n",
        "- Check AIs from last time: see the board\n- Action items from last time: Review (5 min)\n",
        "Present: Jo\n\n- We looked at the bugs that are assigned to Jo\n- All open bugs are assigned to Backlog\n",
        "Present: Mira\n\n- Which buoy? -> Mira supports the red one\n",
        "Present: Mira\n\n- Mira: The first draft is out. Next month will show whether it works.\n",
        "@jo\n- Done: the pier\n- Next: on vacation until Monday\n",
        "| Was | Wie | Termin |\n|---|---|---|\n| Pier streichen | mit Farbe | Mai |\n",
    ];
    none.into_iter().for_each(|text| check(text, &[]));
    check(
        "## Action items\n- Mira (Nordkai) writes the page (draft)\n    - it has three chapters\n",
        &["2 : Mira (Nordkai) writes the page (draft)"],
    );
    check("**Action items**\n- Paint the pier\n\n*Budget*\n\n- Costs rose by 5 percent\n", &["2 : Paint the pier"]);
    check("Present: Mira\n\n- Paint the pier. Assigned to Mira\n", &["~3 Mira: Paint the pier"]);
}
