//! The text block in which somebody asks for a grant, to paste into a ticket.
//!
//! A field a line, each once; `sum` is over the lines above it, because tickets wrap and rewrite what is pasted into them.
//! `signature` is by the key that the grant is for, so that nobody else can have changed it: without one the approver has to
//! know that the key is theirs.

use super::Wanted;
use crate::access::is_name;
use crate::audit::{digest, sign};
use crate::cli::{Failure, message};
use ssh_key::{PrivateKey, PublicKey};
use std::io::Read;
use std::path::Path;

const BEGIN: &str = "-----BEGIN LOGMASK REQUEST-----";
const END: &str = "-----END LOGMASK REQUEST-----";

/// Namespace of signatures of requests.
const NAMESPACE: &str = "request@logmask";

/// A ticket with more around the block than this is not read, in bytes.
const MOST: usize = 64 << 10;

/// The fields in their order; all but `who` and `classes` must be there.
const FIELDS: [&str; 7] = ["version", "who", "key", "role", "for", "classes", "reason"];

/// Hex digits of the sum that are written.
const SUM: usize = 16;

/// A request that was read.
pub(super) struct Request {
    pub(super) wish: Wanted,
    /// As they call themselves.
    pub(super) who: Option<String>,
    /// The key that it is for has signed it.
    pub(super) signed: bool,
}

/// The block for `wish`, signed with `proof` if it is there.
pub(super) fn write(wish: &Wanted, who: Option<&str>, proof: Option<&PrivateKey>) -> Result<String, Failure> {
    let fields = [
        Some("1".to_owned()),
        who.map(str::to_owned),
        Some(plain(&wish.key)?),
        Some(wish.role.clone()),
        Some(wish.span.clone()),
        wish.classes.clone(),
        Some(wish.reason.clone()),
    ];
    let body = body(FIELDS.iter().zip(&fields).filter_map(|(name, value)| Some((*name, value.as_deref()?))));
    let mut text = format!("{BEGIN}\n{body}sum: {}\n", &digest(body.as_bytes())[..SUM]);
    if let Some(key) = proof {
        let armoured = sign::sign(key, NAMESPACE, &body).map_err(|_| Failure::usage("--proof-key: cannot sign"))?;
        let inside = armoured.lines().filter(|line| !line.starts_with("-----")).collect::<String>();
        text = text + "signature: " + &inside + "\n";
    }
    Ok(text + END + "\n")
}

/// What the sum and the signature are of.
fn body<'a>(fields: impl Iterator<Item = (&'static str, &'a str)>) -> String {
    fields.flat_map(|(name, value)| [name, ": ", value, "\n"]).collect()
}

/// A key without its comment, which may be anything.
fn plain(key: &PublicKey) -> Result<String, Failure> {
    let text = key.to_openssh().map_err(|_| Failure::usage("--key: cannot be written"))?;
    Ok(text.split(' ').take(2).collect::<Vec<_>>().join(" "))
}

/// A signature of one line as ssh-keygen writes them.
fn armoured(line: &str) -> String {
    let mut text = "-----BEGIN SSH SIGNATURE-----\n".to_owned();
    let mut rest = line;
    while !rest.is_empty() {
        let (part, more) = rest.split_at_checked(70).unwrap_or((rest, ""));
        text += part;
        text.push('\n');
        rest = more;
    }
    text + "-----END SSH SIGNATURE-----\n"
}

/// The request in the file at `path`, or from stdin; what stands around it does not matter.
pub(super) fn read(path: Option<&Path>) -> Result<Request, Failure> {
    let mut text = String::new();
    let most = MOST as u64 + 1;
    let read = match path.filter(|path| path.as_os_str() != "-") {
        Some(path) => std::fs::File::open(path).and_then(|file| file.take(most).read_to_string(&mut text)),
        None => std::io::stdin().take(most).read_to_string(&mut text),
    };
    read.map_err(|error| Failure::usage(format!("the request: {}", message::fact(&error))))?;
    if text.len() > MOST {
        return Err(Failure::usage("the request: longer than 64 KiB, so it is none"));
    }
    parse(&text)
}

fn parse(text: &str) -> Result<Request, Failure> {
    let none = || Failure::usage("no request here").hint("logmask grant request prints one");
    let (_, rest) = text.split_once(BEGIN).ok_or_else(none)?;
    let (inside, behind) = rest.split_once(END).ok_or_else(none)?;
    if inside.contains(BEGIN) || behind.contains(BEGIN) {
        return Err(Failure::usage("more than one request here").hint("approve them one by one"));
    }
    let changed =
        || Failure::denied("the request is not as it was written").hint("it has to be pasted line by line, as code");
    // 1. Each field once and in order, so that there is one way to write a request.
    let mut lines = inside.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let mut field = |name: &str| {
        let line = lines.next_if(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))?;
        Some(line[name.len() + 1..].trim().to_owned())
    };
    let values = FIELDS.map(&mut field);
    let (sum, signature) = (field("sum"), field("signature"));
    if lines.next().is_some() {
        return Err(changed());
    }
    // 2. Nothing of it was changed.
    let body = body(FIELDS.iter().zip(&values).filter_map(|(name, value)| Some((*name, value.as_deref()?))));
    if sum.as_deref() != Some(&digest(body.as_bytes())[..SUM]) {
        return Err(changed());
    }
    let [version, who, key, role, span, classes, reason] = values;
    if version.as_deref() != Some("1") {
        return Err(Failure::usage("the request has a version that is not known here"));
    }
    let (Some(key), Some(role), Some(span), Some(reason)) = (key, role, span, reason) else { return Err(changed()) };
    let key = PublicKey::from_openssh(&key).map_err(|_| Failure::usage("the request holds no public key"))?;
    if let Some(signature) = &signature {
        let holds =
            sign::signer(&armoured(signature), NAMESPACE, &body).is_some_and(|by| by.key_data() == key.key_data());
        if !holds {
            return Err(Failure::denied("the request is not signed by the key that it is for"));
        }
    }
    // 3. What it says is what could have been typed.
    if who.as_deref().is_some_and(|who| !is_name(who)) {
        return Err(Failure::usage("the request: who is no name"));
    }
    let wish = Wanted::new(key, &role, &span, &reason, classes.as_deref())?;
    Ok(Request { wish, who, signed: signature.is_some() })
}

/// What an approver has to look at before they hand the grant out.
pub(super) fn told(request: &Request, who: &str) -> String {
    format!(
        "for {}: role {}, {}, reason {}, key {} ({})",
        message::printable(who),
        request.wish.role,
        request.wish.span,
        request.wish.reason,
        sign::fingerprint(&request.wish.key),
        if request.signed { "which has signed the request" } else { "which has not signed the request" }
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ssh_key::Algorithm;
    use ssh_key::rand_core::OsRng;

    fn block(signed: bool) -> String {
        let key = PrivateKey::random(&mut OsRng, Algorithm::Ed25519).unwrap();
        let wish =
            Wanted::new(key.public_key().clone(), "oncall", "30m", "OPS-7 it's down", Some("pii.email")).unwrap();
        write(&wish, Some("jo@corp"), signed.then_some(&key)).unwrap()
    }

    #[test]
    fn a_request_is_read_as_it_was_written() {
        for signed in [false, true] {
            let text = block(signed);
            for text in
                [text.clone(), text.replace('\n', "\r\n"), format!("Hi,\n\n  {}\nThanks", text.replace('\n', "\n  "))]
            {
                let request = parse(&text).unwrap();
                assert_eq!((request.who.as_deref(), request.wish.role.as_str()), (Some("jo@corp"), "oncall"));
                assert_eq!((request.wish.seconds, request.wish.reason.as_str()), (1800, "OPS-7 it's down"));
                assert_eq!((request.wish.classes.as_deref(), request.signed), (Some("pii.email"), signed));
            }
        }
    }

    #[test]
    fn a_request_that_was_changed_is_refused() {
        let text = block(true);
        for (from, to) in [
            ("role: oncall", "role: security"),
            ("for: 30m", "for: 8h"),
            ("who: jo@corp", "who: root"),
            ("classes: pii.email\n", ""),
            ("reason: OPS-7", "reason: OPS-8"),
            ("role: oncall\n", "role: oncall\nrole: security\n"),
            ("version: 1", "version: 2"),
            ("sum: ", "sum: 0"),
            ("sum: ", "other: x\nsum: "),
            ("signature: ", "signature: AAAA"),
        ] {
            assert!(text.contains(from) && parse(&text.replace(from, to)).is_err(), "{from}");
        }
        assert!(parse(&format!("{text}{text}")).is_err() && parse("").is_err());
        // Whoever changes the sum too is told by the signature, and cannot put another key there.
        let other = block(true);
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (mut mixed, theirs) = (lines(&text), lines(&other));
        let at = |name: &str| theirs.iter().position(|line| line.starts_with(name)).unwrap();
        mixed[at("signature")] = theirs[at("signature")].clone();
        assert!(parse(&mixed.join("\n")).is_err());
        let body: String =
            lines(&text)[1..at("sum")].iter().map(|line| line.replace("oncall", "security") + "\n").collect();
        let forged = format!(
            "{BEGIN}\n{body}sum: {}\n{}\n{END}",
            &digest(body.as_bytes())[..SUM],
            lines(&text)[at("signature")]
        );
        assert!(parse(&forged).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_pasted_is_read_or_refused(text in ".{0,200}", at in 0_usize..400, byte in any::<char>()) {
            let _ = parse(&text);
            let _ = parse(&format!("{BEGIN}\n{text}\n{END}"));
            let mut block: Vec<char> = block(true).chars().collect();
            let at = at % block.len();
            let before = block[at];
            block[at] = byte;
            // A change of one character is refused, but for blanks at the ends of lines, and of what stands around it.
            if let Ok(request) = parse(&block.iter().collect::<String>()) {
                prop_assert!(before.is_whitespace() || byte.is_whitespace() || before == byte);
                prop_assert_eq!(request.wish.role, "oncall");
            }
        }
    }
}
