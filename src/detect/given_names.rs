//! Given names that name people and little else: with a capitalised word behind one of them, that is a person's full name.
//!
//! Names that are places or words of programs as well (`Virginia`, `Grace period`, `Mark read`) are left out, so that what has
//! one of these in front needs nothing around it to be known.

use super::vocabulary::Vocabulary;

/// Common in one country or another, by the lists of first names that registry offices publish (US SSA, ONS, INSEE, INE, ISTAT,
/// GfdS, IBGE, Statistics Poland and kin), without those that are words.
static GIVEN: Vocabulary = Vocabulary::new(
    "aaron abigail abdul abdullah adriana agnieszka agnes ahmed ahmad aisha aidan aiden akira alain albert alberto alejandra \
    alejandro aleksandra aleksandr alessandra alessandro alexandra alexander alexandre alexei alexey alfonso alfredo alice \
    alicia alina alisha alison amanda amelia amina amir amit amy ana anastasia anders andrea andreas andrei andres andrew \
    andrey andrzej angela angelika angelina anil anita anja anjali ann anna annabel anne anneke annette annika antoine anton \
    antonella antonia antonio antonin anya aoife ariana arjun arnaud arthur arturo arun asha ashley asif astrid aurelie \
    ayesha ayse babak barbara bartosz beata beatrice beatriz benedikt benjamin bernadette bernard bernd bernhard bettina \
    bianca bjorn bogdan boris brandon brenda brendan brian bridget brigitte bruno caitlin camila camille carla carlos \
    carmen caroline catarina catherine cecilia cecile celine charles charlotte chiara chloe christian christiane \
    christina christine christoph christophe christopher ciara claire clara claudia claudio clement colette colin cristian \
    cristiano cristina cynthia dagmar daniel daniela daniele danielle daria dario darren david deborah deepak denise derek \
    diane diego dieter dimitri dimitris dirk dmitri dmitriy dmitry dominik dominique donald donna dorota dorothea dorothy \
    eduardo edward edwin eileen ekaterina elena eleanor elif elisa elisabeth elise elizabeth ella ellen elodie emilia \
    emilie emily emma emmanuel enrico enrique erik erika ernesto esteban esther eugenia eva evelyn ewa fabian fabio fabrice \
    farah fatima federica federico felipe felix ferdinand fernanda fernando filip fiona florian francesca francesco \
    francine francisco francois frank franz franziska frederic frederik fredrik friedrich gabriel gabriela gabriele \
    gareth gary geoffrey george gerard gerhard giacomo gianluca gillian giorgio giovanna giovanni giulia giuseppe \
    gloria gonzalo graham gregory greta guillaume guillermo gunter gustav gustavo halina hamza hanna hannah hans harald \
    harold harriet harry hasan hassan heather hector heidi heike heinrich heinz helen helena helene helga helmut hendrik \
    henrik henry herbert hermann hiroshi holger hussein ian ibrahim ines inga inge ingrid irena irene irina isaac \
    isabel isabella ivan ivana jaime jakub james jamie jan jana jane janet janine jaroslav jason javier jean \
    jeffrey jelena jennifer jens jeremy jerome jessica jesus jill jim jimmy jiri joachim joan joanna joanne joao joaquin jochen johan \
    johann johanna johannes john jonas jonathan jorge jose josef josefina joseph josephine joshua juan juana judith \
    julia julian juliana julie julien juliette jurgen justyna kamal kamil karen karim karin karl karolina katarina \
    katarzyna kate katharina katherine kathleen kathryn katie katja kavita keiko keith kenji kenneth kerstin kevin khalid \
    kimberly kirsten kjell klaus klara konstantin kristian kristen kristina kristine kristof krzysztof kumar kwame lars laszlo \
    laura lauren laurent laurence lea leah leila lena leonardo leonie leticia liam linda lisa lorenzo louis louise luca \
    lucas lucia lucie lucy luis luisa lukas lukasz lydia maciej madeleine magdalena mahmoud maja malgorzata manfred manoj \
    manuel manuela marc marcel marcela marcelo marcin marco marcos marek margaret margarita margot maria mariana marianne \
    marie marija mario marion marisol marko markus marlene marta martha martin martina martine mary mateusz mathias \
    mathieu mathilde matteo matthew matthias matthieu maurice mauricio mauro maxime maximilian mehmet melanie melissa \
    mercedes michael michaela michal michel michele michelle miguel mihai mikael mikhail milena miriam mohamed mohammad \
    mohammed monica monika monique mustafa nadia nadine nancy natalia natalie natasha nathalie nathan nathaniel neha nicholas \
    nicola nicolas nicole niels nikhil nikita nikola nikolai nikolaos nina noah noemi nora norbert nuria oksana olaf ole oleg \
    olena olga oliver olivia olivier omar oscar oskar osman otto pablo pamela paola paolo patricia patrick patrik paul paula \
    paulo pavel pawel pedro peter petra philip philipp philippe pia pierre pietro piotr priya przemyslaw rachel radek rafael rahul \
    rainer raj rajesh ralf ralph ramon raquel raul ravi rebecca renata renate rene ricardo riccardo richard rita robert roberta \
    roberto rodrigo roger roland rolf ronald rosa rosemary roxana ruben rudolf russell ruth ryan sabine sabrina salma \
    samantha samir samuel sandeep sandra sanjay sara sarah saskia satoshi sebastian sergei sergey sergio shannon \
    sharon sheila shreya siegfried sigrid silke silvia simon simona simone siobhan slawomir sofia sonia sophia sophie \
    soren stefan stefania stefano steffen stephan stephane stephanie stephen steven suresh susan susana susanna susanne suzanne \
    svetlana swati sven sylvia sylvie szymon takashi tamara tanja tanya tatiana teresa tereza theresa therese thierry thomas \
    thorsten tiago tiffany timothy tobias tomas tomasz torsten tracy tristan tuomas ulrich ulrike ursula uwe valentina \
    valeria valerie vanessa vasili vera veronica veronika veronique victor vijay viktor viktoria vikram vincent vincenzo \
    vinod virginie vivian vladimir vojtech volker walter wanda wei werner wiktor wilhelm william wolfgang xavier yasmin \
    yolanda youssef yuki yuri yusuf yvette yvonne zainab zbigniew zdenek zofia zoe zuzana",
);

/// Words behind a given name that make it the name of something else.
static THINGS: Vocabulary = Vocabulary::new(
    "airport api app bank bot bridge building cluster college company corp foundation gmbh group hospital hotel inc institute \
    lab labs library ltd museum office park plaza project river school server service services software solutions square \
    station street systems team tower trust university language runtime kernel test tests suite spec beach bay river island",
);

/// How many bytes at the start of `text` are a given name and one to three capitalised words behind it: `Jo Fakename`, with
/// particles between (`van der`); 0 if none are, or digits and marks go on behind them.
pub fn full_name(text: &[u8]) -> usize {
    let first = word(text);
    if !is_capitalised(&text[..first]) || !GIVEN.has(text[..first].split(|b| *b == b'-').next().unwrap_or_default()) {
        return 0;
    }
    let (mut end, mut names) = (first, 0);
    while names < 3 && text.get(end) == Some(&b' ') {
        let next = &text[end + 1..];
        let length = word(next);
        if PARTICLES.has(&next[..length]) && next.get(length) == Some(&b' ') {
            let last = word(&next[length + 1..]);
            if !is_capitalised(&next[length + 1..][..last]) && !PARTICLES.has(&next[length + 1..][..last]) {
                break;
            }
            end += 1 + length;
            continue;
        }
        if !is_capitalised(&next[..length]) {
            break;
        }
        if THINGS.has(&next[..length]) {
            return 0;
        }
        end += 1 + length;
        names += 1;
    }
    let more = text.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || b"_/@:=".contains(b));
    if names == 0 || more { 0 } else { end }
}

static PARTICLES: Vocabulary = Vocabulary::new("van von de da do dos del der den di la le ten al el bin");

/// The letters of a name at the start of `text`.
fn word(text: &[u8]) -> usize {
    text.iter().take(32).take_while(|b| b.is_ascii_alphabetic() || **b >= 0x80 || **b == b'-' || **b == b'\'').count()
}

/// A capital and a small letter.
fn is_capitalised(word: &[u8]) -> bool {
    matches!(word, [b'A'..=b'Z', b'a'..=b'z' | b'\'' | 0x80.., ..] | [0xC3, 0x80..=0x9E, ..])
        || matches!(word, [b'A'..=b'Z', b'A'..=b'Z', b'a'..=b'z', ..])
}

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
            ("Anna", ""),
            ("anna fakename", ""),
            ("Production Cluster", ""),
            ("Anna Server", ""),
            ("Anna Fakename1", ""),
            ("Grace Period", ""),
            ("Oliver 7", ""),
            ("Peter van", ""),
            ("", ""),
        ] {
            assert_eq!(&text[..full_name(text.as_bytes())], name, "{text}");
        }
    }
}
