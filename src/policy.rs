//! Policies: sets of named rules that decide which blocks are removed.

mod conditions;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::error::PolicyError;
use crate::records::Keys;
use crate::repeats::{Evidence, Layers, Measures};

pub use rules::Rule;

/// The decision of a rule of your own about a copy, see [`Cleaner::rule`](crate::Cleaner::rule).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Decision {
    /// The copy is removed, and no further rule is tried. [`Cleaner::rule`](crate::Cleaner::rule)
    /// lists the cases in which it is kept all the same.
    Remove,
    /// The copy is kept, and no further rule is tried for its block. If the block has holes, [its
    /// parts](crate::Cleaner::rule) are decided on too, as blocks of their own.
    Keep,
}

/// A set of rules that decides which copies are removed.
///
/// A policy is plain data. Its string form is the name of a preset (`default`, `scraper`,
/// `transcript`, `pdf`, `keep-all` or `drop-all`), followed by the rules that are added and
/// removed, as in `default+menu-echo`, and by the threshold of similar copies, as in
/// `scraper+similar=0.8`. `Display` and `FromStr` use this form, and so does `serde` with the
/// feature of that name. In a string, a threshold outside the range from 0.1 to 1 is an error.
/// [`Cleaner::rule`](crate::Cleaner::rule) adds a rule of your own.
///
/// ```
/// use refrain::{Policy, Rule};
///
/// let policy = Policy::scraper().without(Rule::Menu);
/// assert_eq!(policy.to_string(), "scraper-menu");
/// assert_eq!("scraper-menu".parse(), Ok(policy));
/// ```
///
/// # Which policy for my text?
///
/// | text | policy | ordinary documents that it changes |
/// |---|---|---|
/// | of unknown origin, or a mixture | [`default`](Self::default) | 0.1 % |
/// | pages of the web, extracted by a scraper or a browser | [`scraper`](Self::scraper) | 0.6 % |
/// | speech recognition, subtitles, chats, output of language models | [`transcript`](Self::transcript) | 1.7 % |
/// | PDF files and OCR, no verse | [`pdf`](Self::pdf) | 0.1 % |
/// | feeds and pages with teasers, corrected or cut copies | any of these with [`similar(0.8)`](Self::similar) | 14 %, with `default` |
/// | lines as a set: words, addresses, URLs | [`drop_all`](Self::drop_all) | each with two equal lines |
/// | any, for a report only, or with rules of your own | [`keep_all`](Self::keep_all) | none |
///
/// The last column is the share of 4,860 documents with almost nothing to remove, among them
/// manuals, laws, source code, change logs and licenses, that the policy changes all the same.
/// Texts of the kind that a policy is for are changed more often.
///
/// # Rules
///
/// Most rules have one or two rows in the second table below. A row has *conditions* and *guards*,
/// which are kinds of text to keep: a copy is removed if all conditions of a row hold and none of
/// its guards applies. Cleaning begins inside long lines: loops of words are removed by [bounds of
/// their own](#loops-inside-a-line), and sentences by the rows of the table. After that, `overlap`
/// is tried once. The rest is done in rounds, each on the text that the round before left. A round
/// tries the rules for [double layers](#double-layers), and then decides on [tandem
/// repeats](crate::repeats::Tandem). Other [blocks](crate::repeats::Block) are decided on only in a
/// round that has removed nothing until then. In both cases the heaviest is first, and the rows are
/// tried from top to bottom for each. The rules `overlap` and [`partial`](#parts-of-lines) and the
/// rules for double layers have no row. The reason of a kept block is the guard that forbids its
/// removal or, if there is none, a condition that fails, in the row that comes closest to a
/// removal: [`BlockDecision::reason`](crate::edits::BlockDecision::reason) lists the reasons.
///
/// | policy | rules |
/// |---|---|
/// | [`default`](Self::default) | `document`, `body`, `echo`, `loop`, `layers`, `far`, `lead`, `partial` |
/// | [`scraper`](Self::scraper) | those of `default`, and `near`, `template`, `lone`, `menu`, `box` |
/// | [`transcript`](Self::transcript) | those of `default`, and `stutter`, `caption`, `overlap`, `overlay` |
/// | [`pdf`](Self::pdf) | those of `default`, and `overlay`, `headings` |
/// | [`keep_all`](Self::keep_all), [`drop_all`](Self::drop_all) | none |
///
#[doc = include_str!("policy/rules.md")]
///
/// A *line* is a segment, and shares are percentages. [`Block`](crate::repeats::Block) has the
/// measures that are numbers; prose, the last characters of lines, headings and the kinds of lines
/// are known to the built-in rules only. The rule `near` is about copies close to their originals
/// in the text, and is not related to near duplicates.
///
/// * *Weight* is the number of letters, combining marks and digits in the segments of one copy that
///   have a partner in the original; an ideograph, kana or Hangul syllable counts 3. Holes do not
///   count.
/// * *Share of the text* is the weight of one copy as a share of the text. Occurrences beyond the
///   second do not count as part of the text. For a block inside a long line, the text is that
///   line.
/// * *Coverage* is the weight of the segments that have a partner, as a share of the weight of the
///   copy with its holes; the condition must hold for the copy and for the original. With
///   [`similar`](Self::similar), a similar segment is a partner too.
/// * *Prose* is the share of the weight in lines that end a sentence or weigh 100 or more. In
///   *wrapped text*, which was broken at a fixed width, all lines count. At least five of its lines
///   end inside a sentence, and four in five of these have no room for the first word of the next
///   line: with it, they would be longer than the longest line. Half of those next lines begin with
///   a lowercase Latin, Greek or Cyrillic letter, below a line of 20 bytes or more that ends with a
///   letter, a digit or a comma. In one line of five, a sentence ends before the last word.
/// * *Lines that end with a letter or digit* are a share of the weight. A combining mark at the end
///   counts as a letter.
/// * *Occurs* compares two numbers: m is how often a line of the block occurs in the text, as
///   the *median* over its lines (the higher one of two middle values), and c is the number of
///   occurrences of the block itself: the count of a tandem repeat, and 2 for any other block.
///   *Occurs nowhere else* means m ≤ c, *occurs ≤ n times* means m ≤ n or m ≤ c, and *occurs ≥ n
///   times* means m ≥ n.
/// * *Uniformity* is the share of the weight in lines that occur exactly m times.
/// * *Distance* is the weight between the original and the copy, as a share of the weight of one
///   copy. [`Block::distance`](crate::repeats::Block::distance) is the weight itself.
/// * *Only labels* are between original and copy if the text between the two is one to three lines,
///   each of which weighs 75 or less and ends no sentence, such as a byline. The block must have no
///   holes, each of its lines must occur exactly twice, and the line above the original, if there
///   is one, must look like a title or a price: it weighs 20 or more and, in Latin, Greek and
///   Cyrillic script, has more than one word, or it weighs less and is a *record*, as defined
///   below. None of the lines between may resemble that line. Two lines resemble each other if they
///   are headings of one kind, if both are records, if their first words have digits and are equal
///   apart from them, or if for some n they have the same n-th word, of three letters or more.
///   *Prose follows* a copy if the next line weighs 100 or more, or weighs 45 or more and ends a
///   sentence.
/// * *Share of repeats* is the weight of all occurrences but the first of the lines of the block,
///   as a share of the weight of all lines of the text that equal an earlier line.
/// * The guards *headings of one kind* and *related headings* apply if at least one pair of
///   headings is of one kind, or related. *Headings* are the lines, up to three, directly before
///   the original and before the copy, compared pair by pair. Two unrelated lines *separate* the
///   lines above them from the block if neither ends a sentence and exactly one has a time, a date,
///   a number of five digits or more, or an address (`@`, `://` or `www.`), as with a byline and
///   the label of a button. Above them, only headings of one kind count. If a hole has segments in
///   the original and in the copy, the last segments of the two sides are also a pair, which counts
///   only if they are of one kind. If a block has at least two such holes, and at least half as
///   many of them as pairs of equal lines, it may be a list of labels with values. It then counts
///   as having headings of one kind if at least a third of the lines of the copy in these pairs
///   equal an earlier line of the copy. Lines of more than 512 bytes, lines of a weight above 90,
///   and pairs of lines that are equal but for punctuation at their ends, or for one sign such as
///   `+` or `▾` that only one of them has after a word, do not count. Neither do labels of the
///   plain-text part and the HTML part of one mail: two lines, one with `text/plain` and one with
///   `text/html`, whose beginnings before these words are equal except for digits, if the beginning
///   is `Content-Type:`, has digits but does not start with one, or has no letters; or two lines
///   that begin with `Content-Transfer-Encoding:`. Numbered lines count whatever their length is:
///   if the lines directly before original and copy differ, and both of them and the first line of
///   the block are *numbered*, as defined below, the headings are of one kind. If the lines
///   directly before original and copy are different sentences, as in two sections that begin with
///   sentences of their own, the headings are also of one kind if each sentence is below a title,
///   the block begins with a line that ends a sentence, and neither sentence is the end of the
///   other one. A title here is a line that ends no sentence, occurs once and has a weight from 1
///   to 75. The lines *after* original and copy are compared too, and in three cases the headings
///   count as related because of these lines. First, if the lines directly after are equal except
///   for digits, and differ in a time, a date or a number of five digits or more. Second, if one of
///   the three lines after the original, and the line at the same place after the copy, are equal
///   except for digits and have four letters or more, unless they differ in one number only, and by
///   one, as page numbers do. Third, if the lines directly after are different sentences that occur
///   once, the block begins with a line that ends a sentence, and the lines between original and
///   copy may be the end of one section and the heading of the next: two or more lines, without
///   three in a row that end no sentence among the eight after the original and the eight before
///   the copy. A *time* is a number of one or two digits, `:`, and a number of two digits. A *date*
///   is three numbers with the same sign between them, `:`, `-`, `/` or `.`, of which the first has
///   at most four digits.
/// * Two headings are *of one kind* if both end with a question mark or colon, if both begin with a
///   bullet or are *numbered* (they begin with a number or letter and a full stop or bracket after
///   it, with a letter or a number of at most five characters in brackets, or with a number after a
///   Chinese or Japanese prefix such as 第 and 問), or if both are sentences that begin with the same
///   name of at most three words and a colon. If neither ends a sentence, they are also of one kind
///   if they are equal except for digits, or if they have the same signs before the first word, the
///   same first word or the same last word. A first or last word of two or three letters counts
///   only in lines of at most three words, and a word of one letter does not count. In a script
///   without spaces, two equal characters at the start or end take the place of a word. If one of
///   the lines is a number and a word, as in `4 Comments`, and the other has more words or fewer,
///   words are not compared from the end. Two sentences are of one kind if they are equal except
///   for digits, and have no time, date, number of five digits or more, or address.
/// * Two headings are *related* if they are of one kind, or if neither ends a sentence and they
///   have the same first or last word, of two or three letters. They are also related if they have
///   the same word of four letters or more at the same place, counted from the start or from the
///   end, or if each is a single word (of at most 20 characters, unless all of them are Latin,
///   Greek or Cyrillic); but not if both end a sentence, or if one ends a sentence and weighs more
///   than 60.
/// * A *quotation* is a copy that a line with a colon at its end introduces, if no such line is
///   before the original.
/// * A *record* is a line of fewer than 500 characters that has a time, a date, columns, or a
///   number of five digits or more; or of whose letters and digits at least a third are digits; or
///   that has eight letters or more, of which fewer than four are different. In a line of 120
///   characters or more, a time, date or number counts only in the first 16 bytes. *Columns* are
///   two or more tabs, bars or gaps of three spaces. The guard *records* applies to a block if at
///   least half of its lines are records, and these have at least a third of the weight. Their
///   *numbers ascend* if the digits among the first 24 characters of the last record, joined to one
///   number of at most 18 digits, are a greater number than those of the first record.
/// * A block is *code* if lines with at least 40 % of its weight look like code: they have many
///   brackets and operators, a word directly before an opening bracket, a brace or semicolon at the
///   end, or the sign of a comment or `$` and a space at the start. *Verse* is any block that is
///   not wrapped text and has no line of weight 45 or more. A *list* has a bullet or number at the
///   start of at least half of its lines.
///
/// To save time, a block with less than about 10 % of the text is skipped if it is lighter than the
/// *weight* of every row that could remove it. A skipped block is not listed in
/// [`Edits::decisions`](crate::edits::Edits::decisions). Rows with a *share of the text* do not
/// count here. The rows of `lead` count only if a block may have only labels between original and
/// copy, and then require their *share of repeats* too. For a tandem repeat, the weight of all
/// units is compared with the weight of the row times its count, or times 2 if the row has no
/// count. No block is skipped for its weight with [`keep_all`](Self::keep_all), with
/// [`drop_all`](Self::drop_all), with a [rule of your own](crate::Cleaner::rule), or if each row
/// for its kind of block has a *share of the text*. Loops inside a line, double layers, overlaps
/// and similar copies have minima of their own, which are stated below.
///
/// # Double layers
///
/// The rule `layers` is for text that was extracted from a PDF file with two layers of text, so
/// that each line occurs twice in a row. The rule has no row in the table because it decides on a
/// stretch of text. A unit of up to three segments that occurs two or more times in direct
/// succession is *doubled in place*, unless at least half of its lines are records, or it is code.
/// A *stretch* is a sequence of doubled units and their copies in which at most two other segments
/// separate one unit from the next. In addition, all doubled units of the text are examined
/// together, as if they were one stretch. *All repetition* is the weight of all segments of the
/// text that equal an earlier one.
///
/// The copies of a stretch are removed in two cases:
///
/// * The units, without their copies, have at least six segments and a weight of 150; units and
///   copies have 85 % of the weight from the first unit to the last copy; and the copies have 60 %
///   of the weight of all repetition.
/// * There are at least three units, their mean weight is 60 or more, and the copies have 80 % of
///   the weight of all repetition.
///
/// If no line of the units has a weight of 45 or more, the copies are kept, because the text may be
/// a song in which each line is sung twice. The rule `overlay`, of [`pdf`](Self::pdf) and
/// [`transcript`](Self::transcript), is the same without this guard; captions that roll up show
/// each line twice too.
///
/// The rule `headings`, of [`pdf`](Self::pdf), removes the copies of a stretch with four units or
/// more if no line of them has a weight of more than 80, and the copies have 80 % of the weight of
/// all repetition.
///
/// # Parts of lines
///
/// The rule `partial` is for a copy that was cut off inside a line: by a limit of length, or
/// because a language model stopped. At the end of a round on lines, the line directly after a
/// removed copy is removed too if it is only the beginning of the line after the original, byte by
/// byte, in two cases:
///
/// * It stops inside a word of Latin, Greek or Cyrillic letters, more than the rest of that word is
///   missing, and the line has a weight of 16 or more. If only the rest of one word is missing,
///   that may be the ending of a plural.
/// * It ends with a letter or digit, the line after the original ends a sentence, and the line has
///   a weight of 40 or more. A shorter line may be a heading with which the sentence begins.
///
/// Inside a line of 300 bytes or more (60 with `stutter`), the same holds for sentences. The
/// sentence directly before a removed copy is also removed there if it is only the end of the
/// sentence before the original, begins with a whole word, and has a weight of 16 or more: in a
/// page that is one line, a menu and the first sentence of the original are one sentence. The
/// original of the removal is the part that equals the copy. The rule has no row in the table. It
/// does not apply in a round that removes copies with [other line breaks](#other-line-breaks), to
/// lines that have lost a part, to segments that are sentences or words, or with
/// [`Options::min_segments`](crate::Options::min_segments) above 1.
///
/// If a tandem repeat of four units or more ends with whole segments of one more unit, these are
/// removed with the copies by any rule of the policy; with fewer units, only by `loop` and
/// `stutter`.
///
/// # Overlaps
///
/// The rule `overlap`, of [`transcript`](Self::transcript), is for speech that was recognized in
/// chunks of time that overlap. If the end of a line is the beginning of the next line, the
/// beginning of the next line is removed, with the signs after it. The overlap must have at least
/// four words and a weight of 20, and at most 66 % of the weight of the first line, and the next
/// line must have further words. Punctuation is not compared. Lines of code, and lines with a blank
/// line between them, are left alone. The rule has no row in the table, and applies with
/// [`Segmentation::Auto`](crate::Segmentation::Auto) only.
///
/// # Similar copies
///
/// With [`similar`](Self::similar), segments that are not equal are compared too, after the rules:
///
/// * If the [similarity](crate::Document::similar_segments) of two segments of weight 60 or more is
///   at least the threshold, the one with the lower weight is removed with the reason `similar`; if
///   the weights are equal, the later one. Typical differences are an edit, a footnote mark or a
///   mistake of OCR.
/// * A segment of weight 40 or more is removed with the reason `contained` if a later segment
///   begins with its words: a teaser. A closing ellipsis or `Read more` is not compared, and the
///   last word may be cut in half if the ellipsis follows it directly.
///
/// The removal names the segment that is kept, which may be later in the text. Copies that equal a
/// removed segment are removed too. Segments inside long lines are not compared.
///
/// Shingles have three words here, so a change of one word in the middle of a segment changes three
/// of them. Such a pair is found, with a probability of more than 99.9 %, if the segments have at
/// least this many words:
///
/// | threshold | 0.5 | 0.6 | 0.7 | 0.8 | 0.9 |
/// |---|---|---|---|---|---|
/// | words | 11 | 14 | 19 | 29 | 59 |
///
/// # Loops inside a line
///
/// With [`Segmentation::Auto`](crate::Segmentation::Auto), the rule `loop` also decides on a word
/// or phrase that is repeated in direct succession inside a line of 300 bytes or more: a unit of
/// weight 30 or more that occurs at least 4 times, or a unit of weight 6 or more that occurs at
/// least 10 times. If the policy also has `stutter`, as [`transcript`](Self::transcript) has,
/// `loop` searches lines of 60 bytes or more, with other minima in place of these: a unit of weight
/// 40 or more that occurs at least 2 times, of 20 and 3 times, or of 6 and 6 times. The unit has
/// four different letters or more and no digit, and at most a third of its characters are neither
/// letters nor spaces. Units are compared character by character, because many scripts have no
/// spaces. The copies that are removed may differ from the unit that is kept in case and in
/// combining marks, such as accents. If the line ends with a part of one more unit, the part is
/// removed too. A unit lighter than [`Options::min_weight`](crate::Options::min_weight) is kept,
/// and with [`Options::min_segments`](crate::Options::min_segments) above 1 all loops inside lines
/// are kept.
///
/// A long line may consist of copies of one text of 150 bytes or more, with at most one space
/// between two. If their number is even or a multiple of three, the line is split between the
/// copies, even where no sentence ends, and the rows of the table decide on them. To save time, all
/// other long lines must pass a quick test, which estimates how many of their bytes repeat earlier
/// bytes of the same line. If the estimate is below the size of the smallest copies that the policy
/// removes (about 85 bytes with the default policy, 40 with [`scraper`](Self::scraper)), nothing
/// inside the line is removed. So a loop that fulfills the minima above may still be kept if its
/// copies have fewer bytes than that in total, such as a word of six letters ten times, or if it is
/// a part of one sentence that is shorter than 480 bytes and shorter than half of the line. A line
/// is searched all the same if the form is not [`Normalization::TEXT`](crate::Normalization::TEXT),
/// or if the policy has `stutter` and a second test finds that the line may have a short loop.
/// `DESIGN.md`, *Long lines*, describes the tests.
///
/// # Other line breaks
///
/// With [`Segmentation::Auto`](crate::Segmentation::Auto) and any form but
/// [`RAW`](crate::Normalization::RAW), a copy may have other line breaks than its original: a body
/// that is wrapped at another width, or printed in one line. Lines that together equal other lines
/// are then compared, weighed and removed as one segment. A line break equals a space. Beside a
/// character of a script without spaces between words, and after a hyphen, it also equals the empty
/// string. A hyphen between two letters that are split by a line break may itself be left out of
/// the comparison, because it may not be a part of the word. The rows of the table decide on these
/// copies as on others, but each copy must be at least 10 % of the text. This keeps the rendered
/// form of a passage of markup whose source is shown in the same text. A copy of weight 300 or more
/// fulfills each condition on the number of segments, because a paragraph is one segment then. The
/// guard *quotation* is a guard of every row here. The rules for double layers do not remove such
/// copies.
///
/// Such a copy begins at the start of a line, as its original does, and ends at the end of a line.
/// A copy does not begin or end inside a sentence, that is, before a line that begins with a
/// lowercase letter and continues the line above it. On the side with more lines, at least half of
/// the lines that do not end the copy have 20 bytes or more. To save time, such copies are searched
/// for only if one line has at least a quarter of the text, or if at least three of six neighboring
/// lines seem to continue a sentence: they begin with a lowercase letter or with a letter that is
/// not ASCII, and the line above has 20 bytes or more and ends with a letter, a digit, a comma or a
/// hyphen. In both cases, the search goes on only if some line begins with another whole line,
/// followed by the beginning of the line below that one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Policy {
    base: Base,
    rules: u32,
    /// The threshold of similar segments in hundredths, or 0 if none is removed.
    similar: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Base {
    Default,
    Scraper,
    Transcript,
    Pdf,
    KeepAll,
    DropAll,
}

impl Base {
    const ALL: [Self; 6] =
        [Self::Default, Self::Scraper, Self::Transcript, Self::Pdf, Self::KeepAll, Self::DropAll];

    const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Scraper => "scraper",
            Self::Transcript => "transcript",
            Self::Pdf => "pdf",
            Self::KeepAll => "keep-all",
            Self::DropAll => "drop-all",
        }
    }

    fn rules(self) -> u32 {
        match self {
            Self::Default => rules::bits(&rules::DEFAULT),
            Self::Scraper => rules::bits(&rules::DEFAULT) | rules::bits(&rules::SCRAPER),
            Self::Transcript => rules::bits(&rules::DEFAULT) | rules::bits(&rules::TRANSCRIPT),
            Self::Pdf => rules::bits(&rules::DEFAULT) | rules::bits(&rules::PDF),
            Self::KeepAll | Self::DropAll => 0,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::of(Base::Default)
    }
}

impl Policy {
    fn of(base: Base) -> Self {
        Self { base, rules: base.rules(), similar: 0 }
    }

    /// Returns the policy for text of web pages: the default policy, and rules for short blocks,
    /// boxes, menus and the captions of pictures. (The rule `caption` is for subtitles, and this
    /// policy does not have it.) Leading list marks are not compared, see [`keys`](Self::keys).
    pub fn scraper() -> Self {
        Self::of(Base::Scraper)
    }

    /// Returns the policy for speech, subtitles, chats and the output of models: the default
    /// policy, and rules for short units that occur three times or more in direct succession, for a
    /// unit of weight 40 or more directly after an equal one, for lines of any length if nearly all
    /// lines are doubled, and for lines that begin with the end of the line before. Leading times
    /// and numbers are not compared, see [`keys`](Self::keys).
    ///
    /// A log in which equal messages follow each other at different times loses messages under this
    /// policy, and a song may lose lines that are sung three times in a row, and a part of weight
    /// 40 or more that is sung twice in a row. A song in which each line is sung twice loses every
    /// second line, whatever its weight.
    pub fn transcript() -> Self {
        Self::of(Base::Transcript)
    }

    /// Returns the policy for text of PDF files and OCR: the default policy, and rules for double
    /// layers of lines of any length and for headings that are doubled in place.
    ///
    /// Verse is not safe under this policy: a song in which each line is sung twice loses every
    /// second line. Running heads and page numbers are not removed, because no rule of this policy
    /// removes a short line far from its original, unless the line is part of a large copy. To
    /// remove them, insert the [pages](crate::records::pages) into an
    /// [`Index`](crate::index::Index), and cut its [boilerplate](crate::index::Index::boilerplate)
    /// from all pages but the first.
    pub fn pdf() -> Self {
        Self::of(Base::Pdf)
    }

    /// Returns the kinds of leading text that a [`Cleaner`](crate::Cleaner) with this policy does
    /// not compare, unless its options [set keys](crate::Options::keys): times and numbers for
    /// [`transcript`](Self::transcript), list marks for [`scraper`](Self::scraper), and none for
    /// the others.
    pub fn keys(self) -> Keys {
        match self.base {
            Base::Transcript => Keys::NONE.times().counters(),
            Base::Scraper => Keys::NONE.bullets(),
            Base::Default | Base::Pdf | Base::KeepAll | Base::DropAll => Keys::NONE,
        }
    }

    /// Returns the policy that removes nothing, for reports and for rules of your own.
    ///
    /// Blocks are listed as kept, whatever their weight, except those below the minima of
    /// [`Options`](crate::Options). The inside of a short line is not searched, and copies with
    /// [other line breaks](Self#other-line-breaks) are listed only if they are found and all of
    /// them together are at least 10 % of the text.
    pub fn keep_all() -> Self {
        Self::of(Base::KeepAll)
    }

    /// Returns the policy that removes every segment that equals an earlier one, refrains included.
    ///
    /// No rule is tried, so [`with`](Self::with), [`without`](Self::without) and rules of your own
    /// have no effect, and the inside of long lines is not searched.
    pub fn drop_all() -> Self {
        Self::of(Base::DropAll)
    }

    /// Returns this policy with `rule` added.
    #[must_use]
    pub fn with(self, rule: Rule) -> Self {
        Self { rules: self.rules | rules::bits(&[rule]), ..self }
    }

    /// Returns this policy without `rule`.
    #[must_use]
    pub fn without(self, rule: Rule) -> Self {
        Self { rules: self.rules & !rules::bits(&[rule]), ..self }
    }

    /// Returns this policy with the removal of [similar copies](Self#similar-copies): of two
    /// segments of weight 60 or more whose similarity is at least `threshold`, the one with the
    /// lower weight is removed, or the later one if the weights are equal. Whatever the threshold
    /// is, a segment of weight 40 or more whose words are the beginning of a later, longer one is
    /// removed too.
    ///
    /// The threshold is rounded to hundredths. Values outside the range from 0.1 to 1 count as the
    /// nearest value in it, and NaN counts as 1.
    ///
    /// ```
    /// use refrain::{Cleaner, Policy};
    ///
    /// let page = "\
    /// The county has bought the disused brickworks at Ashen Hill and wants it \u{2026}
    /// The county has bought the disused brickworks at Ashen Hill and wants it as a depot.
    /// Work begins in autumn.
    /// ";
    /// let edits = Cleaner::new().policy(Policy::default().similar(0.8)).edits(page);
    /// let teaser = edits.iter().next().expect("the teaser is removed");
    /// assert_eq!(teaser.reason(), "contained");
    /// assert_eq!(&page[teaser.original()], page.lines().nth(1).unwrap_or_default());
    /// ```
    #[must_use]
    pub fn similar(self, threshold: f64) -> Self {
        let threshold = if threshold.is_nan() { 1.0 } else { threshold.clamp(0.1, 1.0) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is at most 100")]
        let similar = (threshold * 100.0).round() as u8;
        Self { similar, ..self }
    }

    /// Returns the threshold from which similar segments are removed, if they are.
    pub(crate) fn least_similarity(self) -> Option<f64> {
        (self.similar > 0).then(|| f64::from(self.similar) / 100.0)
    }

    /// Returns whether `rule` is in the policy.
    pub fn contains(self, rule: Rule) -> bool {
        self.rules & rules::bits(&[rule]) != 0
    }

    /// Returns an iterator over the rules of the policy, in the order of [`Rule::ALL`].
    pub fn rules(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| self.contains(*rule))
    }

    /// Returns whether every copy is removed without asking a rule.
    pub(crate) fn is_drop_all(self) -> bool {
        self.base == Base::DropAll
    }

    /// Returns whether a block with these measures is removed, and the reason: the name of the
    /// rule, or the condition or guard that keeps the block.
    pub(crate) fn decide(self, measures: &Measures, evidence: &mut dyn Evidence) -> (bool, &'static str) {
        rules::decide(self.rules, measures, evidence)
    }

    /// Returns the minimum weight of a block, or of a tandem repeat with all of its copies, that
    /// some rule may remove. `text` is a lower bound of the weight of the text without occurrences
    /// beyond the second. `repeated` is the weight of the segments that equal an earlier one, or
    /// `None` if no block has only labels between its original and its copy.
    pub(crate) fn least_weight(self, is_tandem: bool, text: u64, repeated: Option<u64>) -> u64 {
        let least = rules::least_weight(self.rules, is_tandem, repeated);
        least.min(text.saturating_mul(rules::MUCH) / 100)
    }

    /// Returns the minimum weight of the copies, without the original, that some rule may remove
    /// from a line.
    pub(crate) fn least_repetition(self) -> usize {
        usize::try_from(rules::least_repetition(self.rules)).unwrap_or(usize::MAX)
    }

    /// Returns the limits of loops inside lines.
    pub(crate) fn loops_inside(self) -> &'static LoopLimits {
        if self.contains(Rule::Stutter) { &LoopLimits::TRANSCRIPT } else { &LoopLimits::DEFAULT }
    }

    /// Returns the rule by which units that are doubled in place are removed.
    pub(crate) fn double_layer(self, layers: &Layers) -> Option<Rule> {
        rules::double_layer(self.rules, layers)
    }

    /// Returns whether this number of units that are doubled in place, of this weight together, may
    /// be a second layer.
    pub(crate) fn may_be_double_layer(self, runs: usize, weight: u64) -> bool {
        rules::may_be_double_layer(self.rules, runs, weight)
    }

    pub(crate) fn reason_of_no_rule(self) -> &'static str {
        rules::reason_of_no_rule(self.rules)
    }

    /// Returns the weight of the text from which a block lighter than `weight` is less than 10 % of
    /// the text, and needs no decision.
    pub(crate) fn least_text(weight: u64) -> u64 {
        (weight * 100).div_ceil(rules::MUCH)
    }
}

/// The limits of loops inside a line.
#[derive(Debug)]
pub(crate) struct LoopLimits {
    /// The length in bytes from which the inside of a line is cleaned.
    pub(crate) line: usize,
    /// The minimum weight of a unit and the minimum count.
    pub(crate) units: &'static [(u64, u32)],
}

impl LoopLimits {
    /// Four times a phrase, ten times a word: lighter units are laughter, counting and tables, and
    /// authors who repeat a word for effect stop before the tenth time.
    const DEFAULT: Self = Self { line: 300, units: &[(30, 4), (6, 10)] };

    /// Twice a long phrase, as where two chunks of speech overlap; three times a phrase, six times
    /// a word, in any line that is longer than these are.
    const TRANSCRIPT: Self = Self { line: 60, units: &[(40, 2), (20, 3), (6, 6)] };
}

/// Returns the threshold of similar segments with this string form.
fn threshold_of(text: &str) -> Result<f64, PolicyError> {
    let threshold = text.parse().ok().filter(|threshold| (0.1..=1.0).contains(threshold));
    threshold.ok_or_else(|| PolicyError::Threshold { found: text.to_owned() })
}

/// Writes the preset, then the rules that were added and removed, and the threshold of similar
/// segments: `default+menu-echo+similar=0.8`.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.name())?;
        let base = self.base.rules();
        for rule in Rule::ALL {
            let bit = rules::bits(&[rule]);
            match (base & bit != 0, self.rules & bit != 0) {
                (false, true) => write!(f, "+{rule}")?,
                (true, false) => write!(f, "-{rule}")?,
                _ => {}
            }
        }
        self.least_similarity().map_or(Ok(()), |threshold| write!(f, "+{SIMILAR}{threshold}"))
    }
}

/// The characters before the threshold of similar segments in the string form.
const SIMILAR: &str = "similar=";

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        // The names of presets may contain a hyphen.
        let base = Base::ALL.into_iter().find_map(|base| {
            let rest = text.strip_prefix(base.name())?;
            (rest.is_empty() || rest.starts_with(['+', '-'])).then_some((base, rest))
        });
        let Some((base, mut rest)) = base else {
            return Err(PolicyError::UnknownPolicy { name: text.to_owned() });
        };
        let mut policy = Self::of(base);
        while let Some(sign) = rest.chars().next() {
            let end = rest[1..].find(['+', '-']).map_or(rest.len(), |end| end + 1);
            let name = &rest[1..end];
            policy = match name.strip_prefix(SIMILAR).filter(|_| sign == '+') {
                Some(threshold) => policy.similar(threshold_of(threshold)?),
                None if sign == '+' => policy.with(name.parse()?),
                None => policy.without(name.parse()?),
            };
            rest = &rest[end..];
        }
        Ok(policy)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Policy {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Policy {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
