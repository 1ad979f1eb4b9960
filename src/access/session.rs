//! What sshd tells a command that it runs in place of the one that was asked for.

use crate::policy::roles::Roles;
use crate::policy::source::{REVEAL, is_name};
use ssh_key::Certificate;

/// What somebody asked a broker for: all that `SSH_ORIGINAL_COMMAND` may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: the names of the sources.
    List,
    /// A source by its name. Whether there is one is not known yet.
    Source(String),
    /// Sealed values come in, and go out open.
    Reveal,
}

impl Asked {
    /// What `command` asks for. `None` if it is no plain word: it may be meant for a shell, and none reads it here.
    pub fn parse(command: &str) -> Option<Asked> {
        match command.trim_matches([' ', '\t']) {
            "" => Some(Asked::List),
            REVEAL => Some(Asked::Reveal),
            name => is_name(name).then(|| Asked::Source(name.to_owned())),
        }
    }
}

/// The certificate in what `SSH_USER_AUTH` names: a line for each method that succeeded, `publickey KIND BASE64`
/// (sshd_config(5), `ExposeAuthInfo`). `None` if there is none, or more than one, so that nobody can choose.
pub fn certificate(told: &str) -> Option<Certificate> {
    let mut found = told.lines().filter_map(|line| {
        let (kind, key) = line.strip_prefix("publickey ")?.split_once(' ')?;
        kind.ends_with("-cert-v01@openssh.com").then(|| Certificate::from_openssh(&format!("{kind} {key}")))
    });
    let first = found.next()?.ok()?;
    found.next().is_none().then_some(first)
}

/// The principals in the text of an `AuthorizedPrincipalsFile`: one a line, the last word of it, behind its options
/// (sshd_config(5)).
pub fn principals(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim_matches([' ', '\t', '\r'])).filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit([' ', '\t']).next().filter(|name| !name.is_empty()))
        .map(str::to_owned)
        .collect()
}

/// The role that `grant` gives: of several, the one that none of the others extends; `None` if no principal is a role. Only
/// principals that are `authorised` count, if that is known.
pub fn role<'g>(grant: &'g Certificate, roles: &Roles, authorised: Option<&[String]>) -> Option<&'g str> {
    let known = || {
        let counts = |name: &&String| authorised.is_none_or(|names| names.contains(name));
        let named = grant.valid_principals().iter().filter(counts).filter_map(|name| name.strip_prefix("logmask:"));
        named.filter(|role| roles.names().any(|name| name == *role))
    };
    known().find(|role| !known().any(|other| other != *role && roles.is_above(other, role)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_are_asked_for() {
        assert_eq!(Asked::parse(""), Some(Asked::List));
        assert_eq!(Asked::parse(" reveal "), Some(Asked::Reveal));
        assert_eq!(Asked::parse("checkout"), Some(Asked::Source("checkout".to_owned())));
        for command in [
            "checkout; id",
            "checkout && id",
            "$(id)",
            "`id`",
            "checkout|id",
            "checkout\nid",
            "-c id",
            "a b",
            "../a",
            "a>b",
            "\0",
            "A",
        ] {
            assert_eq!(Asked::parse(command), None, "{command:?}");
        }
    }

    #[test]
    fn principals_are_the_last_words_of_their_lines() {
        let text =
            "# logmask:none\nlogmask:a\n\n \tfrom=\"10.0.0.0/8\",no-pty logmask:b \r\ncommand=\"x y\"\tlogmask:c\n";
        assert_eq!(principals(text), ["logmask:a", "logmask:b", "logmask:c"]);
    }

    #[test]
    fn no_certificate_is_none() {
        for told in ["", "publickey ssh-ed25519 AAAA", "password", "publickey ssh-ed25519-cert-v01@openssh.com AAAA"] {
            assert!(certificate(told).is_none(), "{told}");
        }
    }
}
