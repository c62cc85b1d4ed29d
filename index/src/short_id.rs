//! The ids that [`minutebook_ingest::meeting::id`] gives, small enough for those of a million meetings.

use std::fmt::{self, Display, Write as _};

use arrayvec::ArrayString;
use minutebook_ingest::meeting::ID_DIGITS;
use serde::{Deserialize, Serialize};

/// The letters that an id begins with: of an action, of a meeting or a line that tells of an action, of an entry of a list
/// of work.
const KINDS: &[u8] = b"amt";
/// Digits behind the letter, of five bits each.
const DIGITS: u32 = 12;

/// Stable id of a mention or a meeting: a letter, twelve letters and digits, and the number of a twin. It takes twelve
/// bytes, so that mentions have no gap.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(Rust, packed(4))]
pub struct Id {
    /// The letter's number above the digits.
    bits: u64,
    /// Of those whose letter and digits are the same; 0 is the first.
    twin: u32,
}

impl Id {
    /// The id that is written like this; none where no id is.
    ///
    /// ```
    /// use minutebook_index::Id;
    /// let id = Id::parse("a0123456789zz-2").expect("an id");
    /// assert_eq!(id.to_string(), "a0123456789zz-2");
    /// assert!(["", "a", "a0123456789zz-0", "a0123456789zu", "x0123456789zz", "a0123456789zz0"].map(Id::parse).iter().all(Option::is_none));
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        let (base, twin) = match text.split_once('-') {
            Some((base, twin)) => (base, Some(twin)),
            None => (text, None),
        };
        let (letter, digits) = base.as_bytes().split_first()?;
        if digits.len() != DIGITS as usize {
            return None;
        }
        let mut bits = KINDS.iter().position(|kind| kind == letter)? as u64;
        for digit in digits {
            bits = bits << 5 | ID_DIGITS.iter().position(|d| d == digit)? as u64;
        }
        let twin = match twin {
            None => 0,
            Some(number) if number.starts_with(|c: char| ('1'..='9').contains(&c)) => number.parse().ok()?,
            Some(_) => return None,
        };
        Some(Self { bits, twin })
    }

    /// The same, of the how manieth that would have it.
    #[must_use]
    pub(crate) fn with_twin(self, twin: u32) -> Self {
        Self { twin, ..self }
    }

    /// Which it is of those that would have it; 0 is the first.
    pub fn twin(self) -> u32 {
        self.twin
    }

    /// As it is written.
    pub fn text(self) -> ArrayString<24> {
        let mut text = ArrayString::new();
        let kind = usize::try_from(self.bits >> (5 * DIGITS)).unwrap_or(usize::MAX);
        text.push(KINDS.get(kind).map_or('?', |&letter| letter.into()));
        for at in (0..DIGITS).rev() {
            text.push(ID_DIGITS[(self.bits >> (5 * at) & 31) as usize].into());
        }
        if self.twin > 0 {
            // There is room for the ten digits of any number.
            _ = write!(text, "-{}", self.twin);
        }
        text
    }
}

impl Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
