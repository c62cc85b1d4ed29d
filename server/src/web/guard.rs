//! Who may write: only a page of this very server, or a program that is no browser. And who may read what is served to
//! this machine alone.
//!
//! There is no sign-in yet, so a browser must not be led to write by a page of somebody else. Two ways
//! there are: that page sends a form here (its `Origin` is another, or `Sec-Fetch-Site` says so), or its
//! name is made to point to this machine (then `Host` is a name that nobody allowed). By the latter it could read, too,
//! what is served to this machine alone.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, StatusCode, header};

use super::error::PageError;

/// Bytes of a request that writes, at most.
pub const LARGEST: usize = 256 * 1024;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The names under which this server may be written to.
#[derive(Debug, Clone)]
pub struct Guard {
    bound: IpAddr,
    allowed: Vec<String>,
}

impl Guard {
    /// Of a server that listens at an address and is also reached by some names, with or without a port.
    pub fn new(bound: SocketAddr, allowed: &[String]) -> Self {
        let allowed = allowed.iter().map(|name| name.trim().to_lowercase()).collect();
        Self { bound: bound.ip().to_canonical(), allowed }
    }

    /// Lets a request that writes through.
    ///
    /// # Errors
    /// 403 with the header that is wrong; 415 when the body is not of the kind that is read here.
    pub fn check(&self, headers: &HeaderMap, content_type: &str) -> Result<(), PageError> {
        let refused = |message: String| Err(PageError::new(StatusCode::FORBIDDEN, message));
        let one = |name: HeaderName| -> Result<Option<&str>, PageError> {
            let mut all = headers.get_all(&name).iter();
            let first = all.next().map(|v| v.to_str());
            match (first, all.next()) {
                (None, _) => Ok(None),
                (Some(Ok(value)), None) => Ok(Some(value.trim())),
                _ => Err(PageError::new(StatusCode::FORBIDDEN, format!("{name}: one readable value is wanted"))),
            }
        };
        let Some(host) = one(header::HOST)?.map(str::to_lowercase) else {
            return refused("Host is missing, so nothing is written".to_owned());
        };
        if !self.is_ours(&host) {
            return refused(format!(
                "Host: {host:?} is no name of this server, so nothing is written; allow it with serve --allow-host"
            ));
        }
        if let Some(origin) = one(header::ORIGIN)? {
            let from = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            if from.is_none_or(|from| !from.eq_ignore_ascii_case(&host)) {
                return refused(format!("Origin: {origin:?} is not {host:?}, so nothing is written"));
            }
        }
        if let Some(site) = one(SEC_FETCH_SITE)?
            && !matches!(site, "same-origin" | "none")
        {
            return refused(format!("Sec-Fetch-Site: {site:?} is another site, so nothing is written"));
        }
        let sent = one(header::CONTENT_TYPE)?.unwrap_or_default();
        let kind = sent.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case(content_type) {
            let message = format!("Content-Type: {kind:?} is not read here; send {content_type}");
            return Err(PageError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        Ok(())
    }

    /// Lets a request that reads through.
    ///
    /// # Errors
    /// 403 where the server is that of this machine alone, and is called by a name that is not its own.
    pub fn check_read(&self, headers: &HeaderMap) -> Result<(), PageError> {
        let host = headers.get(header::HOST).map(|host| String::from_utf8_lossy(host.as_bytes()).to_lowercase());
        match host.filter(|host| self.bound.is_loopback() && !self.is_ours(host)) {
            None => Ok(()),
            Some(host) => Err(PageError::new(
                StatusCode::FORBIDDEN,
                format!("Host: {host:?} is no name of this server; allow it with serve --allow-host"),
            )),
        }
    }

    /// A name cannot be made to point here when it is an address, or one that resolves here alone.
    fn is_ours(&self, host: &str) -> bool {
        let name = without_port(host);
        if self.allowed.iter().any(|allowed| allowed == host || allowed == name) {
            return true;
        }
        match name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            Ok(address) => {
                let address = address.to_canonical();
                address.is_loopback() || self.bound.is_unspecified() || address == self.bound
            }
            Err(_) => name == "localhost" || name.ends_with(".localhost"),
        }
    }
}

/// `localhost:7777`, `[::1]:7777`
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port))
            if port.bytes().all(|b| b.is_ascii_digit()) && (!name.contains(':') || name.ends_with(']')) =>
        {
            name
        }
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bound: &str, sent: &[(&'static str, &str)]) -> Result<(), StatusCode> {
        let guard = Guard::new(bound.parse().expect("an address"), &["minutes.example.org".to_owned()]);
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "application/json; charset=utf-8".parse().expect("a value"));
        for (name, value) in sent {
            headers.append(HeaderName::from_static(name), value.parse().expect("a value"));
        }
        guard.check(&headers, "application/json").map_err(|e| e.status())
    }

    #[test]
    fn hosts() {
        let local = "127.0.0.1:7777";
        for ours in [
            "127.0.0.1:7777",
            "localhost:7777",
            "LOCALHOST",
            "[::1]:7777",
            "[::1]",
            "book.localhost:1",
            "127.0.0.2:7777",
            "minutes.example.org",
            "Minutes.example.org:8443",
        ] {
            assert_eq!(check(local, &[("host", ours)]), Ok(()), "{ours}");
        }
        for theirs in [
            "evil.example",
            "evil.example:7777",
            "localhost.evil.example",
            "evillocalhost",
            "192.168.1.5:7777",
            "",
            "minutes.example.org.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1:7777:evil",
        ] {
            assert_eq!(check(local, &[("host", theirs)]), Err(StatusCode::FORBIDDEN), "{theirs}");
        }
        assert_eq!(check("0.0.0.0:7777", &[("host", "192.168.1.5:7777")]), Ok(()));
        assert_eq!(check("192.168.1.5:7777", &[("host", "192.168.1.5:7777")]), Ok(()));
        assert_eq!(check("192.168.1.5:7777", &[("host", "192.168.1.6:7777")]), Err(StatusCode::FORBIDDEN));
        assert_eq!(check(local, &[]), Err(StatusCode::FORBIDDEN));
        assert_eq!(check(local, &[("host", "localhost"), ("host", "evil.example")]), Err(StatusCode::FORBIDDEN));
    }

    #[test]
    fn origins() {
        let host = ("host", "localhost:7777");
        for ours in ["http://localhost:7777", "https://localhost:7777", "http://LOCALHOST:7777"] {
            assert_eq!(check("127.0.0.1:7777", &[host, ("origin", ours)]), Ok(()), "{ours}");
        }
        for theirs in [
            "null",
            "",
            "http://localhost:3000",
            "http://evil.example",
            "localhost:7777",
            "http://localhost",
            "ftp://localhost:7777",
            "http://127.0.0.1:7777",
        ] {
            assert_eq!(check("127.0.0.1:7777", &[host, ("origin", theirs)]), Err(StatusCode::FORBIDDEN), "{theirs}");
        }
        for (site, wanted) in [
            ("same-origin", Ok(())),
            ("none", Ok(())),
            ("cross-site", Err(StatusCode::FORBIDDEN)),
            ("same-site", Err(StatusCode::FORBIDDEN)),
        ] {
            assert_eq!(check("127.0.0.1:7777", &[host, ("sec-fetch-site", site)]), wanted, "{site}");
        }
    }

    #[test]
    fn a_machine_of_ones_own_is_read_by_its_own_names() {
        let read = |bound: &str, host: &str| {
            let guard = Guard::new(bound.parse().expect("an address"), &["minutes.example.org".to_owned()]);
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().expect("a value"));
            guard.check_read(&headers).is_ok()
        };
        assert!(
            ["localhost:7777", "127.0.0.1", "[::1]:7777", "minutes.example.org"]
                .iter()
                .all(|h| read("127.0.0.1:7777", h))
        );
        assert!(!read("127.0.0.1:7777", "evil.example:7777") && !read("[::1]:7777", "evil.example"));
        assert!(read("0.0.0.0:7777", "minutes") && read("192.168.1.5:7777", "minutes.lan"));
    }

    #[test]
    fn a_form_is_no_json() {
        let guard = Guard::new("127.0.0.1:7777".parse().expect("an address"), &[]);
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "localhost".parse().expect("a value"));
        let wanted = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        assert_eq!(guard.check(&headers, "application/json").map_err(|e| e.status()), Err(wanted));
        headers.insert(header::CONTENT_TYPE, "text/plain".parse().expect("a value"));
        assert_eq!(guard.check(&headers, "application/json").map_err(|e| e.status()), Err(wanted));
    }
}
