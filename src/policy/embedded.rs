//! What the binary embeds of a pack: what runs of its rules, in the compact form of `postcard`, which takes a tenth of the
//! time to read that JSON took. `build.rs` writes it, and has this file too.

use serde::{Deserialize, Serialize};

/// What runs of one file of `rules/`.
#[derive(Serialize, Deserialize)]
pub struct EmbeddedPack<'a> {
    /// The packs it builds on.
    #[serde(borrow)]
    pub extends: Vec<&'a str>,
    /// In their order.
    #[serde(borrow)]
    pub rules: Vec<EmbeddedRule<'a>>,
}

/// What runs of one rule.
#[derive(Serialize, Deserialize)]
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
    /// As typed.
    pub near: &'a str,
    /// As typed.
    pub allow: &'a str,
    /// Which are derived from the pattern.
    pub anchors: &'a str,
    /// `anchor::Begin` as a number.
    pub begin: u8,
    /// The bytes that matches begin with.
    pub firsts: &'a str,
    /// By numbers of all sets, as characters: see `detect/leads.rs`.
    pub leads: &'a str,
    /// JSON of `shape`, `value`, `validate` and `action`, of which few rules have one; empty if there is none.
    pub rest: &'a str,
}
