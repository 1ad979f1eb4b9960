//! What of a pack runs, as the binary reads it: see `policy/embedded.rs`.

use super::embedded::{EmbeddedPack, EmbeddedRule, Measured};
use super::leads;
use super::literals;
use super::spelled::{self, Written};
use super::texts::Texts;
use super::{Pack, only};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Keys that few rules have.
pub const REST: &[&str] = &["shape", "value", "validate", "action"];

/// What runs of a pack, packed, and the texts of that. New sets of first bytes are added to `sets`.
pub fn pack(pack: &Pack, sets: &mut Vec<leads::Set>) -> Result<(Vec<u8>, String), String> {
    let derived = pack.anchors.iter().zip(&pack.begins).zip(&pack.firsts);
    let rests: Vec<String> = pack.rules.iter().map(rest).collect();
    let leads: Vec<String> = pack.rules.iter().map(|rule| numbers(rule, sets)).collect();
    let written = rests.iter().zip(&leads);
    let mut texts = String::new();
    let rules = pack.rules.iter().zip(derived).zip(written).map(|((rule, derived), (rest, leads))| {
        let ((anchors, begin), firsts) = derived;
        let text = |key| rule.get(key).and_then(Value::as_str).ok_or(format!("{key} is not a string"));
        let list = |key: &'static str| match rule.get(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
                Ok(items.iter().filter_map(Value::as_str).collect())
            }
            Some(_) => Err(format!("{key} is not a list of strings")),
        };
        let names = names(&list("fields")?, &list("not")?);
        let embedded = EmbeddedRule {
            id: text("id")?,
            label: if rule.contains_key("label") { text("label")? } else { "" },
            class: text("class")?,
            keywords: one(list("keywords")?),
            pattern: rule.get("pattern").map(|_| text("pattern")).transpose()?,
            fields: rule.get("fields").map(|_| list("fields").map(one)).transpose()?,
            not: one(list("not")?),
            spelled: names.spelled,
            tails: names.tails,
            others: names.others,
            lasts: names.lasts,
            near: one(list("near")?),
            allow: one(list("allow")?),
            anchors: one(anchors.iter().map(String::as_str).collect()),
            begin: *begin,
            hooked: literals::hooked(rule, anchors, *begin, firsts),
            firsts,
            leads,
            rest,
        };
        measured(&embedded, &mut texts)
    });
    let extends = pack.extends.iter().map(String::as_str).collect();
    let embedded = EmbeddedPack { extends, rules: rules.collect::<Result<_, String>>()? };
    let packed = postcard::to_allocvec(&embedded).map_err(|error| error.to_string())?;
    Ok((packed, texts))
}

/// Puts the texts of a rule behind `text`.
fn measured<'a>(rule: &EmbeddedRule<'a>, text: &mut String) -> Result<Measured<'a>, String> {
    let EmbeddedRule {
        id, label, class, keywords, not, others, lasts, near, allow, anchors, firsts, leads, rest, ..
    } = *rule;
    let EmbeddedRule { spelled, tails, begin, hooked, .. } = *rule;
    let always = [id, label, class, keywords, not, others, lasts, near, allow, anchors, firsts, leads, rest];
    always.into_iter().chain(rule.pattern).chain(rule.fields).for_each(|part| *text += part);
    let length = |part: &str| u32::try_from(part.len()).map_err(|error| error.to_string());
    let maybe = |part: Option<&str>| part.map_or(Ok(0), |part| Ok::<_, String>(length(part)? + 1));
    let mut lengths = [0; 13];
    for (place, part) in lengths.iter_mut().zip(always) {
        *place = length(part)?;
    }
    let (pattern, fields) = (maybe(rule.pattern)?, maybe(rule.fields)?);
    Ok(Measured { lengths, pattern, fields, spelled, tails, begin, hooked })
}

/// The names of fields and the negative entries of a rule, spelled out.
fn names(fields: &[&str], not: &[&str]) -> Written<'static> {
    let (mut spelled, mut tails) = (Vec::new(), Vec::new());
    for name in fields.iter().filter(|name| !spelled::is_other(name)) {
        spelled::name(name, &mut tails, &mut |one| one.write(&mut spelled));
    }
    not.iter().filter_map(|entry| spelled::negative(entry)).for_each(|one| one.write(&mut spelled));
    tails.sort_unstable();
    tails.dedup();
    let others = one(fields.iter().filter(|name| spelled::is_other(name)).copied().collect());
    let lasts: BTreeSet<&str> = fields.iter().filter_map(|name| spelled::last_word(name)).collect();
    let lasts = one(lasts.into_iter().collect());
    Written { spelled: spelled.leak(), tails: tails.concat().leak(), others, lasts }
}

/// What the first bytes of matches may be, as numbers of `sets`.
fn numbers(rule: &Map<String, Value>, sets: &mut Vec<leads::Set>) -> String {
    let own = rule.get("pattern").and_then(Value::as_str).map(leads::of).unwrap_or_default();
    let numbers = own.into_iter().map(|set| {
        let known = sets.iter().position(|known| *known == set);
        let number = known.unwrap_or_else(|| {
            sets.push(set);
            sets.len() - 1
        });
        u32::try_from(number).ok().and_then(char::from_u32).expect("less than a thousand sets")
    });
    numbers.collect()
}

/// As one text.
fn one(texts: Vec<&str>) -> &'static str {
    texts.into_iter().collect::<Texts>().written().to_owned().leak()
}

fn rest(rule: &Map<String, Value>) -> String {
    let rest = only(rule, REST);
    if rest.is_empty() { String::new() } else { Value::Object(rest).to_string() }
}
