//! Closed lists of everyday words, English and some German: those that open a sentence in the place of a name and are
//! nobody, verbs in the bare form that tasks open with, and labels.
//!
//! They say nothing about how a team marks things, so they are no conventions.

use std::sync::LazyLock;

use foldhash::HashSet;

use crate::statement::lower;

/// "Need to …", "Documentation will …": no doer.
const NO_NAMES: &str = "
a ability able about access according action add added addition additions agree agreed agreement ai aim aims ais
all alle allow allowed allowing allows also an and announcement announcements answer anybody anyone anything api
approval are as ask assign at attempt attempts attention be been being beneficial best better bitte blog branch
break breakout bring build builds by call can challenge challenges chance change changed changes chatgpt check
ci clarify close cluster clusters code come comment comments commit commits companies complicated concern
concerns conclusion conference conferences consensus contact continue continued contribute contributors convert
could create credentials criteria cronjob customers das decide decided decision decisions deck define deployment
der describe design desire developers did die difficult discuss discussion discussions do docs document
documentation documents does draft drop due easier easy effort efforts ein eine enable engineers enough epic
epics error errors es evaluate everybody everyone everything example excited expect expected extend extension
extensions failed failing feedback figure file find finish fix flux focus folks follow for forgot free friday
from fyi gather get give go goal goals going good great group had happy hard harder hardware has have having he
help helpful helping helps her hesitant his hope hoped hopes how i i'll i'm ich idea ideas if implement important in
inclined inform instead intend intention intentions interest interested introduce investigate invite is issue
issues it items its jemand job jobs just keep land leave less let let's likely link links list lists look love
looking mail mails maintainers major make man may maybe mechanism meetup meetups members merge message messages
metrics might migrate migration milestone minor monday monitor more motivation move necessary need needed needs
news next nice niemand nightmare no nobody noch node nodes none not note nothing number nur offers officials on
open opened operators opportunities opportunity optimistic option options or organize others our outcome
outreach page pages people permission ping pipeline plan planning plans platform please plugin plugins
possibilities possibility possible possibly post posts pr prefer prefers prepare present prior probably problem
process proposal proposals propose proposed proposes proposition provide providers prs publish push put q
question questions raise rationale reach read ready reason reasons recommendation recommendations recording
refer refine release releases reluctant remain remains remember reminder remove rename reopen reply repo report
repository request requirement requirements research respond result results review reviewers revisit rework
roadmap room same scalability schedule schema scribe security see seem seems send server service services set
share she should show signal similar skeleton slide slides software somebody someone something speak spec sprint
sprints standard standards start started status step steps still storage submit sufficient suggestion
suggestions summarize summary supposed sure survey switch sync take talk task tasks tbd team termin test tests
thank thanks that the their thema then there these they thing things this those thursday time times to todo
tomorrow tonight tool tools topic topics track transfer tricky tried tries trouble try trying tuesday turn
unable unlikely unsure update updates upload url use used useful user users verify version versions video
volunteer volunteered volunteers vote votes wait want wanted wanting wants was way ways we we'll wednesday were
what when where which who why will willing wir with work worse worthwhile would write yes yesterday you once determine approved moved passed accepted adopted confirmed noted angenommen genehmigt name owner participants wip
";

/// "create the tables", "Mira to ask": a task.
const IMPERATIVES: &str = "
adapt add address adjust align amend announce answer apply approach arrange ask assign attend back backport book
brief bring build bump call champion change chase check clarify clean cleanup close collect comment compare
compile complete condense configure confirm connect consider contact continue contribute convert coordinate copy
create curate cut debug decide define delete deliver demo deploy describe design develop discuss distill
distribute document doodle draft drive drop enable enhance ensure escalate evaluate explain explore extend fetch
figure file fill finalise finalize find finish fix flesh follow follow-up formulate forward gather get give go
handle harmonize hear help host identify implement improve include incorporate inform initiate install integrate
introduce investigate invite join keep kick land lead leave liaise link list look maintain make mark measure
mention merge migrate modify monitor move negotiate notify nudge offer onboard open organise organize outline
overtake own pair ping plan poke post prepare present prioritize promote propose provide publish pull pursue
push put raise reach read reassign rebase reconcile record redo reduce refactor refine reformulate register
relay release remind remove rename reopen reorganize replace reply report request rerun reschedule research
resolve respond restructure rethink review revise revisit rework rewrite run say schedule scope scribble search
see seek send set setup share ship show sketch sort spearhead spec specify split stabilize start streamline
submit suggest summarize support survey switch sync tackle tag take talk tell test think tidy track transfer
translate triage trigger try turn tweak unblock unify update upgrade upload upstream use validate verify
visualize vote wait walk water work wrap write
benchmark blog capture draw redraw sail paint catch chat circle collate come confer consult cross-post debug decline dig do double-check
edit email engage estimate examine experiment flag formalize grab hold inspect issue iterate learn list log loop
look-into mail manage meet message nominate obtain pick pitch point prep produce proofread prototype prune query
recommend refresh reformat regenerate reject rename repair rephrase reproduce resend restart restore retire retry
revert scan separate shepherd sign simplify solicit solve speak spin squash stage step store study summarise swap
sweep pay mend fetch bake load count measure sound inform tow moor cancel write-up return mockup mock task teach touch broadcast approve action classify replicate rebuild recheck fcp push-back aim finalise second
audit bootstrap buy cherry-pick consolidate circulate decommission fork harden hire interview invoice laminate order patch phone procure provision
purchase recruit renew rent reserve roll rotate spike sunset telephone unfreeze
re-check re-test re-run backfill bisect lint squash pilot inventory mirror migrate archive unarchive trace train transcribe transition troubleshoot tweet unpin visit weigh
";

/// "tideman7 to comment": what no script, page or service is for.
const PERSONAL: &str = "
ask comment contact discuss draft fcp file follow follow-up investigate leave move ping post propose reach reply
respond review summarize talk think try write
";

/// "Pros: …", "Note: …": labels that nobody is called.
const LABELS: &str = "
alternative alternatives background backend benefit benefits con cons context cost costs current date description
done edit effort eg estimate etc example extra fact frontend future general ideas impact in info input internal
later left location method minutes missing mode motivation name names notes off online other output overview past path
pending phase place plus pro problem problems pros public purpose re ref reference references related remark remarks
resolution responsible right risk risks scope short side size slides solution solutions source sponsor start status step
summary target tasks tldr total type types upstream url version wip workaround zoom blocked blockers moderator notetaker notes-taker host chair scribe facilitator presenter speaker
";

/// True for a word that labels what follows, and is nobody's name.
pub fn is_label(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| LABELS.split_whitespace().collect());
    SET.contains(lower(word).as_ref())
}

/// True for a word that cannot be a name where a name is expected.
pub fn is_no_name(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| NO_NAMES.split_whitespace().collect());
    let low = lower(word);
    if low.contains('’') { SET.contains(low.replace('’', "'").as_str()) } else { SET.contains(low.as_ref()) }
}

/// True for a verb in its bare form that tasks open with.
pub fn is_imperative(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| IMPERATIVES.split_whitespace().collect());
    let low = lower(word);
    SET.contains(low.as_ref()) || low.strip_prefix("re-").is_some_and(|verb| SET.contains(verb))
}

/// True for such a verb as it stands behind who does it: "sends", "fixes", "tries".
pub fn is_third_person(word: &str) -> bool {
    let Some(stem) = word.strip_suffix('s') else { return false };
    let bare = |ending: &str| stem.strip_suffix(ending);
    word.starts_with(char::is_lowercase)
        && (is_imperative(stem)
            || bare("e").is_some_and(is_imperative)
            || bare("ie").is_some_and(|verb| is_imperative(&format!("{verb}y"))))
}

/// True for a verb that is a first name too, where it is written like one.
pub fn is_name_too(word: &str) -> bool {
    ["Mark", "Grant", "Bill", "Rob", "Chase", "Pat", "Drew", "Nick", "Rich", "Sue", "Skip"].contains(&word)
}

/// True for a verb in its bare form of what people alone do.
pub fn is_personal(word: &str) -> bool {
    static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| PERSONAL.split_whitespace().collect());
    SET.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_words() {
        assert!(is_no_name("Documentation") && is_no_name("Let’s") && !is_no_name("Mira"));
        assert!(is_imperative("Create") && !is_imperative("created"));
    }
}
