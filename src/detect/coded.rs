//! What source code, parsers and query plans say where the value of a secret would stand: `token: IDENT`, `self.token = token`,
//! `o.session_id = s.id`, `pw=3.5 kW`.
//!
//! As in `prose`, only unquoted words are read as such.

use super::key::Key;
use super::vocabulary::Vocabulary;
use crate::slashes;
use crate::span::Span;

/// Does a program speak of the field itself at `value`, rather than of its value?
pub fn is_coded(text: &[u8], key: &Key, value: Span) -> bool {
    let name = &text[key.name.range()];
    let word = &text[value.range()];
    let word = &word[..word.iter().position(u8::is_ascii_whitespace).unwrap_or(word.len())];
    let behind = &text[value.start + word.len()..];
    match word.first() {
        Some(b'0'..=b'9') => {
            is_physical(word, behind)
                || is_progress(name, word)
                || is_id_of_token(name, word, behind)
                || is_machine(name, word)
        }
        Some(b'A'..=b'Z') => {
            is_kind_of_token(text, key, word) || is_object(word) || is_cmdlet(text, key, word) || is_annotation(word)
        }
        Some(b'a'..=b'z' | b'_') => {
            is_computed(word, behind)
                || is_call(text, key, value)
                || is_of_another(name, &text[key.name.end..value.start], word)
                || is_type(word)
                || is_own_parameter(name, word)
                || is_join(text, key, name, word)
                || is_nested(word, behind)
        }
        _ => false,
    }
}

/// A decimal and the unit of something physical: `pw=3.5 kW`, `vin: 12.1 V`.
fn is_physical(word: &[u8], behind: &[u8]) -> bool {
    const UNITS: [&[u8]; 16] = [
        b"W", b"kW", b"MW", b"mW", b"V", b"mV", b"kV", b"A", b"mA", b"Hz", b"kHz", b"MHz", b"GHz", b"dB", b"dBm", b"C",
    ];
    let decimal = word.iter().all(|b| b.is_ascii_digit() || *b == b'.') && memchr::memchr_iter(b'.', word).count() == 1;
    let unit = behind.strip_prefix(b" ").unwrap_or_default();
    let letters = unit.iter().take(4).take_while(|b| b.is_ascii_alphabetic()).count();
    decimal && UNITS.contains(&&unit[..letters]) && unit.get(letters).is_none_or(|b| b" \t\r\n,;)]".contains(b))
}

/// How far tests are: `pass=2/5`.
fn is_progress(name: &[u8], word: &[u8]) -> bool {
    let word = word.strip_suffix(b",").unwrap_or(word);
    let number = |part: &[u8]| (1..5).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    name.eq_ignore_ascii_case(b"pass")
        && word.iter().position(|b| *b == b'/').is_some_and(|at| number(&word[..at]) && number(&word[at + 1..]))
}

/// The number of a token of a language model and its text: `BOS token = 1 '<s>'`.
fn is_id_of_token(name: &[u8], word: &[u8], behind: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"token")
        && word.len() < 7
        && word.iter().all(u8::is_ascii_digit)
        && (behind.starts_with(b" '") || behind.starts_with(b" \""))
}

/// What kind of token a parser met: `token: IDENT`, `Token: STRING_LITERAL 'x'`.
fn is_kind_of_token(text: &[u8], key: &Key, word: &[u8]) -> bool {
    let word = word.strip_suffix(b",").or(word.strip_suffix(b";")).unwrap_or(word);
    text[key.name.range()].eq_ignore_ascii_case(b"token")
        && word.len() < 32
        && word
            .split(|b| *b == b'_')
            .all(|part| !part.is_empty() && part.iter().all(u8::is_ascii_uppercase) && KINDS.has(part))
}

/// An object as Android prints it, by its class and hash: `token=Token{a64f992 ActivityRecord{…}}`.
fn is_object(word: &[u8]) -> bool {
    let Some(open) = memchr::memchr(b'{', word) else { return false };
    let (class, hash) = (&word[..open], &word[open + 1..]);
    class.iter().all(u8::is_ascii_alphanumeric)
        && (5..=8).contains(&hash.len())
        && hash.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b))
}

/// The address of a machine or in memory, under a word for addresses of any kind: `адрес: 10.0.0.1`, `地址: 0x7fff12`.
fn is_machine(name: &[u8], word: &[u8]) -> bool {
    const WORDS: [&str; 8] = ["адрес", "Адрес", "地址", "주소", "adres", "adresse", "adresa", "osoite"];
    let dotted = || {
        let host = word.split(|b| *b == b':' || *b == b'/').next().unwrap_or_default();
        host.split(|b| *b == b'.').count() == 4 && host.iter().all(|b| b.is_ascii_digit() || *b == b'.')
    };
    WORDS.iter().any(|end| name.ends_with(end.as_bytes())) && (word.starts_with(b"0x") || dotted())
}

/// The type of a column: `password: varchar(64)`.
fn is_type(word: &[u8]) -> bool {
    const TYPES: [&[u8]; 8] =
        [b"char", b"varchar", b"nchar", b"nvarchar", b"varchar2", b"binary", b"varbinary", b"character"];
    let word = word.strip_suffix(b",").unwrap_or(word);
    let Some(open) = word.iter().position(|b| *b == b'(') else { return false };
    let size = word[open + 1..].strip_suffix(b")").unwrap_or_default();
    TYPES.contains(&&word[..open]) && !size.is_empty() && size.iter().all(u8::is_ascii_digit)
}

/// What a program waits for or makes: `const token = await fetchToken();`, `token = new Token(x);`
fn is_computed(word: &[u8], behind: &[u8]) -> bool {
    let call = behind.strip_prefix(b" ").unwrap_or_default();
    let name = call.iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || b"_.:<>".contains(b)).count();
    matches!(word, b"await" | b"new" | b"yield") && name > 0 && call.get(name) == Some(&b'(')
}

/// A call with names alone for its arguments, in the line of source code that a trace shows: `password = ask(user)`. No value
/// has brackets round letters and no digit.
fn is_call(text: &[u8], key: &Key, value: Span) -> bool {
    let names = |text: &[u8], more: &[u8]| {
        text.iter().take(64).take_while(|b| b.is_ascii_alphabetic() || **b == b'_' || more.contains(b)).count()
    };
    let rest = &text[value.start..];
    let name = names(rest, b".");
    let Some(inside) = rest[name..].strip_prefix(b"(").filter(|_| text[key.name.end..].starts_with(b" = ")) else {
        return false;
    };
    // An object is no word: `token = jwt.sign({ id: user.id }, key)`.
    if inside.starts_with(b"{") && rest[..name].contains(&b'.') {
        return true;
    }
    let arguments = names(inside, b"., ");
    let behind = inside[arguments..].strip_prefix(b")");
    name > 2
        && arguments > 0
        && behind.is_some_and(|behind| behind.first().is_none_or(|b| b.is_ascii_whitespace() || b"?;.)\\".contains(b)))
}

/// The field of this name of another object, with which it is compared, or a member of that name of what came with a request:
/// `password == other.password`, `@password = params[:password]`.
fn is_of_another(name: &[u8], between: &[u8], word: &[u8]) -> bool {
    let word = word.strip_suffix(b";").or(word.strip_suffix(b")")).unwrap_or(word);
    let name = name.strip_prefix(b"@").or(name.strip_prefix(b"$")).or(name.strip_prefix(b"self.")).unwrap_or(name);
    let object = |object: &[u8]| !object.is_empty() && object.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    let compares = between.trim_ascii().ends_with(b"==") || between.trim_ascii() == b"!=";
    let member = || word.strip_suffix(name).and_then(|front| front.strip_suffix(b".")).is_some_and(object);
    let index = || {
        let (front, inside) = word.strip_suffix(b"]")?.split_at(memchr::memchr(b'[', word)?);
        let inside = inside.strip_prefix(b"[")?;
        let ([b':', inside @ ..] | [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\'']) = inside else {
            return None;
        };
        Some(object(front) && inside == name)
    };
    compares && member() || index().unwrap_or(false)
}

/// The type of a parameter of Python: `api_key: Optional[str] = None`.
fn is_annotation(word: &[u8]) -> bool {
    const TYPES: [&[u8]; 6] = [b"Optional[", b"Union[", b"Annotated[", b"Mapped[", b"Final[", b"List["];
    let word = word.strip_suffix(b",").unwrap_or(word);
    TYPES.iter().any(|kind| word.starts_with(kind))
        && word.iter().all(|b| b.is_ascii_alphabetic() || b"[]._,|".contains(b))
}

/// Is what stands in quotes the name of the field again, by which a method looks it up: `token = config.get("token")`,
/// `secret: config.get('jwt.secret')`?
pub fn is_own_name(text: &[u8], key: &Key, value: Span) -> bool {
    let name = &text[key.name.range()];
    let last = text[value.range()].rsplit(|b| b"./".contains(b)).next().unwrap_or_default();
    if last.len() < 3 || !last.eq_ignore_ascii_case(name) {
        return false;
    }
    let Some((b'"' | b'\'', open)) = text[..value.start].split_last() else { return false };
    let slashes = slashes::trailing(open);
    let Some(call) = open[..open.len() - slashes].strip_suffix(b"(") else { return false };
    let method = call.iter().rev().take(64).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    method > 0 && call[..call.len() - method].ends_with(b".")
}

/// A command of PowerShell, whose variables have a `$`: `$cred = Get-Credential` (learn.microsoft.com, "Approved Verbs for
/// PowerShell Commands").
fn is_cmdlet(text: &[u8], key: &Key, word: &[u8]) -> bool {
    const VERBS: [&[u8]; 8] = [b"Get", b"Read", b"New", b"Import", b"ConvertTo", b"ConvertFrom", b"Select", b"Invoke"];
    let Some(dash) = memchr::memchr(b'-', word).filter(|_| text[key.name.start] == b'$') else { return false };
    let noun = &word[dash + 1..];
    VERBS.contains(&&word[..dash])
        && noun.first().is_some_and(u8::is_ascii_uppercase)
        && noun.iter().all(u8::is_ascii_alphabetic)
}

/// A parameter kept under its own name: `self.token = token`, `this.password = password;`.
fn is_own_parameter(name: &[u8], word: &[u8]) -> bool {
    let word = word.strip_suffix(b";").unwrap_or(word);
    name.strip_prefix(b"self.").or(name.strip_prefix(b"this.")).is_some_and(|own| own == word)
}

/// The other side of a join: `Hash Cond: (o.session_id = s.id)`, `JOIN t ON a.token = t.token`.
fn is_join(text: &[u8], key: &Key, name: &[u8], word: &[u8]) -> bool {
    const JOINS: [&[u8]; 6] = [b" Cond: (", b"Filter: (", b" ON ", b" on ", b"WHERE ", b"where "];
    let column = |text: &[u8]| {
        let part = |part: &[u8]| {
            part.first().is_some_and(u8::is_ascii_alphabetic)
                && part.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
        };
        text.iter().position(|b| *b == b'.').is_some_and(|at| part(&text[..at]) && part(&text[at + 1..]))
    };
    let word = word.strip_suffix(b";").unwrap_or(word);
    let before = &text[key.start.saturating_sub(96)..key.start];
    column(name) && column(word) && JOINS.iter().any(|join| memchr::memmem::find(before, join).is_some())
}

/// A field of what would be an object, were it not printed on one line: `serviceAccountToken: expirationSeconds: 3607`.
fn is_nested(word: &[u8], behind: &[u8]) -> bool {
    let Some(name) = word.strip_suffix(b":") else { return false };
    behind.starts_with(b" ")
        && name.iter().all(u8::is_ascii_alphabetic)
        && name.windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
}

/// Parts of the names that parsers give to kinds of tokens.
static KINDS: Vocabulary = Vocabulary::new(
    "IDENT IDENTIFIER ID NAME STRING STR CHAR NUMBER NUM INT INTEGER FLOAT DOUBLE DECIMAL BOOL BOOLEAN LITERAL LIT CONST \
    CONSTANT KEYWORD KW OPERATOR OP PUNCT PUNCTUATION EOF EOL NEWLINE NL INDENT DEDENT WS WHITESPACE SPACE COMMENT COMMA COLON \
    SEMICOLON SEMI DOT LPAREN RPAREN LBRACE RBRACE LBRACKET RBRACKET LPAR RPAR LCURLY RCURLY EQ EQUAL EQUALS ASSIGN PLUS MINUS \
    STAR SLASH PERCENT ARROW PIPE LT GT LE GE LTE GTE NE NEQ AND OR NOT IF ELSE FOR WHILE RETURN FUNCTION FUNC CLASS VAR LET TYPE \
    START END BEGIN OPEN CLOSE LEFT RIGHT TAG REGEX TEXT SYMBOL ERROR ILLEGAL NULL TRUE FALSE SELECT FROM TOKEN TK TOK",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::key;

    fn says(text: &str) -> bool {
        let separator = text.rfind(": ").or_else(|| text.find('=')).expect("a separator");
        let separator = text.find(" = ").map_or(separator, |at| at + 1);
        let separator = text.find("Token: e").map_or(separator, |at| at + 5);
        let key = key::before(text.as_bytes(), separator).expect("a key");
        let start = separator + 1 + usize::from(text[separator + 1..].starts_with(' '));
        let end = text[start..].find(' ').unwrap_or(text[start..].len()) + start;
        let end = if text.starts_with("Hash") { end - 1 } else { end };
        is_coded(text.as_bytes(), &key, Span::new(start, end))
    }

    #[test]
    fn code_says_no_value() {
        for text in [
            "token: IDENT",
            "Token: STRING_LITERAL 'x'",
            "pw=3.5 kW",
            "vin: 12.1 V",
            "pass=2/5",
            "BOS token = 1 '<s>'",
            "const token = await getToken();",
            "self.token = token",
            "адрес: 10.0.0.5:8080",
            "地址: 0x7fff1234",
            "password: varchar(64)",
            "this.password = password;",
            "Hash Cond: (o.session_id = s.id)",
            "serviceAccountToken: expirationSeconds: 3607",
            "password = ask_password(user)",
            "token = jwt.encode(payload, key);",
            "$cred = Get-Credential",
            "$pw = Read-Host -AsSecureString",
            "@password = params[:password]",
            "token = data[\"token\"]",
            "token = jwt.sign({ id: user.id }, key)",
        ] {
            assert!(says(text), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_value_is_one() {
        for text in [
            "token: HUNTER",
            "адрес: 10 улица",
            "password: 10.0.0.1",
            "password: char(hunter2)",
            "token: IDENT1",
            "secret: IDENT",
            "pw=3.5",
            "pw=3.5kW",
            "pw=35 kW",
            "password=2/5",
            "token = await",
            "password = fake(word1)",
            "password = fa(ke)x",
            "password=ask(user)",
            "password = fake({word1",
            "cred = Get-Credential",
            "$cred = Fake-Credential",
            "$cred = Get-Fake1",
            "password = other.password",
            "password = fake[:pin]",
            "password = fake1[password]",
            "api_key: Optional[fake1]",
            "app.token = token",
            "app.password = abc.def",
            "token = 1234567 'x'",
        ] {
            assert!(!says(text), "{text}");
        }
    }
}
