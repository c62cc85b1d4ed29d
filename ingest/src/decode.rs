//! Bytes -> text. Minutes are UTF-8 nearly always; what is not is decoded all the same, and says so.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::facts::Diagnostic;

/// Decodes a file. A byte order mark decides; without one UTF-8 is tried, then UTF-16 by its zero
/// bytes, then Windows-1252 (which holds Latin-1), in which every byte means something.
///
/// ```
/// let (text, odd) = minutebook_ingest::decode::decode(b"Gr\xfc\xdfe");
/// assert_eq!(text, "Grüße");
/// assert_eq!(odd.unwrap().code, "encoding");
/// ```
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<Diagnostic>) {
    if let Some((encoding, _)) = Encoding::for_bom(bytes)
        && encoding == UTF_8
    {
        let (text, _, broken) = UTF_8.decode(bytes);
        return (text, broken.then(|| told(UTF_8, true)));
    }
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => return (Cow::Borrowed(text), None),
            _ => without_mark(bytes),
        },
    };
    let (text, _, broken) = encoding.decode(bytes);
    (text, Some(told(encoding, broken)))
}

/// A source whose lines end in `\n`: facts do not depend on what ends a line. Carriage returns before a
/// line feed belong to it, and end lines of their own only where there is no line feed at all, so that
/// lines are counted as git and forges do.
pub fn unix_lines(source: &str) -> Cow<'_, str> {
    if !source.contains('\r') {
        return Cow::Borrowed(source);
    }
    if !source.contains('\n') {
        return Cow::Owned(source.replace('\r', "\n"));
    }
    let mut out = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(words) => {
                out.push_str(words.trim_end_matches('\r'));
                out.push('\n');
            }
            None => out.push_str(line),
        }
    }
    Cow::Owned(out)
}

/// True when the bytes are no text at all: an image, an archive, a PDF.
pub fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(8192)];
    Encoding::for_bom(bytes).is_none()
        && head.contains(&0)
        && !matches!(without_mark(head), e if e == UTF_16LE || e == UTF_16BE)
}

fn without_mark(bytes: &[u8]) -> &'static Encoding {
    let head = &bytes[..bytes.len().min(1024)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|&&b| b == 0).count();
    let pairs = head.len() / 2;
    if pairs > 0 && zeros(1) * 10 > pairs * 7 {
        UTF_16LE
    } else if pairs > 0 && zeros(0) * 10 > pairs * 7 {
        UTF_16BE
    } else {
        WINDOWS_1252
    }
}

fn told(encoding: &'static Encoding, broken: bool) -> Diagnostic {
    let name = encoding.name();
    let message = if broken {
        format!("not valid {name}; bytes that mean nothing were replaced. Save the file as UTF-8")
    } else {
        format!("read as {name}, not UTF-8. Save the file as UTF-8")
    };
    Diagnostic::warning(1, "encoding", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_borrowed_and_says_nothing() {
        let (text, odd) = decode("Beschluß 🎉".as_bytes());
        assert!(matches!(text, Cow::Borrowed("Beschluß 🎉")));
        assert!(odd.is_none());
    }

    #[test]
    fn utf16_with_and_without_mark() {
        let le: Vec<u8> = "# Sitzung\n- Ömer".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&le).0, "# Sitzung\n- Ömer");
        let be: Vec<u8> = [0xfe, 0xff].into_iter().chain("# Ä".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let (text, odd) = decode(&be);
        assert_eq!(text, "# Ä");
        assert!(odd.expect("a diagnostic").message.contains("UTF-16BE"));
        assert!(!is_binary(&le) && !is_binary(&be));
    }

    #[test]
    fn binary_is_told_from_text() {
        assert!(is_binary(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x10\x20abcdefghijk"));
        assert!(!is_binary(b"plain text"));
        assert!(!is_binary(b""));
    }
}
