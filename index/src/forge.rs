//! Permalinks: where a line of minutes can be read in a browser, at one commit.

use minutebook_ingest::conventions;

/// How a forge writes the address of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forge {
    /// `https://host/owner/repo`
    pub url: String,
    pattern: String,
}

const GITHUB: &str = "{url}/blob/{commit}/{path}#L{line}-L{end_line}";
const GITLAB: &str = "{url}/-/blob/{commit}/{path}#L{line}-{end_line}";
const GITEA: &str = "{url}/src/commit/{commit}/{path}#L{line}-L{end_line}";

impl Forge {
    /// The forge of a git remote, where its host tells which software it runs; the configuration wins.
    ///
    /// ```
    /// use minutebook_index::forge::Forge;
    /// let forge = Forge::of_remote("git@gitlab.example.org:team/minutes.git", &Default::default()).unwrap();
    /// assert_eq!(forge.permalink("c0ffee", "a b/1.md", 3, 3), "https://gitlab.example.org/team/minutes/-/blob/c0ffee/a%20b/1.md#L3");
    /// ```
    pub fn of_remote(remote: &str, config: &conventions::Forge) -> Option<Self> {
        let url = config.url.clone().or_else(|| web_url(remote))?;
        let url = url.trim_end_matches('/').to_owned();
        if let Some(pattern) = &config.permalink {
            return Some(Self { url, pattern: pattern.clone() });
        }
        let host = url.split('/').nth(2).unwrap_or_default().to_lowercase();
        let pattern = match () {
            () if host.contains("gitlab") => GITLAB,
            () if host == "codeberg.org" || host.contains("gitea") || host.contains("forgejo") => GITEA,
            () if host.contains("github") => GITHUB,
            () => return None,
        };
        Some(Self { url, pattern: pattern.to_owned() })
    }

    /// The address of some lines of a file. `path` is relative to the root of the repository.
    pub fn permalink(&self, commit: &str, path: &str, line: u32, end_line: u32) -> String {
        let pattern = if line == end_line {
            // One line needs no range.
            self.pattern.replace("-L{end_line}", "").replace("-{end_line}", "")
        } else {
            self.pattern.clone()
        };
        pattern
            .replace("{url}", &self.url)
            .replace("{commit}", commit)
            .replace("{path}", &encoded(path))
            .replace("{line}", &line.to_string())
            .replace("{end_line}", &end_line.to_string())
    }
}

/// A path fit for a URL: everything but letters, digits and `-._~/` becomes `%XX`.
pub fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// `git@host:owner/repo.git`, `ssh://git@host:22/owner/repo`, `https://user@host/owner/repo` -> `https://host/owner/repo`.
fn web_url(remote: &str) -> Option<String> {
    let remote = remote.trim().trim_end_matches('/').trim_end_matches(".git");
    let rest = match remote.split_once("://") {
        Some(("https" | "http" | "ssh" | "git" | "git+ssh", rest)) => rest.to_owned(),
        Some(_) => return None,
        None => {
            let (host, path) = remote.split_once(':')?;
            if host.len() < 2 || host.contains('/') {
                return None;
            }
            format!("{host}/{path}")
        }
    };
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    (host.contains('.') && !path.is_empty()).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remotes_of_all_forms() {
        let link = |remote: &str| {
            Forge::of_remote(remote, &conventions::Forge::default()).map(|f| f.permalink("abc", "m/1.md", 2, 4))
        };
        assert_eq!(
            link("git@github.com:quay/minutes.git").as_deref(),
            Some("https://github.com/quay/minutes/blob/abc/m/1.md#L2-L4")
        );
        assert_eq!(
            link("ssh://git@gitlab.com:22/q/a/b").as_deref(),
            Some("https://gitlab.com/q/a/b/-/blob/abc/m/1.md#L2-4")
        );
        assert_eq!(
            link("https://me@codeberg.org/q/m/").as_deref(),
            Some("https://codeberg.org/q/m/src/commit/abc/m/1.md#L2-L4")
        );
        assert_eq!(link("/srv/git/minutes.git"), None);
        assert_eq!(link("https://git.example.org/q/m"), None);
    }
}
