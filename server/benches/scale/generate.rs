//! Invented books of any size, the same for the same seed.
//!
//! A series meets weekly; ten people come to it, most of them each time. Words follow Zipf's law over everyday
//! words first and invented ones behind them, so that some are everywhere and most are rare, as in minutes. Open
//! actions stand on the list of the next meeting until they are done. A file has about 3 KB.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// Meetings of one series: five years of weeks.
pub const PER_SERIES: usize = 260;

/// Numbers that look random (SplitMix64).
pub struct Random(u64);

impl Random {
    /// The same numbers for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// From 0 to 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn chance(&mut self, of: f64) -> bool {
        self.unit() < of
    }
}

const EVERYDAY: &str = "the to and of we is a in for it that on this be with not are have as will should can but still \
    next was if need there at from all more by one no some has new work also do or they now what open which time only \
    when after test would team week use first release issue same already so does before how build review make change \
    then maybe about problem done been want could set into other meeting two them up discuss version other add move \
    people network cluster server update node image pipeline storage docs data default user key token cache deploy \
    config service module plan status question idea result check script error bug fix merge branch commit support \
    error upstream standard proposal draft feedback decision option backup certificate upgrade driver volume monitor";
const SYLLABLES: [&str; 32] = [
    "ba", "co", "di", "fe", "gu", "ha", "jo", "ki", "lo", "mi", "nu", "pa", "qui", "re", "si", "to", "ul", "ver", "wa",
    "xen", "ya", "zo", "tra", "ster", "ling", "mon", "net", "ark", "pol", "gra", "den", "tor",
];
const FIRST: [&str; 40] = [
    "Ada", "Ben", "Cleo", "Dario", "Edda", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Levi", "Mira", "Nils",
    "Olga", "Paul", "Quirin", "Rosa", "Sami", "Tilda", "Udo", "Vera", "Wim", "Xenia", "Yara", "Zeno", "Alma", "Bruno",
    "Clara", "Dilan", "Elif", "Franz", "Gesa", "Henk", "Ilka", "Jana", "Kurt", "Lena", "Matti", "Nora",
];
const LAST: [&str; 50] = [
    "Adler", "Bauer", "Conti", "Dahl", "Engel", "Falk", "Grau", "Hahn", "Ilic", "Jansen", "Keller", "Lund", "Maier",
    "Novak", "Olsen", "Peters", "Quast", "Roth", "Sander", "Thiel", "Ulrich", "Vogel", "Weiss", "Xaver", "Yilmaz",
    "Zimmer", "Arndt", "Beck", "Cramer", "Dietz", "Ebert", "Frank", "Gross", "Heine", "Iwan", "Jahn", "Kraus", "Lange",
    "Moser", "Nagel", "Otto", "Pohl", "Quint", "Reuter", "Stein", "Tauber", "Unger", "Voss", "Winter", "Ziegler",
];

/// Words by rank.
pub struct Words {
    all: Vec<String>,
    /// Up to which share of all uses each word reaches.
    reach: Vec<f64>,
}

impl Words {
    /// As many as there are in some years of minutes.
    pub fn new() -> Self {
        let mut random = Random::new(7);
        let mut all: Vec<String> = EVERYDAY.split_whitespace().map(str::to_owned).collect();
        while all.len() < 30_000 {
            let word = (0..2 + random.below(3)).map(|_| SYLLABLES[random.below(SYLLABLES.len())]).collect();
            all.push(word);
        }
        let mut sum = 0.0;
        let mut reach: Vec<f64> = (1..=all.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7).powf(1.2);
                sum
            })
            .collect();
        reach.iter_mut().for_each(|r| *r /= sum);
        Self { all, reach }
    }

    fn any(&self, random: &mut Random) -> &str {
        let at = random.unit();
        &self.all[self.reach.partition_point(|r| *r < at).min(self.all.len() - 1)]
    }

    /// The word of a rank, from 0 on.
    pub fn ranked(&self, rank: usize) -> &str {
        &self.all[rank]
    }

    fn some(&self, random: &mut Random, from: usize, to: usize) -> String {
        let mut text = String::new();
        for n in 0..from + random.below(to - from) {
            if n > 0 {
                text.push(' ');
            }
            text.push_str(self.any(random));
        }
        text
    }
}

/// Somebody who comes to a series.
struct Person {
    name: String,
    handle: String,
}

fn person(n: usize) -> Person {
    let (first, last) = (FIRST[n % FIRST.len()], LAST[(n / FIRST.len()) % LAST.len()]);
    let more = n / (FIRST.len() * LAST.len());
    let middle = if more == 0 { String::new() } else { format!("{} ", FIRST[more % FIRST.len()]) };
    let digits = if more < FIRST.len() { String::new() } else { (more / FIRST.len()).to_string() };
    let handle = format!("{}{}-{}{digits}", first.to_lowercase(), middle.trim().to_lowercase(), last.to_lowercase());
    Person { name: format!("{first} {middle}{last}"), handle }
}

/// A series as its minutes are written one after the other.
struct Series<'a> {
    name: String,
    words: &'a Words,
    random: Random,
    people: Vec<Person>,
    /// Owner and text of what is still to be done.
    open: Vec<(usize, String)>,
    issues: usize,
}

impl Series<'_> {
    fn minutes(&mut self, day: Date) -> String {
        let Self { name, words, random, people, open, issues } = self;
        let mut text = format!("# {name}, {day}\n\n## Participants\n\n");
        for person in people.iter().filter(|_| random.chance(0.7)) {
            writeln!(text, "- {} (@{})", person.name, person.handle).expect("a string");
        }
        text.push_str("\n## Action items from last time\n\n");
        open.retain(|(owner, task)| {
            let (done, forgotten) = (random.chance(0.3), random.chance(0.08));
            if !forgotten {
                let mark = if done { "x" } else { " " };
                writeln!(text, "- [{mark}] @{}: {task}", people[*owner].handle).expect("a string");
            }
            !done && !forgotten
        });
        for _ in 0..4 + random.below(3) {
            write!(text, "\n## {}", words.some(random, 2, 5)).expect("a string");
            if random.chance(0.5) {
                write!(text, " (@{})", people[random.below(people.len())].handle).expect("a string");
            }
            text.push_str("\n\n");
            for _ in 0..3 + random.below(5) {
                write!(text, "- {}", words.some(random, 5, 16)).expect("a string");
                if random.chance(0.15) {
                    *issues += random.below(3);
                    let number = (*issues).max(10);
                    write!(text, " [#{number}](https://github.com/acme/{name}/issues/{number})").expect("a string");
                }
                text.push('\n');
                if random.chance(0.3) {
                    writeln!(text, "  - {}", words.some(random, 4, 12)).expect("a string");
                }
            }
            if random.chance(0.4) {
                let owner = random.below(people.len());
                let task = words.some(random, 4, 10);
                writeln!(text, "- AI @{}: {task}", people[owner].handle).expect("a string");
                open.push((owner, task));
            }
            if random.chance(0.2) {
                writeln!(text, "- Decision: {}", words.some(random, 5, 14)).expect("a string");
            }
        }
        text
    }
}

/// Tells what a book holds.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Files, one a meeting.
    pub meetings: usize,
    /// Of all files.
    pub bytes: u64,
}

/// Writes a book of so many meetings into a folder that is not there yet.
pub fn book(root: &Path, meetings: usize, seed: u64) -> io::Result<Size> {
    let words = Words::new();
    let mut size = Size { meetings: 0, bytes: 0 };
    for at in 0..meetings.div_ceil(PER_SERIES) {
        let mut random = Random::new(seed.wrapping_add(at as u64).wrapping_mul(0x2545_F491_4F6C_DD1D));
        let name = format!("{}-{at}", words.ranked(100 + at % 60));
        // Four come to this series alone, six to the neighbours too.
        let shared = (0..6).map(|n| person((at / 4) * 12 + (at * 3 + n) % 12));
        let own = (0..4).map(|n| person(1_000_000 + at * 4 + n));
        let people = shared.chain(own).collect();
        random.next();
        let mut series = Series { name, words: &words, random, people, open: Vec::new(), issues: 0 };
        let folder = root.join(&series.name);
        fs::create_dir_all(&folder)?;
        let first = date(2021, 1, 4 + (at % 5) as i8);
        for week in 0..PER_SERIES.min(meetings - size.meetings) {
            let day = first.saturating_add((week as i64).weeks());
            let text = series.minutes(day);
            size.bytes += text.len() as u64;
            size.meetings += 1;
            fs::write(folder.join(format!("{day}.md")), text)?;
        }
    }
    Ok(size)
}
