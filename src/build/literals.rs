//! The table of the literals of all patterns, ready for use: making it took a third of the start.

use super::{Pack, anchor, anchors, by_hand, heads, hook, printable};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Writes the table of all literals. Gives the number of the first pattern of each pack: they are counted in the order in
/// which the widest profile reads its packs, so that at each place they are tried in the order of the rules.
pub fn write(packs: &BTreeMap<String, Pack>, target: &Path) -> Result<BTreeMap<String, u16>, String> {
    let mut order = Vec::new();
    in_order("export", packs, &mut order);
    for name in packs.keys() {
        in_order(name, packs, &mut order);
    }

    let (mut words, mut tokens, mut table) =
        (heads::Heads::default(), heads::Heads::default(), anchors::Builder::default());
    let (mut firsts, mut number) = (BTreeMap::new(), 0u16);
    for name in order {
        let pack = &packs[name];
        firsts.insert(name.to_owned(), number);
        for (at, rule) in pack.rules.iter().enumerate() {
            let Some(approach) = approach(rule, &pack.anchors[at], pack.begins[at], &pack.firsts[at]) else { continue };
            if let hook::Way::Literals { hooks, tokens: of_tokens } = approach.way {
                for hook in hooks {
                    let heads = if of_tokens { &mut tokens } else { &mut words };
                    heads.insert(&hook.literal[hook.place..]);
                    table.add(&hook, number);
                }
            }
            number += 1;
        }
    }
    for literal in by_hand::all(&printable::SIGNS) {
        words.insert(literal);
        table.add(&hook::Hook { literal, place: 0, inside: false }, anchors::BY_HAND);
    }

    let tables = table.build();
    let anchors::Table { list, owners, heads, nexts, pool, bits, starts } = tables.table();
    let mut out = String::from("// Written by build.rs from rules/; do not edit.\n\n");
    let _ = writeln!(out, "pub const PATTERNS: usize = {number};");
    let _ = writeln!(
        out,
        "pub static TABLE: Table<'static> = Table {{ list: &LIST, owners: &OWNERS, heads: &HEADS, nexts: &NEXTS, pool: &POOL, \
         bits: &BITS, starts: &STARTS }};"
    );
    for (name, kind, length, values) in [
        ("pub static WORDS", "u64", words.bits().len(), format!("{:?}", words.bits())),
        ("pub static TOKENS", "u64", tokens.bits().len(), format!("{:?}", tokens.bits())),
        ("static LIST", "Literal", list.len(), format!("{list:?}")),
        ("static OWNERS", "Owner", owners.len(), format!("{owners:?}")),
        ("static HEADS", "(u64, u64)", heads.len(), format!("{heads:?}")),
        ("static NEXTS", "(u64, u64)", nexts.len(), format!("{nexts:?}")),
        ("static POOL", "u8", pool.len(), format!("{pool:?}")),
        ("static BITS", "u64", bits.len(), format!("{bits:?}")),
        ("static STARTS", "u32", starts.len(), format!("{starts:?}")),
    ] {
        let _ = writeln!(out, "#[allow(clippy::unreadable_literal)]\n{name}: [{kind}; {length}] = {values};");
    }
    std::fs::write(target.join("literals.rs"), out).map_err(|error| format!("literals.rs: {error}"))?;
    Ok(firsts)
}

/// Appends a pack and what it builds on, which comes first, once each.
fn in_order<'p>(name: &'p str, packs: &'p BTreeMap<String, Pack>, order: &mut Vec<&'p str>) {
    if order.contains(&name) {
        return;
    }
    packs[name].extends.iter().for_each(|other| in_order(other, packs, order));
    order.push(name);
}

/// How the scan comes to the pattern of a rule, if it has one.
fn approach<'r>(
    rule: &'r Map<String, Value>,
    anchors: &'r [String],
    begin: u8,
    firsts: &str,
) -> Option<hook::Approach<'r>> {
    rule.get("pattern")?;
    let keywords = rule.get("keywords").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let begin = anchor::Begin::from_number(begin);
    Some(hook::approach(begin, anchors.iter().map(String::as_str), &keywords, true, !firsts.is_empty()))
}

/// How it comes to it as a number: see `EmbeddedRule`.
pub fn hooked(rule: &Map<String, Value>, anchors: &[String], begin: u8, firsts: &str) -> u8 {
    match approach(rule, anchors, begin, firsts) {
        Some(hook::Approach { way: hook::Way::Literals { .. }, inside }) => 1 + u8::from(inside),
        _ => 0,
    }
}
