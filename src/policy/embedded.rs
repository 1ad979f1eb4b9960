//! What the binary embeds of a pack: what runs of its rules, in the compact form of `postcard`, which takes a tenth of the
//! time to read that JSON took; their texts stand apart, one behind the other in one text, so that nobody has to look at each
//! start whether they are UTF-8. `src/build` writes both, and has this file too.

use serde::{Deserialize, Serialize};

/// What runs of one file of `rules/`.
#[derive(Serialize, Deserialize)]
pub struct EmbeddedPack<'a> {
    /// The packs it builds on.
    #[serde(borrow)]
    pub extends: Vec<&'a str>,
    /// In their order.
    #[serde(borrow)]
    pub rules: Vec<Measured<'a>>,
}

/// What runs of one rule.
pub struct EmbeddedRule<'a> {
    /// As typed.
    pub id: &'a str,
    /// Empty where it is the id.
    pub label: &'a str,
    /// As typed.
    pub class: &'a str,
    /// As typed, or derived from the pattern; as one text, like all lists: see `Texts`.
    pub keywords: &'a str,
    /// Of three kinds of rules one each has this …
    pub pattern: Option<&'a str>,
    /// … or this; else `rest` has a shape.
    pub fields: Option<&'a str>,
    /// As typed.
    pub not: &'a str,
    /// `fields` and `not` spelled out, what keys may end with, and which of `fields` are none of that: see
    /// `detect/names/spelled.rs`.
    pub spelled: &'a [u8],
    /// See `spelled`.
    pub tails: &'a [u8],
    /// See `spelled`.
    pub others: &'a str,
    /// The last words of those of `fields` that have several.
    pub lasts: &'a str,
    /// As typed.
    pub near: &'a str,
    /// As typed.
    pub allow: &'a str,
    /// Which are derived from the pattern.
    pub anchors: &'a str,
    /// `anchor::Begin` as a number.
    pub begin: u8,
    /// How the scan comes to a pattern: 1 by literals that begin its matches, 2 by literals in them, 0 in another way.
    pub hooked: u8,
    /// The bytes that matches begin with.
    pub firsts: &'a str,
    /// By numbers of all sets, as characters: see `detect/leads.rs`.
    pub leads: &'a str,
    /// JSON of `shape`, `value`, `validate` and `action`, of which few rules have one; empty if there is none.
    pub rest: &'a str,
}

/// A rule whose texts stand elsewhere, in the order of their lengths here.
#[derive(Serialize, Deserialize)]
pub struct Measured<'a> {
    /// In bytes: of all that every rule has, in the order of [`EmbeddedRule`].
    pub lengths: [u32; 13],
    /// One byte more than it has; zero if there is none.
    pub pattern: u32,
    /// As `pattern`.
    pub fields: u32,
    /// As it is.
    #[serde(borrow)]
    pub spelled: &'a [u8],
    /// As it is.
    #[serde(borrow)]
    pub tails: &'a [u8],
    /// As it is.
    pub begin: u8,
    /// As it is.
    pub hooked: u8,
}

impl<'a> Measured<'a> {
    /// The rule whose texts `text` begins with; they are taken off. `None` if they do not fit.
    pub fn take(&self, text: &mut &'a str) -> Option<EmbeddedRule<'a>> {
        let mut next = |length: u32| {
            let (part, rest) = text.split_at_checked(length as usize)?;
            *text = rest;
            Some(part)
        };
        let mut parts = [""; 13];
        for (part, length) in parts.iter_mut().zip(self.lengths) {
            *part = next(length)?;
        }
        let [id, label, class, keywords, not, others, lasts, near, allow, anchors, firsts, leads, rest] = parts;
        let mut maybe = |length: u32| match length.checked_sub(1) {
            Some(length) => next(length).map(Some),
            None => Some(None),
        };
        let (pattern, fields) = (maybe(self.pattern)?, maybe(self.fields)?);
        let Measured { spelled, tails, begin, hooked, .. } = *self;
        Some(EmbeddedRule {
            id,
            label,
            class,
            keywords,
            pattern,
            fields,
            not,
            spelled,
            tails,
            others,
            lasts,
            near,
            allow,
            anchors,
            begin,
            hooked,
            firsts,
            leads,
            rest,
        })
    }
}
