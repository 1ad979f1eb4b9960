//! Full names of people that can be nothing else: a known given name, and a capitalised word behind it.
//!
//! Names that are places or words of programs as well (`Virginia`, `Grace period`, `Mark read`) are left out, so that what has
//! one of these in front needs nothing around it to be known. A name that is not in here says nothing.

/// Is all of `value` such a name?
///
/// ```
/// use logmask::validate::full_name::holds;
/// assert!(holds(b"Anna Fakename") && holds(b"Lars van der Fake") && holds("María Fakename".as_bytes()));
/// assert!(holds(b"ANNA FAKENAME") && !holds(b"Anna FAKENAME"));
/// assert!(!holds(b"Production Cluster") && !holds(b"Anna"));
/// ```
pub fn holds(value: &[u8]) -> bool {
    !value.is_empty() && (length(value) == value.len() || in_capitals(value))
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

/// Is it a full name whose letters are all capitals, as cards and tickets print it?
fn in_capitals(value: &[u8]) -> bool {
    if !value.iter().all(|b| b.is_ascii_uppercase() || b" -'".contains(b)) {
        return false;
    }
    let mut name = value.to_ascii_lowercase();
    let mut first = true;
    for byte in &mut name {
        if first {
            byte.make_ascii_uppercase();
        }
        first = !byte.is_ascii_alphabetic();
    }
    length(&name) == name.len()
}

/// Is it a given name, or two with a dash between?
fn is_given(word: &[u8]) -> bool {
    let part = word.split(|b| *b == b'-').next().unwrap_or_default().to_ascii_lowercase();
    let known = |part: &[u8]| GIVEN.binary_search_by(|name| name.as_bytes().cmp(part)).is_ok();
    known(&part) || !part.is_ascii() && known(&without_marks(&part))
}

/// The letters of `name` in small letters, without the accents of Latin-1 and Latin Extended-A: `maria` for `María`, `lukasz` for `Łukasz`.
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
    let extended = |lead: u8, second: u8| match (lead, second) {
        (0xC4, 0x80..=0x85) => b'a',
        (0xC4, 0x86..=0x8D) => b'c',
        (0xC4, 0x8E..=0x91) => b'd',
        (0xC4, 0x92..=0x9B) => b'e',
        (0xC4, 0x9C..=0xA3) => b'g',
        (0xC4, 0xA8..=0xB1) => b'i',
        (0xC4, 0xB9..=0xBF) | (0xC5, 0x80..=0x82) => b'l',
        (0xC5, 0x83..=0x88) => b'n',
        (0xC5, 0x8C..=0x91) => b'o',
        (0xC5, 0x94..=0x99) => b'r',
        (0xC5, 0x9A..=0xA1) => b's',
        (0xC5, 0xA2..=0xA7) => b't',
        (0xC5, 0xA8..=0xB3) => b'u',
        (0xC5, 0xB9..=0xBE) => b'z',
        _ => b'?',
    };
    let mut bytes = name.iter().copied();
    let mut out = Vec::with_capacity(name.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            0xC3 => bytes.next().map_or(b'?', base),
            0xC4 | 0xC5 => bytes.next().map_or(b'?', |second| extended(byte, second)),
            _ => byte,
        });
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
static GIVEN: [&str; 2055] = [
    "aarav", "aaron", "abdul", "abdullah", "abebe", "abena", "abigail", "adaeze", "adam", "addison", "adebayo", "adele",
    "adelheid", "aditya", "adrian", "adriana", "afonso", "agata", "agatha", "agathe", "agnes", "agneta", "agnieszka",
    "agostinho", "agustin", "ahmad", "ahmed", "aidan", "aiden", "aino", "aisha", "akihiro", "akiko", "akira", "akosua", "alain",
    "alan", "alba", "albert", "alberto", "alejandra", "alejandro", "aleksander", "aleksandr", "aleksandra", "aleksei", "alena",
    "alessandra", "alessandro", "alessia", "alessio", "alex", "alexander", "alexandra", "alexandre", "alexandrina", "alexei",
    "alexey", "alexis", "alfie", "alfons", "alfonso", "alfred", "alfredo", "alice", "alicia", "alida", "alina", "alisha",
    "alison", "alistair", "allan", "allison", "alois", "alvaro", "alyssa", "ama", "amaia", "amanda", "amara", "amelia",
    "amelie", "amina", "aminata", "amir", "amit", "amparo", "amy", "ana", "anabel", "anabela", "anais", "ananya", "anastasia",
    "anders", "andre", "andrea", "andreas", "andreea", "andrei", "andres", "andrew", "andrey", "andriy", "andrzej", "andy",
    "angela", "angele", "angelica", "angelika", "angelina", "angelo", "angharad", "angus", "aniela", "anil", "anita", "anja",
    "anjali", "anke", "ann", "anna", "annabel", "annabelle", "annalisa", "anne", "annegret", "anneke", "anneli", "annelies",
    "anneliese", "annemarie", "annemie", "annette", "annie", "annika", "anselm", "anselmo", "anthony", "antje", "antoine",
    "anton", "antonella", "antoni", "antonia", "antonieta", "antonin", "antonina", "antonio", "antony", "antti", "anya",
    "aoife", "araceli", "arantxa", "ariana", "ariane", "arina", "arjun", "arlene", "arlette", "armando", "armin", "arnaud",
    "arnav", "arne", "arnold", "arnulfo", "artem", "arthur", "artur", "arturo", "arun", "arvid", "asbjorn", "asha", "ashley",
    "asif", "astrid", "asuncion", "attila", "aubrey", "audrey", "augusto", "aurelie", "aurelien", "aurelio", "axel", "ayesha",
    "ayla", "aylin", "ayse", "babak", "balazs", "balint", "baptiste", "barbara", "barbel", "barbora", "barry", "bart", "bartek",
    "bartlomiej", "bartolome", "bartosz", "bastiaan", "bastian", "bastien", "beata", "beate", "beatrice", "beatriz", "begona",
    "belen", "ben", "benedict", "benedikt", "bengt", "benigno", "benito", "benjamin", "benoit", "bente", "bernadette",
    "bernard", "bernardo", "bernat", "bernd", "bernhard", "bernice", "berta", "bertha", "bertrand", "bessie", "beth", "bethany",
    "bettina", "betty", "beulah", "bianca", "bilal", "billie", "birger", "birgit", "birgitta", "birgitte", "bjorn", "blazej",
    "bob", "bobbie", "bobby", "bogdan", "bogdana", "bogna", "boguslaw", "bohdan", "bonnie", "boris", "bozena", "brad",
    "bradley", "bram", "brandon", "brecht", "brenda", "brendan", "brian", "bridget", "brigitta", "brigitte", "britt", "britta",
    "brittany", "bronislaw", "bruce", "bruna", "bruno", "bryan", "budi", "burak", "burkhard", "caitlin", "caleb", "callum",
    "calvin", "cameron", "camila", "camille", "candace", "caoimhe", "carina", "carl", "carla", "carlos", "carlotta", "carlton",
    "carmela", "carmelo", "carmen", "carol", "carola", "carolina", "caroline", "carolyn", "carrie", "carsten", "carys",
    "casimiro", "catalina", "catarina", "caterina", "catherine", "cathy", "cecelia", "cecil", "cecile", "cecilia", "cedric",
    "celestino", "celia", "celine", "cezary", "chantal", "charlene", "charles", "charlotte", "cheryl", "chiara", "chidi",
    "chinedu", "chinwe", "chloe", "chris", "christa", "christel", "christelle", "christian", "christiane", "christina",
    "christine", "christoph", "christophe", "christopher", "ciara", "ciaran", "claire", "clara", "clarence", "claribel",
    "clarissa", "claudia", "claudine", "claudio", "clayton", "clemens", "clement", "clementine", "clifford", "clyde", "cody",
    "colette", "colin", "concetta", "connor", "conor", "corey", "corinna", "corinne", "cornelia", "cornelis", "cosmin",
    "courtney", "craig", "cristian", "cristiano", "cristina", "cristobal", "cristovao", "csaba", "curtis", "custodio",
    "cynthia", "cyril", "czeslaw", "daan", "dagmar", "dagny", "daiki", "daisuke", "dalia", "damian", "damien", "dan", "daniel",
    "daniela", "daniele", "danielle", "danny", "danuta", "daria", "dario", "dariusz", "darlene", "darnell", "darrell", "darren",
    "darryl", "daryl", "dave", "david", "davide", "deanna", "debbie", "deborah", "debra", "deepa", "deepak", "delores",
    "delphine", "denise", "deniz", "dennis", "derek", "deshawn", "desiree", "desislava", "detlef", "dewi", "diana", "diane",
    "dianne", "diederik", "diego", "dieter", "dilek", "dimitra", "dimitri", "dimitris", "diogo", "dionisio", "dirk", "divya",
    "dmitri", "dmitriy", "dmitry", "dolores", "domenico", "dominic", "dominik", "dominika", "dominique", "donald", "donatella",
    "donna", "doreen", "dorien", "doris", "dorota", "dorothea", "dorothee", "dorothy", "douglas", "dragan", "duane", "duarte",
    "dustin", "dwayne", "dylan", "ebba", "eckhard", "edeltraud", "edgar", "edith", "edmund", "edna", "edoardo", "eduard",
    "eduarda", "eduardo", "edward", "edwin", "edyta", "eero", "egon", "eileen", "einar", "eitan", "eivind", "ekaterina",
    "eladio", "elaine", "eleanor", "elena", "eleni", "eleonora", "eliane", "elias", "elif", "elijah", "elin", "elisa",
    "elisabeth", "elise", "elizabeth", "elke", "ella", "ellen", "ellie", "elliot", "elliott", "elmer", "elodie", "eloise",
    "elpidio", "elsa", "elsie", "elvira", "elzbieta", "emanuele", "emeka", "emerson", "emil", "emile", "emilia", "emiliano",
    "emilie", "emilio", "emily", "emine", "emma", "emmanuel", "emmett", "emre", "encarnacion", "enrico", "enrique", "enzo",
    "eoin", "eric", "erica", "erich", "erik", "erika", "erma", "ernest", "ernestine", "ernesto", "ernst", "erwin", "eskil",
    "eskild", "espen", "esteban", "estelle", "esther", "eszter", "ethan", "ethel", "ettore", "eugen", "eugene", "eugenia",
    "eugenio", "eula", "eulalia", "eusebio", "eustaquio", "eva", "evangeline", "evaristo", "eveline", "evelyn", "evert", "evie",
    "ewa", "ewan", "fabian", "fabiana", "fabien", "fabienne", "fabio", "fabiola", "fabrice", "fabricio", "fabrizio", "farah",
    "farid", "fatemeh", "fatima", "fatma", "fatou", "fatoumata", "faustino", "faye", "federica", "federico", "felicia",
    "feliciano", "felicity", "felipe", "felix", "femi", "femke", "ferdinand", "ferenc", "fermin", "fernanda", "fernando",
    "filip", "filippo", "filomena", "fiona", "firmino", "flavia", "flavio", "florencia", "florentino", "florian", "floyd",
    "frances", "francesca", "francesco", "francine", "francis", "francisco", "franciszek", "franck", "francois", "frank",
    "frans", "franz", "franziska", "fraser", "frauke", "fred", "freda", "freddie", "frederic", "frederik", "frederique",
    "fredrik", "freja", "freya", "frieda", "friedrich", "fritz", "fulgencio", "gabor", "gabriel", "gabriela", "gabriele",
    "gaetano", "galina", "ganesh", "gareth", "garrett", "gary", "gavin", "geert", "geeta", "geir", "gemma", "genevieve",
    "gennaro", "geoffrey", "georg", "george", "georges", "georgi", "georgina", "gerald", "geraldine", "gerard", "gerardo",
    "gerd", "gerhard", "gert", "gertrud", "gertrude", "gertrudis", "gheorghe", "giacomo", "gianluca", "gianni", "gijs",
    "gilbert", "gilberto", "gilles", "gillian", "gina", "ginevra", "gino", "giorgio", "giorgos", "giovanna", "giovanni",
    "gisela", "gisele", "gisella", "giulia", "giuliana", "giuliano", "giuseppe", "gladys", "glenda", "glenn", "gloria",
    "godofredo", "goncalo", "gonzalo", "goran", "gordon", "graciela", "graham", "graziela", "graziella", "grazyna", "greg",
    "gregoire", "gregor", "gregorio", "gregory", "greta", "griselda", "grzegorz", "gudrun", "guenter", "guenther", "guido",
    "guillaume", "guillermo", "gunhild", "gunilla", "gunnar", "gunter", "gunther", "gustav", "gustavo", "gwen", "gwendolyn",
    "gwyneth", "hailey", "hakan", "halina", "halvor", "hamish", "hamza", "hana", "hanna", "hannah", "hanneke", "hannelore",
    "hannes", "hans", "harald", "harold", "harriet", "harry", "haruka", "haruto", "hasan", "hassan", "hatice", "havard",
    "heather", "hector", "hedvig", "hedwig", "heidi", "heike", "heikki", "heiko", "heiner", "heinrich", "heinz", "helder",
    "helen", "helena", "helene", "helga", "helmi", "helmut", "helmuth", "hendrik", "henning", "henri", "henrietta", "henriette",
    "henrik", "henry", "henryk", "herbert", "herman", "hermann", "herminia", "herminio", "hernando", "herve", "hilario",
    "hilda", "hilde", "hildegard", "hiroko", "hiroshi", "holger", "holly", "horst", "hortensia", "hossein", "howard", "hubert",
    "huda", "hugh", "hugo", "humberto", "huong", "huseyin", "hussein", "hyun", "ian", "ibrahim", "ibrahima", "ifeoma",
    "ignacio", "igor", "ilaria", "ildiko", "ilkka", "ilona", "ilse", "imke", "imogen", "ines", "inga", "inge", "ingeborg",
    "ingo", "ingrid", "ingvild", "inmaculada", "ioana", "ioannis", "iracema", "irena", "irene", "irina", "irma", "irmgard",
    "irvin", "irving", "iryna", "isaac", "isabel", "isabela", "isabella", "isabelle", "ishaan", "isidora", "isidro", "isla",
    "ismail", "istvan", "itziar", "ivan", "ivana", "ivanka", "ivano", "ivaylo", "iwona", "jaap", "jacek", "jacinta", "jacinto",
    "jack", "jackie", "jacob", "jacqueline", "jacquelyn", "jacques", "jadwiga", "jaime", "jake", "jakob", "jakub", "jamal",
    "james", "jamie", "jan", "jana", "jane", "janet", "janice", "janie", "janina", "janine", "janis", "janusz", "jared",
    "jarek", "jarle", "jaroslav", "jaroslaw", "jasmin", "jason", "javier", "javiera", "jayden", "jean", "jeanette", "jeanine",
    "jeanne", "jeannie", "jeannine", "jeff", "jeffery", "jeffrey", "jelena", "jelle", "jenaro", "jenna", "jennifer", "jens",
    "jeremiah", "jeremy", "jermaine", "jeroen", "jerome", "jerry", "jerzy", "jessica", "jessie", "jesus", "jiho", "jihoon",
    "jill", "jim", "jimena", "jimmie", "jimmy", "jiri", "jisoo", "jiwoo", "jiyoung", "joachim", "joan", "joana", "joann",
    "joanna", "joanne", "joao", "joaquin", "joaquina", "jocelyne", "jochen", "jodi", "jodie", "joe", "joel", "johan", "johann",
    "johanna", "johannes", "john", "johnnie", "johnny", "jolanta", "jonas", "jonathan", "joost", "jordi", "jorg", "jorge",
    "jorgina", "joris", "jorn", "jorunn", "jose", "josef", "josefina", "joselito", "joseph", "josephina", "josephine", "josh",
    "joshua", "josiane", "josie", "jovana", "joyce", "jozef", "juan", "juana", "juanita", "judith", "judy", "juha", "juhani",
    "jukka", "jules", "julia", "julian", "juliana", "julie", "julien", "julieta", "juliette", "julio", "jurgen", "justin",
    "justyna", "kacper", "kaito", "kamal", "kamil", "kara", "karel", "karen", "kari", "karim", "karin", "karl", "karla",
    "karlijn", "karolina", "karsten", "karthik", "kasia", "kasper", "katalin", "katarina", "katarzyna", "kate", "katerina",
    "katharina", "katherine", "kathleen", "kathrin", "kathryn", "kathy", "katie", "katja", "katrina", "kavita", "kavya",
    "kayla", "kaylee", "kazimierz", "kazuki", "keiko", "keira", "keisha", "keith", "kelley", "kelli", "kellie", "kelly", "ken",
    "kendra", "kenji", "kenneth", "kenny", "kenta", "kerem", "kerry", "kerstin", "kevin", "khadija", "khaled", "khalid",
    "kieran", "kimberly", "kinga", "kirk", "kirsten", "kirsty", "kjell", "kjersti", "klaas", "klara", "klaus", "knut", "koen",
    "kofi", "konrad", "konstantin", "kornelia", "kostas", "kresimir", "krista", "kristen", "kristi", "kristian", "kristie",
    "kristin", "kristina", "kristine", "kristof", "kristy", "krystal", "krystian", "krystyna", "krzysztof", "ksenia", "kumar",
    "kurt", "kwame", "kyaw", "kyle", "kylie", "laercio", "lakshmi", "lara", "larissa", "larry", "lars", "lasse", "laszlo",
    "latasha", "latisha", "latoya", "laura", "lauren", "laurence", "laurent", "laurie", "lawrence", "layla", "lea", "leah",
    "leandra", "leandro", "leif", "leila", "lena", "lenka", "lennart", "leocadia", "leona", "leonard", "leonardo", "leonie",
    "leonor", "leopold", "leopoldo", "lerato", "leroy", "lesley", "leslie", "lester", "leticia", "levi", "lewis", "liam",
    "lidia", "lieke", "liesel", "lieselotte", "liisa", "lila", "lilian", "liliana", "lillian", "linda", "lindsay", "lindsey",
    "linh", "linnea", "lionel", "lisa", "lisandro", "lloyd", "loic", "lola", "lonnie", "lora", "loredana", "lorella", "lorena",
    "lorene", "lorenza", "lorenzo", "loretta", "lori", "lorraine", "lothar", "lotte", "louis", "louisa", "louise", "luca",
    "lucas", "lucia", "luciana", "luciano", "lucie", "lucien", "luciene", "lucille", "lucy", "ludovic", "ludvig", "ludwig",
    "luigi", "luis", "luisa", "luiz", "luka", "lukas", "lukasz", "luke", "luther", "lutz", "luuk", "lydia", "lyle", "lynda",
    "lynn", "maaike", "maarten", "mabel", "macarena", "maciej", "maciek", "mackenzie", "madalena", "madeleine", "madeline",
    "magali", "magdalena", "magnus", "mahesh", "mahmoud", "maike", "maite", "maja", "malcolm", "malgorzata", "malin", "malte",
    "mamadou", "mamie", "mandy", "manfred", "manoel", "manoj", "manolo", "manon", "manuel", "manuela", "marc", "marcel",
    "marcela", "marcelino", "marcella", "marcello", "marcelo", "marcia", "marcin", "marco", "marcos", "marcus", "mareike",
    "marek", "margaret", "margarete", "margarethe", "margarita", "margherita", "margie", "margit", "margot", "maria", "mariam",
    "mariana", "marianne", "maricela", "marie", "marieke", "mariella", "marija", "marilyn", "mario", "marion", "marisa",
    "marisol", "marit", "marius", "mariusz", "marjorie", "marko", "markus", "marlene", "marlies", "marloes", "marlon", "marsha",
    "marta", "martha", "martin", "martina", "martine", "martyna", "marvin", "mary", "maryam", "maryse", "massimo", "mateo",
    "mateusz", "matheus", "mathias", "mathieu", "mathijs", "mathilde", "matias", "matilda", "matilde", "mats", "matteo",
    "matthew", "matthias", "matthieu", "matti", "mattie", "maureen", "maurice", "mauricio", "maurizio", "mauro", "maxime",
    "maximilian", "maximiliano", "maxine", "mechthild", "meera", "megan", "meghan", "mehmet", "meike", "melanie", "melinda",
    "melissa", "melvin", "mercedes", "meredith", "merle", "mette", "mia", "michael", "michaela", "michaele", "michal",
    "micheal", "michel", "michele", "micheline", "michelle", "mieczyslaw", "mieke", "miguel", "mihaela", "mihai", "mikael",
    "mike", "mikhail", "mikko", "mildred", "milena", "milica", "milos", "milton", "minh", "minjun", "minnie", "minseo",
    "mireia", "mireille", "mirella", "miriam", "miroslav", "miroslaw", "mitchell", "mohamed", "mohammad", "mohammed", "molly",
    "mona", "monica", "monika", "monique", "morag", "moritz", "morris", "morten", "moussa", "muhammad", "murat", "muriel",
    "mustafa", "mykola", "myra", "myriam", "myron", "myrtle", "nabil", "nadezhda", "nadia", "nadine", "nancy", "nanna", "naoki",
    "naoko", "naomi", "natalia", "natalie", "nataliya", "natasha", "nathalie", "nathan", "nathaniel", "nattapong", "neema",
    "neha", "neil", "nele", "nellie", "nemanja", "nerea", "nettie", "ngoc", "ngozi", "nguyen", "niamh", "nicanor", "nicanora",
    "nicholas", "nichole", "nick", "nicodemo", "nicola", "nicolas", "nicole", "nicolette", "nicolo", "niels", "nienke", "nigel",
    "nikhil", "nikita", "nikola", "nikolai", "nikolaos", "nikolaus", "nikolina", "nikos", "nils", "nina", "nisha", "noah",
    "noelia", "noemi", "nomsa", "noor", "nora", "norbert", "norberto", "norma", "nour", "noura", "nuno", "nuria", "octavio",
    "odile", "oisin", "oksana", "ola", "olaf", "olafur", "ole", "oleg", "oleksandr", "olena", "olga", "olha", "oliver",
    "olivia", "olivier", "olumide", "oluwaseun", "omar", "omer", "ondrej", "onofre", "oriol", "ornella", "oscar", "oskar",
    "osman", "oswald", "otavio", "otieno", "otis", "ottar", "otto", "ousmane", "owen", "oyvind", "pablo", "padraig", "pamela",
    "paola", "paolo", "pascual", "pascuala", "pasquale", "patricia", "patrick", "patrik", "patrizia", "patrizio", "patrycja",
    "patsy", "patti", "patty", "paul", "paula", "paulina", "pauline", "paulo", "pavel", "pawel", "pedro", "peggy", "pekka",
    "penelope", "pepa", "percival", "pernille", "petar", "peter", "petr", "petra", "peyton", "philip", "philipp", "philippa",
    "philippe", "phillip", "phoebe", "phuong", "phyllis", "pia", "pierluigi", "pierre", "piet", "pieter", "pietro", "pilar",
    "piotr", "piotrek", "polina", "polly", "pooja", "porfirio", "primitivo", "priscila", "priscilla", "priya", "priyanka",
    "przemyslaw", "putri", "quentin", "quirino", "rachael", "rachel", "radek", "radu", "rafael", "rafaela", "raffaele",
    "raffaella", "ragnar", "ragnhild", "rahul", "raimund", "raimundo", "rainer", "raj", "rajesh", "rakesh", "ralf", "ralph",
    "raluca", "ramesh", "ramiro", "ramon", "ramona", "randall", "randi", "randy", "rania", "raquel", "rasheed", "rasmus",
    "raul", "ravi", "raymond", "razvan", "rebecca", "rebekah", "rebekka", "reginald", "regine", "reinhard", "reinhold", "remi",
    "remigio", "renata", "renate", "renato", "renaud", "rene", "reza", "rhonda", "rhys", "rianne", "ricardo", "riccardo",
    "richard", "ricky", "rigoberto", "riikka", "rita", "robert", "roberta", "roberto", "robyn", "rochelle", "rocio", "rodney",
    "rodolfo", "rodrigo", "roel", "roger", "rohan", "roland", "rolando", "rolf", "romain", "romy", "ron", "ronald", "ronen",
    "ronnie", "rosa", "rosalia", "rosalie", "rosalind", "rosalinda", "rosangela", "rosanna", "rosaria", "rosemarie", "rosemary",
    "rosie", "roswitha", "roxana", "roxanne", "roy", "ruben", "rudiger", "rudolf", "rudolph", "rudy", "ruediger", "rufino",
    "rui", "rupert", "russell", "ruth", "ryan", "ryszard", "sabine", "sabrina", "sachin", "sadie", "sakura", "sally", "salma",
    "salvadora", "salvatore", "samantha", "samir", "samira", "samuel", "samuele", "sandeep", "sandra", "sandrine", "sandro",
    "sanjay", "sanna", "sanne", "saoirse", "sara", "sarah", "saskia", "satoshi", "saturnino", "scott", "seamus", "sean",
    "sebastian", "sebastien", "segismundo", "selena", "selim", "seojun", "seoyeon", "serena", "serge", "sergei", "sergey",
    "sergio", "seth", "severine", "shane", "shanice", "shannon", "shari", "sharon", "shaun", "shawn", "sheila", "shelia",
    "shelley", "shelly", "sheri", "sherri", "sheryl", "shirley", "shreya", "sidney", "siegfried", "siegmund", "sigrid",
    "sigrun", "sigurd", "silke", "silvana", "silvia", "silvio", "simao", "simon", "simona", "simone", "simonetta", "sindre",
    "sinead", "siobhan", "sipho", "siriporn", "sjoerd", "slawomir", "sneha", "snezana", "sofia", "sofie", "sofoklis", "solveig",
    "somchai", "sonia", "sonja", "sonya", "sophia", "sophie", "soren", "stacey", "stacy", "stanislaus", "stanislaw", "stanley",
    "stavros", "stefan", "stefania", "stefanie", "stefano", "steffen", "stephan", "stephane", "stephanie", "stephen", "stephon",
    "steve", "steven", "stian", "stijn", "stuart", "sunghoon", "sunil", "sunita", "suresh", "susan", "susana", "susanna",
    "susannah", "susanne", "susie", "suzanne", "sven", "svenja", "sverre", "svetlana", "swati", "sybille", "sylvester",
    "sylvia", "sylvie", "sylwia", "synnove", "szymon", "tabitha", "tadeusz", "takashi", "takeshi", "takumi", "tamar", "tamara",
    "tammy", "tamsin", "tania", "tanja", "tanya", "tapio", "tara", "taras", "tarek", "tariq", "tasha", "tatiana", "tatiane",
    "tatjana", "teodora", "teodoro", "teofilo", "teresa", "tereza", "terrance", "terry", "teun", "thabo", "thais", "thandi",
    "thanh", "theo", "theodor", "theodora", "theodore", "theresa", "therese", "thiago", "thibault", "thierry", "thijs",
    "thomas", "thorsten", "tiago", "tibor", "tiburcio", "tiffany", "tijs", "tilman", "tim", "timmy", "timo", "timothy", "tina",
    "tobias", "toby", "todd", "tom", "tomas", "tomasz", "tomislav", "tommaso", "tommie", "tommy", "tomoko", "toni", "tony",
    "tonya", "torben", "torbjorn", "torgeir", "toribio", "torsten", "tove", "tracey", "traci", "tracy", "trang", "trevor",
    "tricia", "trine", "tristan", "trond", "trygve", "tunde", "tuomas", "tuula", "tyler", "tyrone", "ugo", "ulf", "ulises",
    "ulla", "ulrich", "ulrike", "umberto", "ursula", "urszula", "ute", "uwe", "vaclav", "valentina", "valeria", "valeriano",
    "valerie", "valerio", "vanda", "vanessa", "vasco", "vasili", "vasilis", "veerle", "vegard", "velma", "vera", "verena",
    "verna", "vernon", "veronica", "veronika", "veronique", "vicenta", "vicente", "vicki", "vicky", "victor", "viggo", "vijay",
    "vikas", "vikram", "viktor", "viktoria", "vincent", "vincenzo", "vinod", "virginie", "vitor", "vittoria", "vittorio",
    "vivian", "vladimir", "vojtech", "volker", "volodymyr", "waldemar", "walid", "wallace", "walter", "waltraud", "wanda",
    "wanjiku", "wanjiru", "wayne", "wei", "wendell", "wendy", "wenjie", "werner", "wesley", "wieslaw", "wiktor", "wiktoria",
    "wilbur", "wilfred", "wilfried", "wilhelm", "willard", "willem", "willi", "william", "willie", "wilma", "winfried",
    "winifred", "witold", "wladyslaw", "wojciech", "wolfgang", "wolfram", "wout", "wouter", "xavier", "xiaoming", "ximena",
    "yael", "yago", "yann", "yannick", "yannis", "yara", "yasemin", "yasmin", "yating", "yesenia", "yevhen", "ylva", "yoko",
    "yolanda", "yosef", "yousef", "youssef", "youssra", "yuki", "yuko", "yulia", "yulian", "yumi", "yuri", "yusuf", "yves",
    "yvette", "yvonne", "zacarias", "zachary", "zainab", "zanele", "zara", "zbigniew", "zdenek", "zdzislaw", "zehra", "zeynep",
    "ziga", "zoe", "zofia", "zoltan", "zoran", "zsofia", "zsuzsanna", "zuzana", "zuzanna", "zygmunt",
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
            ("\u{141}ukasz Fake\u{144}ski,", "\u{141}ukasz Fake\u{144}ski"),
            ("Pawe\u{142} Fake", "Pawe\u{142} Fake"),
            ("B\u{e4}rbel Fake", "B\u{e4}rbel Fake"),
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
