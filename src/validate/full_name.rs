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
static GIVEN: [&str; 1600] = [
    "aarav", "aaron", "abdul", "abdullah", "abebe", "abena", "abigail", "adaeze", "adam", "adebayo", "adele", "adelheid",
    "adriana", "afonso", "agata", "agatha", "agathe", "agnes", "agnieszka", "agostinho", "agustin", "ahmad", "ahmed", "aidan",
    "aiden", "aino", "aisha", "akihiro", "akiko", "akira", "akosua", "alain", "alan", "alba", "albert", "alberto", "alejandra",
    "alejandro", "aleksander", "aleksandr", "aleksandra", "aleksei", "alessandra", "alessandro", "alessia", "alessio", "alex",
    "alexander", "alexandra", "alexandre", "alexandrina", "alexei", "alexey", "alexis", "alfie", "alfons", "alfonso", "alfred",
    "alfredo", "alice", "alicia", "alida", "alina", "alisha", "alison", "alistair", "allan", "alois", "alvaro", "ama", "amaia",
    "amanda", "amara", "amelia", "amelie", "amina", "amir", "amit", "amparo", "amy", "ana", "anabela", "anais", "ananya",
    "anastasia", "anders", "andre", "andrea", "andreas", "andreea", "andrei", "andres", "andrew", "andrey", "andriy", "andrzej",
    "andy", "angela", "angele", "angelika", "angelina", "angelo", "angharad", "aniela", "anil", "anita", "anja", "anjali", "anke",
    "ann", "anna", "annabel", "annabelle", "annalisa", "anne", "annegret", "anneke", "anneli", "annelies", "anneliese",
    "annemarie", "annette", "annika", "anselm", "anthony", "antje", "antoine", "anton", "antonella", "antoni", "antonia",
    "antonieta", "antonin", "antonina", "antonio", "antony", "antti", "anya", "aoife", "araceli", "arantxa", "ariana", "ariane",
    "arjun", "arlette", "armando", "armin", "arnaud", "arnav", "arnold", "arthur", "artur", "arturo", "arun", "asha", "ashley",
    "asif", "astrid", "asuncion", "attila", "augusto", "aurelie", "aurelien", "axel", "ayesha", "ayla", "aylin", "ayse", "babak",
    "balint", "baptiste", "barbara", "barbel", "barbora", "barry", "bart", "bartek", "bartlomiej", "bartosz", "bastian",
    "bastien", "beata", "beate", "beatrice", "beatriz", "begona", "belen", "ben", "benedict", "benedikt", "bengt", "benito",
    "benjamin", "benoit", "bernadette", "bernard", "bernardo", "bernd", "bernhard", "berta", "bertha", "bertrand", "beth",
    "bethany", "bettina", "betty", "bianca", "birgit", "birgitta", "bjorn", "blazej", "bob", "bogdan", "bogna", "boguslaw",
    "boris", "bozena", "brad", "bradley", "bram", "brandon", "brenda", "brendan", "brian", "bridget", "brigitta", "brigitte",
    "britta", "brittany", "bronislaw", "bruna", "bruno", "bryan", "burak", "burkhard", "caitlin", "cameron", "camila", "camille",
    "carina", "carl", "carla", "carlos", "carlotta", "carmela", "carmen", "carol", "carola", "carolina", "caroline", "carolyn",
    "carrie", "carsten", "catalina", "catarina", "caterina", "catherine", "cathy", "cecil", "cecile", "cecilia", "cedric",
    "celia", "celine", "cezary", "chantal", "charlene", "charles", "charlotte", "cheryl", "chiara", "chidi", "chinedu", "chinwe",
    "chloe", "chris", "christa", "christel", "christelle", "christian", "christiane", "christina", "christine", "christoph",
    "christophe", "christopher", "ciara", "ciaran", "claire", "clara", "clarissa", "claudia", "claudine", "claudio", "clemens",
    "clement", "clementine", "clifford", "colette", "colin", "concetta", "connor", "conor", "corinna", "corinne", "cornelia",
    "cornelis", "courtney", "craig", "cristian", "cristiano", "cristina", "cristovao", "custodio", "cynthia", "cyril", "czeslaw",
    "daan", "dagmar", "daiki", "damian", "damien", "dan", "daniel", "daniela", "daniele", "danielle", "danuta", "daria", "dario",
    "dariusz", "darren", "dave", "david", "davide", "debbie", "deborah", "debra", "deepa", "deepak", "delphine", "denise",
    "deniz", "dennis", "derek", "detlef", "diana", "diane", "diederik", "diego", "dieter", "dilek", "dimitra", "dimitri",
    "dimitris", "diogo", "dirk", "divya", "dmitri", "dmitriy", "dmitry", "dolores", "domenico", "dominic", "dominik", "dominika",
    "dominique", "donald", "donatella", "donna", "doreen", "doris", "dorota", "dorothea", "dorothee", "dorothy", "douglas",
    "dragan", "duarte", "dylan", "eckhard", "edeltraud", "edgar", "edith", "edmund", "edoardo", "eduarda", "eduardo", "edward",
    "edwin", "edyta", "eero", "egon", "eileen", "ekaterina", "elaine", "eleanor", "elena", "eleni", "eleonora", "eliane", "elias",
    "elif", "elijah", "elisa", "elisabeth", "elise", "elizabeth", "elke", "ella", "ellen", "ellie", "elliot", "elliott", "elodie",
    "elsa", "elvira", "elzbieta", "emanuele", "emeka", "emil", "emile", "emilia", "emiliano", "emilie", "emilio", "emily",
    "emine", "emma", "emmanuel", "emre", "encarnacion", "enrico", "enrique", "enzo", "eoin", "eric", "erich", "erik", "erika",
    "ernest", "ernesto", "ernst", "erwin", "eskil", "esteban", "estelle", "esther", "eszter", "ethan", "ettore", "eugen",
    "eugene", "eugenia", "eugenio", "eusebio", "eva", "eveline", "evelyn", "evie", "ewa", "ewan", "fabian", "fabiana", "fabien",
    "fabienne", "fabio", "fabiola", "fabrice", "fabrizio", "farah", "farid", "fatemeh", "fatima", "fatma", "fatou", "fatoumata",
    "federica", "federico", "felicity", "felipe", "felix", "femi", "femke", "ferdinand", "ferenc", "fermin", "fernanda",
    "fernando", "filip", "filippo", "filomena", "fiona", "firmino", "flavia", "flavio", "florian", "frances", "francesca",
    "francesco", "francine", "francis", "francisco", "franciszek", "francois", "frank", "frans", "franz", "franziska", "fraser",
    "frauke", "freda", "freddie", "frederic", "frederik", "frederique", "fredrik", "freja", "freya", "frieda", "friedrich",
    "fritz", "gabor", "gabriel", "gabriela", "gabriele", "gaetano", "galina", "ganesh", "gareth", "gary", "gavin", "geert",
    "geeta", "genevieve", "gennaro", "geoffrey", "georg", "george", "georges", "georgi", "georgina", "gerald", "geraldine",
    "gerard", "gerardo", "gerd", "gerhard", "gert", "gertrud", "gertrude", "gheorghe", "giacomo", "gianluca", "gianni", "gilbert",
    "gilberto", "gilles", "gillian", "gina", "ginevra", "gino", "giorgio", "giorgos", "giovanna", "giovanni", "gisela", "gisele",
    "giulia", "giuliana", "giuliano", "giuseppe", "gloria", "goncalo", "gonzalo", "goran", "gordon", "graham", "graziela",
    "graziella", "grazyna", "greg", "gregoire", "gregor", "gregorio", "gregory", "greta", "grzegorz", "gudrun", "guenter",
    "guenther", "guido", "guillaume", "guillermo", "gunnar", "gunter", "gustav", "gustavo", "gwen", "gwendolyn", "gwyneth",
    "halina", "hamza", "hana", "hanna", "hannah", "hanneke", "hannelore", "hans", "harald", "harold", "harriet", "harry",
    "haruka", "haruto", "hasan", "hassan", "hatice", "heather", "hector", "hedwig", "heidi", "heike", "heiko", "heiner",
    "heinrich", "heinz", "helder", "helen", "helena", "helene", "helga", "helmi", "helmut", "helmuth", "hendrik", "henri",
    "henrietta", "henriette", "henrik", "henry", "henryk", "herbert", "hermann", "herminia", "herve", "hilda", "hilde",
    "hildegard", "hiroko", "hiroshi", "holger", "holly", "horst", "hossein", "howard", "hubert", "hugh", "hugo", "huong",
    "huseyin", "hussein", "hyun", "ian", "ibrahim", "ifeoma", "ignacio", "ilaria", "ilkka", "ilona", "ilse", "imke", "imogen",
    "ines", "inga", "inge", "ingeborg", "ingo", "ingrid", "inmaculada", "ioana", "ioannis", "iracema", "irena", "irene", "irina",
    "irmgard", "isaac", "isabel", "isabela", "isabella", "isabelle", "isla", "ismail", "istvan", "itziar", "ivan", "ivana",
    "ivanka", "ivano", "iwona", "jaap", "jacek", "jacinto", "jack", "jackie", "jacob", "jacqueline", "jacques", "jadwiga",
    "jaime", "jake", "jakub", "james", "jamie", "jan", "jana", "jane", "janet", "janice", "janina", "janine", "janis", "janusz",
    "jared", "jarek", "jaroslav", "jaroslaw", "jasmin", "jason", "javier", "jean", "jeanette", "jeanne", "jeannine", "jeff",
    "jeffrey", "jelena", "jennifer", "jens", "jeremiah", "jeremy", "jeroen", "jerome", "jerry", "jerzy", "jessica", "jesus",
    "jiho", "jihoon", "jill", "jim", "jimena", "jimmy", "jiri", "jisoo", "jiwoo", "jiyoung", "joachim", "joan", "joana", "joanna",
    "joanne", "joao", "joaquin", "joaquina", "jocelyne", "jochen", "jodie", "joe", "joel", "johan", "johann", "johanna",
    "johannes", "john", "jolanta", "jonas", "jonathan", "joost", "jordi", "jorg", "jorge", "jorgina", "jorn", "jose", "josef",
    "josefina", "joseph", "josephina", "josephine", "joshua", "josiane", "josie", "jovana", "joyce", "jozef", "juan", "juana",
    "judith", "judy", "juhani", "jukka", "jules", "julia", "julian", "juliana", "julie", "julien", "juliette", "julio", "jurgen",
    "justin", "justyna", "kacper", "kaito", "kamal", "kamil", "karen", "kari", "karim", "karin", "karl", "karolina", "kasia",
    "katalin", "katarina", "katarzyna", "kate", "katerina", "katharina", "katherine", "kathleen", "kathryn", "kathy", "katie",
    "katja", "katrina", "kavita", "kavya", "kayla", "kazimierz", "keiko", "keira", "keith", "kelly", "ken", "kenji", "kenneth",
    "kenta", "kerem", "kerry", "kerstin", "kevin", "khadija", "khaled", "khalid", "kieran", "kimberly", "kirsten", "kirsty",
    "kjell", "klaas", "klara", "klaus", "kofi", "konstantin", "kornelia", "kostas", "kristen", "kristian", "kristin", "kristina",
    "kristine", "kristof", "krystian", "krystyna", "krzysztof", "kumar", "kurt", "kwame", "kyle", "kylie", "laercio", "lakshmi",
    "lara", "larry", "lars", "laszlo", "laura", "lauren", "laurence", "laurent", "laurie", "layla", "lea", "leah", "leandro",
    "leila", "lena", "lenka", "lennart", "leonard", "leonardo", "leonie", "leonor", "leopold", "lerato", "leticia", "lewis",
    "liam", "lidia", "lieke", "liesel", "lieselotte", "liisa", "lilian", "liliana", "lillian", "linda", "lindsay", "lindsey",
    "linh", "lionel", "lisa", "loic", "loredana", "lorella", "lorena", "lorenzo", "loretta", "lori", "lothar", "lotte", "louis",
    "louisa", "louise", "luca", "lucas", "lucia", "luciana", "luciano", "lucie", "lucien", "luciene", "lucy", "ludovic", "ludwig",
    "luigi", "luis", "luisa", "luiz", "luka", "lukas", "lukasz", "luke", "lutz", "luuk", "lydia", "maarten", "mabel", "maciej",
    "maciek", "madalena", "madeleine", "magali", "magdalena", "magnus", "mahesh", "mahmoud", "maike", "maite", "maja", "malcolm",
    "malgorzata", "malte", "manfred", "manoel", "manoj", "manolo", "manon", "manuel", "manuela", "marc", "marcel", "marcela",
    "marcella", "marcello", "marcelo", "marcia", "marcin", "marco", "marcos", "marcus", "mareike", "marek", "margaret",
    "margarete", "margarethe", "margarita", "margherita", "margot", "maria", "mariam", "mariana", "marianne", "marie", "mariella",
    "marija", "marilyn", "mario", "marion", "marisa", "marisol", "marit", "mariusz", "marjorie", "marko", "markus", "marlene",
    "marlies", "marta", "martha", "martin", "martina", "martine", "martyna", "marvin", "mary", "maryam", "maryse", "massimo",
    "mateo", "mateusz", "matheus", "mathias", "mathieu", "mathilde", "matias", "matilda", "matilde", "mats", "matteo", "matthew",
    "matthias", "matthieu", "matti", "maureen", "maurice", "mauricio", "maurizio", "mauro", "maxime", "maximilian", "maxine",
    "mechthild", "meera", "megan", "mehmet", "meike", "melanie", "melinda", "melissa", "melvin", "mercedes", "mette", "mia",
    "michael", "michaela", "michal", "michel", "michele", "micheline", "michelle", "mieczyslaw", "miguel", "mihaela", "mihai",
    "mikael", "mike", "mikhail", "mikko", "mildred", "milena", "milos", "minh", "minjun", "minseo", "mireille", "mirella",
    "miriam", "miroslav", "miroslaw", "mohamed", "mohammad", "mohammed", "molly", "monica", "monika", "monique", "moritz",
    "muhammad", "murat", "muriel", "mustafa", "mykola", "myriam", "nadezhda", "nadia", "nadine", "nancy", "naoki", "naoko",
    "naomi", "natalia", "natalie", "natasha", "nathalie", "nathan", "nathaniel", "neha", "neil", "nele", "nerea", "ngoc", "ngozi",
    "nguyen", "niamh", "nicholas", "nick", "nicola", "nicolas", "nicole", "nicolette", "nicolo", "niels", "nigel", "nikhil",
    "nikita", "nikola", "nikolai", "nikolaos", "nikolaus", "nikos", "nils", "nina", "nisha", "noah", "noelia", "noemi", "nomsa",
    "noor", "nora", "norbert", "nour", "noura", "nuno", "nuria", "odile", "oksana", "ola", "olaf", "ole", "oleg", "oleksandr",
    "olena", "olga", "olha", "oliver", "olivia", "olivier", "olumide", "oluwaseun", "omar", "omer", "ondrej", "oriol", "ornella",
    "oscar", "oskar", "osman", "oswald", "otavio", "otto", "owen", "pablo", "padraig", "pamela", "paola", "paolo", "pasquale",
    "patricia", "patrick", "patrik", "patrizia", "patrizio", "patrycja", "paul", "paula", "paulina", "pauline", "paulo", "pavel",
    "pawel", "pedro", "peggy", "pekka", "penelope", "pepa", "percival", "peter", "petr", "petra", "philip", "philipp", "philippa",
    "philippe", "phoebe", "phuong", "phyllis", "pia", "pierluigi", "pierre", "piet", "pieter", "pietro", "pilar", "piotr",
    "piotrek", "polly", "pooja", "priscila", "priya", "priyanka", "przemyslaw", "quentin", "rachel", "radek", "radu", "rafael",
    "rafaela", "raffaele", "raffaella", "rahul", "raimund", "raimundo", "rainer", "raj", "rajesh", "rakesh", "ralf", "ralph",
    "ramesh", "ramiro", "ramon", "raquel", "raul", "ravi", "raymond", "razvan", "rebecca", "rebekah", "rebekka", "reginald",
    "regine", "reinhard", "reinhold", "remi", "renata", "renate", "renato", "renaud", "rene", "reza", "rhonda", "rhys", "ricardo",
    "riccardo", "richard", "riikka", "rita", "robert", "roberta", "roberto", "rocio", "rodney", "rodolfo", "rodrigo", "roger",
    "roland", "rolf", "romain", "romy", "ron", "ronald", "rosa", "rosalia", "rosalie", "rosalind", "rosangela", "rosanna",
    "rosaria", "rosemary", "rosie", "roswitha", "roxana", "roxanne", "ruben", "rudiger", "rudolf", "ruediger", "rui", "rupert",
    "russell", "ruth", "ryan", "ryszard", "sabine", "sabrina", "sachin", "sakura", "sally", "salma", "salvadora", "salvatore",
    "samantha", "samir", "samira", "samuel", "samuele", "sandeep", "sandra", "sandrine", "sandro", "sanjay", "sanna", "sanne",
    "sara", "sarah", "saskia", "satoshi", "scott", "seamus", "sean", "sebastian", "sebastien", "selena", "selim", "seoyeon",
    "serge", "sergei", "sergey", "sergio", "seth", "severine", "shane", "shannon", "sharon", "sheila", "sheryl", "shirley",
    "shreya", "sidney", "siegfried", "siegmund", "sigrid", "silke", "silvana", "silvia", "silvio", "simao", "simon", "simona",
    "simone", "simonetta", "sinead", "siobhan", "sipho", "sjoerd", "slawomir", "sneha", "snezana", "sofia", "solveig", "sonia",
    "sonja", "sonya", "sophia", "sophie", "soren", "stacey", "stanislaus", "stanislaw", "stanley", "stavros", "stefan",
    "stefania", "stefanie", "stefano", "steffen", "stephan", "stephane", "stephanie", "stephen", "steve", "steven", "stuart",
    "sunghoon", "sunil", "sunita", "suresh", "susan", "susana", "susanna", "susannah", "susanne", "suzanne", "sven", "svetlana",
    "swati", "sybille", "sylvia", "sylvie", "sylwia", "szymon", "tabitha", "tadeusz", "takashi", "takeshi", "tamara", "tamsin",
    "tania", "tanja", "tanya", "tapio", "taras", "tariq", "tatiana", "tatiane", "tatjana", "teresa", "tereza", "terry", "teun",
    "thabo", "thais", "thanh", "theo", "theodor", "theodora", "theodore", "theresa", "therese", "thiago", "thibault", "thierry",
    "thijs", "thomas", "thorsten", "tiago", "tiffany", "tilman", "tim", "timo", "timothy", "tina", "tobias", "toby", "todd",
    "tom", "tomas", "tomasz", "tommaso", "tomoko", "tony", "torben", "torbjorn", "torsten", "tracy", "trang", "trevor", "tristan",
    "tunde", "tuomas", "tyler", "ugo", "ulf", "ulla", "ulrich", "ulrike", "umberto", "ursula", "urszula", "ute", "uwe",
    "valentina", "valeria", "valerie", "valerio", "vanda", "vanessa", "vasco", "vasili", "veerle", "vera", "verena", "veronica",
    "veronika", "veronique", "vicenta", "vicente", "victor", "vijay", "vikas", "vikram", "viktor", "viktoria", "vincent",
    "vincenzo", "vinod", "virginie", "vitor", "vittoria", "vittorio", "vivian", "vladimir", "vojtech", "volker", "waldemar",
    "walter", "waltraud", "wanda", "wanjiku", "wayne", "wei", "wendy", "wenjie", "werner", "wesley", "wieslaw", "wiktor",
    "wilfred", "wilfried", "wilhelm", "willem", "willi", "william", "wilma", "winfried", "winifred", "witold", "wladyslaw",
    "wojciech", "wolfgang", "wolfram", "wouter", "xavier", "xiaoming", "ximena", "yago", "yann", "yannick", "yannis", "yara",
    "yasemin", "yasmin", "yating", "yoko", "yolanda", "yousef", "youssef", "youssra", "yuki", "yuko", "yulia", "yulian", "yumi",
    "yuri", "yusuf", "yves", "yvette", "yvonne", "zachary", "zainab", "zanele", "zara", "zbigniew", "zdenek", "zdzislaw", "zehra",
    "zeynep", "zoe", "zofia", "zoltan", "zoran", "zsofia", "zsuzsanna", "zuzana", "zuzanna", "zygmunt",
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
