//! Full names of people that can be nothing else: a known given name, and a capitalised word behind it.
//!
//! Names that are places or words of programs as well (`Virginia`, `Grace period`, `Mark read`) are left out, so that what has
//! one of these in front needs nothing around it to be known. A name that is not in here says nothing.

/// Is all of `value` such a name?
///
/// ```
/// use logmask::validate::full_name::holds;
/// assert!(holds(b"Anna Fakename") && holds(b"Lars van der Fake") && holds("María Fakename".as_bytes()));
/// assert!(!holds(b"Production Cluster") && !holds(b"Anna"));
/// ```
pub fn holds(value: &[u8]) -> bool {
    !value.is_empty() && length(value) == value.len()
}

/// Does `value` begin with a known given name, and with nothing behind it that makes it the name of something else?
///
/// ```
/// use logmask::validate::full_name::begins;
/// assert!(begins(b"Anna") && begins(b"Jean-Pierre Fakename"));
/// assert!(!begins(b"Logs") && !begins(b"Anna Server"));
/// ```
pub fn begins(value: &[u8]) -> bool {
    let mut words = value.split(|b| *b == b' ');
    let first = words.next().unwrap_or_default();
    is_capitalised(first) && is_given(first) && !words.any(|word| is_one(&THINGS, word))
}

/// How many bytes at the start of `text` are a given name and one to three capitalised words behind it, with particles between
/// (`van der`); 0 if none are, or if digits and marks go on behind them.
pub fn length(text: &[u8]) -> usize {
    let first = word(text);
    if !is_capitalised(&text[..first]) || !is_given(&text[..first]) {
        return 0;
    }
    let (mut end, mut at, mut names) = (first, first, 0);
    while names < 3 && text.get(at) == Some(&b' ') {
        let next = &text[at + 1..];
        let next = &next[..word(next)];
        if is_one(&PARTICLES, next) {
            at += 1 + next.len();
            continue;
        }
        if is_one(&THINGS, next) {
            return 0;
        }
        if !is_capitalised(next) {
            break;
        }
        at += 1 + next.len();
        (end, names) = (at, names + 1);
    }
    let more = text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || b"_/@:=".contains(b));
    if names == 0 || more { 0 } else { end }
}

/// Is it a given name, or two with a dash between?
fn is_given(word: &[u8]) -> bool {
    let part = word.split(|b| *b == b'-').next().unwrap_or_default().to_ascii_lowercase();
    let known = |part: &[u8]| GIVEN.binary_search_by(|name| name.as_bytes().cmp(part)).is_ok();
    known(&part) || !part.is_ascii() && known(&without_marks(&part))
}

/// The letters of `name` without the accents of Latin-1: `maria` for `maría`.
fn without_marks(name: &[u8]) -> Vec<u8> {
    let base = |second: u8| match second | 0x20 {
        0xA0..=0xA5 => b'a',
        0xA7 => b'c',
        0xA8..=0xAB => b'e',
        0xAC..=0xAF => b'i',
        0xB1 => b'n',
        0xB2..=0xB6 | 0xB8 => b'o',
        0xB9..=0xBC => b'u',
        0xBD | 0xBF => b'y',
        _ => b'?',
    };
    let mut bytes = name.iter().copied();
    let mut out = Vec::with_capacity(name.len());
    while let Some(byte) = bytes.next() {
        out.push(if byte == 0xC3 { bytes.next().map_or(b'?', base) } else { byte });
    }
    out
}

fn is_one(words: &[&str], word: &[u8]) -> bool {
    words.iter().any(|one| word.eq_ignore_ascii_case(one.as_bytes()))
}

/// The letters of a name at the start of `text`.
fn word(text: &[u8]) -> usize {
    text.iter().take(32).take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80 || matches!(**b, b'-' | b'\'')).count()
}

/// A capital, and small letters behind it: `Fake`, `O'Fake`, `Éfake`.
fn is_capitalised(word: &[u8]) -> bool {
    let capital = matches!(word, [b'A'..=b'Z' | 0xC4..=0xC5, ..] | [0xC3, 0x80..=0x9E, ..]);
    capital && word.len() > 1 && word.iter().any(|b| b.is_ascii_lowercase() || *b >= 0x80)
}

/// Common in one country or another, by the lists of first names that offices publish (US SSA, ONS, INSEE, INE, ISTAT, GfdS, IBGE,
/// Statistics Poland and kin), in small letters and sorted.
#[rustfmt::skip]
static GIVEN: [&str; 1008] = [
    "aarav", "aaron", "abdul", "abdullah", "abebe", "abigail", "adaeze", "adebayo", "adriana", "afonso", "agnes",
    "agnieszka", "ahmad", "ahmed", "aidan", "aiden", "aisha", "akihiro", "akiko", "akira", "alain", "albert",
    "alberto", "alejandra", "alejandro", "aleksandr", "aleksandra", "aleksei", "alessandra", "alessandro", "alex",
    "alexander", "alexandra", "alexandre", "alexei", "alexey", "alexis", "alfie", "alfonso", "alfredo", "alice",
    "alicia", "alina", "alisha", "alison", "alistair", "alvaro", "ama", "amanda", "amara", "amelia", "amelie", "amina",
    "amir", "amit", "amy", "ana", "ananya", "anastasia", "anders", "andre", "andrea", "andreas", "andreea", "andrei",
    "andres", "andrew", "andrey", "andriy", "andrzej", "andy", "angela", "angelika", "angelina", "anil", "anita",
    "anja", "anjali", "anke", "ann", "anna", "annabel", "anne", "anneke", "anneli", "annette", "annika", "antoine",
    "anton", "antonella", "antonia", "antonin", "antonio", "antti", "anya", "aoife", "ariana", "arjun", "arnaud",
    "arnav", "arthur", "arturo", "arun", "asha", "ashley", "asif", "astrid", "attila", "aurelie", "ayesha", "ayla",
    "aylin", "ayse", "babak", "baptiste", "barbara", "barbora", "bartosz", "beata", "beatrice", "beatriz", "ben",
    "benedikt", "bengt", "benjamin", "benoit", "bernadette", "bernard", "bernd", "bernhard", "bettina", "betty",
    "bianca", "birgit", "birgitta", "bjorn", "bob", "bogdan", "bogna", "boris", "brandon", "brenda", "brendan",
    "brian", "bridget", "brigitte", "brittany", "bruno", "caitlin", "camila", "camille", "carl", "carla", "carlos",
    "carmen", "carol", "caroline", "carolyn", "catarina", "catherine", "cecile", "cecilia", "celine", "charles",
    "charlotte", "cheryl", "chiara", "chidi", "chinedu", "chinwe", "chloe", "chris", "christian", "christiane",
    "christina", "christine", "christoph", "christophe", "christopher", "ciara", "ciaran", "claire", "clara",
    "claudia", "claudio", "clement", "colette", "colin", "cristian", "cristiano", "cristina", "cynthia", "daan",
    "dagmar", "daiki", "dan", "daniel", "daniela", "daniele", "danielle", "daria", "dario", "dariusz", "darren",
    "dave", "david", "deborah", "debra", "deepa", "deepak", "denise", "dennis", "derek", "detlef", "diana", "diane",
    "diego", "dieter", "dimitra", "dimitri", "dimitris", "dirk", "divya", "dmitri", "dmitriy", "dmitry", "dominik",
    "dominique", "donald", "donna", "dorota", "dorothea", "dorothy", "dragan", "eduardo", "edward", "edwin", "eileen",
    "ekaterina", "eleanor", "elena", "eleni", "elif", "elijah", "elisa", "elisabeth", "elise", "elizabeth", "elke",
    "ella", "ellen", "elodie", "elzbieta", "emeka", "emilia", "emilie", "emily", "emine", "emma", "emmanuel", "emre",
    "enrico", "enrique", "eoin", "eric", "erik", "erika", "ernesto", "eskil", "esteban", "esther", "ethan", "eugenia",
    "eva", "evelyn", "evie", "ewa", "ewan", "fabian", "fabio", "fabrice", "farah", "farid", "fatemeh", "fatima",
    "fatma", "fatou", "federica", "federico", "felipe", "felix", "femi", "femke", "ferdinand", "ferenc", "fernanda",
    "fernando", "filip", "fiona", "florian", "francesca", "francesco", "francine", "francisco", "francois", "frank",
    "franz", "franziska", "fraser", "freddie", "frederic", "frederik", "fredrik", "freya", "friedrich", "gabor",
    "gabriel", "gabriela", "gabriele", "galina", "ganesh", "gareth", "gary", "geeta", "geoffrey", "george", "gerald",
    "gerard", "gerhard", "gheorghe", "giacomo", "gianluca", "gilles", "gillian", "giorgio", "giorgos", "giovanna",
    "giovanni", "gisela", "giulia", "giuseppe", "gloria", "goncalo", "gonzalo", "goran", "graham", "greg", "gregory",
    "greta", "grzegorz", "gudrun", "guillaume", "guillermo", "gunnar", "gunter", "gustav", "gustavo", "gwyneth",
    "halina", "hamza", "hana", "hanna", "hannah", "hans", "harald", "harold", "harriet", "harry", "haruka", "haruto",
    "hasan", "hassan", "hatice", "heather", "hector", "heidi", "heike", "heiko", "heinrich", "heinz", "helen",
    "helena", "helene", "helga", "helmut", "hendrik", "henrik", "henry", "herbert", "hermann", "hildegard", "hiroko",
    "hiroshi", "holger", "hossein", "huseyin", "hussein", "ian", "ibrahim", "ignacio", "ilse", "ines", "inga", "inge",
    "ingrid", "ioana", "irena", "irene", "irina", "isaac", "isabel", "isabella", "isabelle", "isla", "ismail",
    "istvan", "ivan", "ivana", "jacob", "jacqueline", "jaime", "jakub", "james", "jamie", "jan", "jana", "jane",
    "janet", "janice", "janine", "jaroslav", "jason", "javier", "jean", "jeff", "jeffrey", "jelena", "jennifer",
    "jens", "jeremy", "jeroen", "jerome", "jerry", "jessica", "jesus", "jiho", "jihoon", "jill", "jim", "jimmy",
    "jiri", "jiwoo", "jiyoung", "joachim", "joan", "joana", "joanna", "joanne", "joao", "joaquin", "jochen", "joe",
    "johan", "johann", "johanna", "johannes", "john", "jolanta", "jonas", "jonathan", "joost", "jorg", "jorge", "jose",
    "josef", "josefina", "joseph", "josephine", "joshua", "jovana", "joyce", "juan", "juana", "judith", "judy",
    "jukka", "jules", "julia", "julian", "juliana", "julie", "julien", "juliette", "jurgen", "justin", "justyna",
    "kamal", "kamil", "karen", "kari", "karim", "karin", "karl", "karolina", "katalin", "katarina", "katarzyna",
    "kate", "katerina", "katharina", "katherine", "kathleen", "kathryn", "katie", "katja", "kavita", "kavya", "kayla",
    "keiko", "keith", "ken", "kenji", "kenneth", "kenta", "kerem", "kerstin", "kevin", "khadija", "khaled", "khalid",
    "kimberly", "kirsten", "kjell", "klara", "klaus", "kofi", "konstantin", "kristen", "kristian", "kristina",
    "kristine", "kristof", "krystyna", "krzysztof", "kumar", "kwame", "kyle", "lakshmi", "larry", "lars", "laszlo",
    "laura", "lauren", "laurence", "laurent", "layla", "lea", "leah", "leila", "lena", "lennart", "leonardo", "leonie",
    "leticia", "liam", "liesel", "linda", "linh", "lisa", "lorenzo", "lori", "lotte", "louis", "louise", "luca",
    "lucas", "lucia", "lucie", "lucy", "luigi", "luis", "luisa", "lukas", "lukasz", "luke", "lydia", "maarten",
    "maciej", "madeleine", "magdalena", "magnus", "mahesh", "mahmoud", "maja", "malgorzata", "manfred", "manoj",
    "manon", "manuel", "manuela", "marc", "marcel", "marcela", "marcelo", "marcin", "marco", "marcos", "marek",
    "margaret", "margarita", "margot", "maria", "mariana", "marianne", "marie", "marija", "marilyn", "mario", "marion",
    "marisol", "marit", "marko", "markus", "marlene", "marta", "martha", "martin", "martina", "martine", "mary",
    "maryam", "mateusz", "mathias", "mathieu", "mathilde", "matteo", "matthew", "matthias", "matthieu", "maurice",
    "mauricio", "mauro", "maxime", "maximilian", "meera", "megan", "mehmet", "melanie", "melissa", "mercedes", "mia",
    "michael", "michaela", "michal", "michel", "michele", "michelle", "miguel", "mihaela", "mihai", "mikael", "mike",
    "mikhail", "mikko", "milena", "milos", "minh", "minjun", "minseo", "miriam", "miroslav", "mohamed", "mohammad",
    "mohammed", "monica", "monika", "monique", "muhammad", "murat", "mustafa", "mykola", "nadezhda", "nadia", "nadine",
    "nancy", "naoki", "naoko", "natalia", "natalie", "natasha", "nathalie", "nathan", "nathaniel", "neha", "ngoc",
    "ngozi", "nguyen", "niamh", "nicholas", "nick", "nicola", "nicolas", "nicole", "niels", "nikhil", "nikita",
    "nikola", "nikolai", "nikolaos", "nils", "nina", "nisha", "noah", "noemi", "nomsa", "noor", "nora", "norbert",
    "nour", "noura", "nuria", "oksana", "ola", "olaf", "ole", "oleg", "oleksandr", "olena", "olga", "olha", "oliver",
    "olivia", "olivier", "olumide", "oluwaseun", "omar", "omer", "ondrej", "oscar", "oskar", "osman", "otto", "pablo",
    "pamela", "paola", "paolo", "patricia", "patrick", "patrik", "paul", "paula", "paulo", "pavel", "pawel", "pedro",
    "pekka", "peter", "petr", "petra", "philip", "philipp", "philippe", "pia", "pierre", "pieter", "pietro", "pilar",
    "piotr", "piotrek", "pooja", "priya", "priyanka", "przemyslaw", "rachel", "radek", "rafael", "rahul", "rainer",
    "raj", "rajesh", "rakesh", "ralf", "ralph", "ramesh", "ramon", "raquel", "raul", "ravi", "raymond", "razvan",
    "rebecca", "renata", "renate", "rene", "reza", "rhys", "ricardo", "riccardo", "richard", "riikka", "rita",
    "robert", "roberta", "roberto", "rocio", "rodrigo", "roger", "roland", "rolf", "romain", "ron", "ronald", "rosa",
    "rosemary", "rosie", "roxana", "ruben", "rudolf", "rui", "russell", "ruth", "ryan", "sabine", "sabrina", "sachin",
    "sakura", "salma", "samantha", "samir", "samira", "samuel", "sandeep", "sandra", "sanjay", "sanna", "sanne",
    "sara", "sarah", "saskia", "satoshi", "scott", "sebastian", "sebastien", "selim", "seoyeon", "sergei", "sergey",
    "sergio", "shannon", "sharon", "sheila", "shirley", "shreya", "siegfried", "sigrid", "silke", "silvia", "simon",
    "simona", "simone", "sinead", "siobhan", "sipho", "slawomir", "sneha", "sofia", "solveig", "sonia", "sophia",
    "sophie", "soren", "stanislaw", "stavros", "stefan", "stefania", "stefano", "steffen", "stephan", "stephane",
    "stephanie", "stephen", "steve", "steven", "sunghoon", "sunil", "sunita", "suresh", "susan", "susana", "susanna",
    "susanne", "suzanne", "sven", "svetlana", "swati", "sylvia", "sylvie", "szymon", "takashi", "takeshi", "tamara",
    "tanja", "tanya", "taras", "tariq", "tatiana", "teresa", "tereza", "terry", "thabo", "thanh", "theresa", "therese",
    "thierry", "thomas", "thorsten", "tiago", "tiffany", "tim", "timo", "timothy", "tobias", "tom", "tomas", "tomasz",
    "tomoko", "tony", "torbjorn", "torsten", "tracy", "tristan", "tunde", "tuomas", "ulf", "ulrich", "ulrike",
    "ursula", "uwe", "valentina", "valeria", "valerie", "vanessa", "vasili", "vera", "veronica", "veronika",
    "veronique", "victor", "vijay", "vikas", "vikram", "viktor", "viktoria", "vincent", "vincenzo", "vinod",
    "virginie", "vivian", "vladimir", "vojtech", "volker", "walter", "wanda", "wanjiku", "wei", "wenjie", "werner",
    "wieslaw", "wiktor", "wilhelm", "william", "wojciech", "wolfgang", "wouter", "xavier", "xiaoming", "yannis",
    "yasemin", "yasmin", "yating", "yoko", "yolanda", "yousef", "youssef", "youssra", "yuki", "yuko", "yulia",
    "yulian", "yuri", "yusuf", "yvette", "yvonne", "zachary", "zainab", "zanele", "zbigniew", "zdenek", "zdzislaw",
    "zehra", "zeynep", "zoe", "zofia", "zoran", "zsofia", "zsuzsanna", "zuzana", "zuzanna",
];

/// Words behind a given name that make it the name of something else.
#[rustfmt::skip]
static THINGS: [&str; 58] = [
    "airport", "api", "app", "bank", "bot", "bridge", "building", "cluster", "college", "company", "corp",
    "foundation", "gmbh", "group", "hospital", "hotel", "inc", "institute", "lab", "labs", "library", "ltd",
    "museum", "office", "park", "plaza", "project", "river", "school", "server", "service", "services", "software",
    "solutions", "square", "station", "street", "systems", "team", "tower", "trust", "university", "language",
    "runtime", "kernel", "test", "tests", "suite", "spec", "beach", "bay", "island",
    "agent", "build", "pipeline", "runner", "worker", "db",
];

static PARTICLES: [&str; 17] =
    ["al", "bin", "da", "das", "de", "del", "den", "der", "di", "do", "dos", "el", "la", "le", "ten", "van", "von"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_begin_with_a_given_name() {
        for (text, name) in [
            ("Anna Fakename logged in", "Anna Fakename"),
            ("Jean-Pierre Fakename\"", "Jean-Pierre Fakename"),
            ("Lars van der Fake,", "Lars van der Fake"),
            ("Maria O'Fake", "Maria O'Fake"),
            ("Anna Maria Fakename", "Anna Maria Fakename"),
            ("Anna \u{c9}fake", "Anna \u{c9}fake"),
            ("Anna", ""),
            ("anna fakename", ""),
            ("Production Cluster", ""),
            ("Anna Server", ""),
            ("Anna Fakename1", ""),
            ("Grace Period", ""),
            ("Oliver 7", ""),
            ("Peter van", ""),
            ("Peter FAIL", ""),
            ("", ""),
        ] {
            assert_eq!(&text[..length(text.as_bytes())], name, "{text}");
        }
        assert!(GIVEN.is_sorted());
    }
}
