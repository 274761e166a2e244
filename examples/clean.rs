//! Prints a text without the repetition that a policy removes, or the decisions with their reasons.
//!
//! ```sh
//! cargo run --release --example clean -- [OPTIONS] [FILE | -]
//! ```
//!
//! Without a file the program cleans the article that the tests use. `-` is standard input.
//! `--help` lists the options. The exit status is 2 if the options or the text cannot be read.

use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::process::ExitCode;

use refrain::edits::BlockDecision;
use refrain::records::Leading;
use refrain::repeats::Hole;
use refrain::report::Report;
use refrain::{Cleaner, Document, Normalization, Options, Policy, Rule, Segmentation};
use serde_json::{Value, json};

const ARTICLE: &str = include_str!("../tests/fixtures/article.txt");
const USAGE: &str = "usage: clean [OPTIONS] [FILE | -]; --help lists the options";
const HELP: &str = "\
Prints a text without the repetition that a policy removes.

usage: clean [OPTIONS] [FILE | -]

  FILE                 the text to clean, in UTF-8; `-` is standard input. Without it, a
                       bundled article is cleaned
  --policy NAME        which copies are removed: `default`, only repetition that software
                       produces; `scraper`, also menus, boxes and captions of web pages;
                       `transcript`, also loops from three copies on, lines that differ in
                       their time, double layers of short lines, and overlaps of neighboring
                       lines; `pdf`, also double layers even if all lines are short, and
                       headings directly followed by their copies; `keep-all`, none;
                       `drop-all`, every segment that equals an earlier one
  --with RULE          adds a rule to the policy; may be given several times
  --without RULE       takes a rule out of the policy; may be given several times. The rules:
                       RULES
  --similar T          of two segments whose similarity is T or more, from 0.1 to 1, also
                       removes the one with fewer letters and digits; and removes segments
                       whose words are the beginning of a later, longer one
  --granularity NAME   what is compared: `lines`; `paragraphs`, between blank lines;
                       `sentences` or `words`, which need the feature uax29; `auto`, the
                       default: lines, and the sentences inside lines of 300 bytes or more
  --fold NAMES         differences that are ignored, with commas between them: `digits`,
                       `diacritics`, `punctuation`, `arabic` (spellings of Arabic words),
                       `references` (such as `&amp;`)
  --skip-leading NAMES beginnings of lines that are not compared, with commas between them:
                       `times`, `counters`, `bullets`, `quotes`; or `none`. The default is
                       `times,counters` for the policy `transcript`, `bullets` for `scraper`,
                       and `none` for the others
  --min-weight N       leaves a block alone if each of its segments has fewer than N letters,
                       combining marks and digits (an ideograph counts 3); 0 by default
  --report             prints, in place of the text, a JSON object on a line for each block
                       that was removed or kept: the bytes of `original` and `copy`, the
                       number of `segments`, `holes`, `removed` and `reason`
  --html FILE          also writes a report as a page to FILE
  --help               prints this text
";

/// The command line.
#[derive(Default)]
struct Arguments {
    help: bool,
    report: bool,
    policy: Policy,
    options: Options,
    leading: Option<Leading>,
    html: Option<String>,
    source: Option<String>,
}

fn main() -> ExitCode {
    let text = match arguments().and_then(|arguments| output(&arguments)) {
        Ok(text) => text,
        Err(message) => {
            eprintln!("clean: {message}");
            return ExitCode::from(2);
        }
    };
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // The reader of a pipe may close it early.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("clean: standard output: {error}");
            ExitCode::FAILURE
        }
        Ok(()) => ExitCode::SUCCESS,
    }
}

fn arguments() -> Result<Arguments, String> {
    let mut given = Arguments::default();
    // The policy may be named after the rules that change it.
    let mut rules: Vec<(bool, Rule)> = Vec::new();
    let mut similar = None;
    let mut arguments = std::env::args_os().skip(1).map(|argument| {
        let error = |name: OsString| {
            format!("expected an argument in UTF-8, found `{}`; {USAGE}", name.to_string_lossy())
        };
        argument.into_string().map_err(error)
    });
    while let Some(argument) = arguments.next() {
        let argument = argument?;
        let mut value = || {
            let missing = || Err(format!("expected a value after `{argument}`; {USAGE}"));
            arguments.next().unwrap_or_else(missing)
        };
        match argument.as_str() {
            "--help" => given.help = true,
            "--report" => given.report = true,
            "--policy" => given.policy = value()?.parse().map_err(|error| format!("--policy: {error}"))?,
            "--with" | "--without" => {
                let rule = value()?.parse().map_err(|error| format!("{argument}: {error}"))?;
                rules.push((argument == "--with", rule));
            }
            "--similar" => similar = Some(threshold(&value()?)?),
            "--granularity" => given.options = given.options.segmentation(granularity(&value()?)?),
            "--fold" => given.options = given.options.normalization(folded(&value()?)?),
            "--skip-leading" => {
                given.leading = Some(value()?.parse().map_err(|error| format!("--skip-leading: {error}"))?);
            }
            "--min-weight" => {
                let value = value()?;
                let weight = value.parse().map_err(|_| {
                    format!("--min-weight: expected a number from 0 to {}, found `{value}`", u32::MAX)
                })?;
                given.options = given.options.min_weight(weight);
            }
            "--html" => given.html = Some(value()?),
            option if option.starts_with('-') && option != "-" => {
                return Err(format!("unknown option `{option}`; {USAGE}"));
            }
            _ => {
                if let Some(first) = given.source.replace(argument.clone()) {
                    return Err(format!("expected one text, found `{first}` and `{argument}`; {USAGE}"));
                }
            }
        }
    }
    given.options = given.options.skip_leading(given.leading.unwrap_or(given.policy.leading()));
    for (is_added, rule) in rules {
        given.policy = if is_added { given.policy.with(rule) } else { given.policy.without(rule) };
    }
    if let Some(threshold) = similar {
        given.policy = given.policy.similar(threshold);
    }
    Ok(given)
}

/// Returns the canonical form that ignores the differences with these names.
fn folded(names: &str) -> Result<Normalization, String> {
    names.split(',').try_fold(Normalization::TEXT, |form, name| match name {
        "digits" => Ok(form.fold_digits()),
        "diacritics" => Ok(form.strip_diacritics()),
        "punctuation" => Ok(form.strip_punctuation()),
        "arabic" => Ok(form.fold_arabic()),
        "references" => Ok(form.decode_references()),
        _ => Err(format!(
            "--fold: unknown name `{name}`; expected any of `digits`, `diacritics`, `punctuation`, \
             `arabic`, `references` with commas"
        )),
    })
}

fn threshold(value: &str) -> Result<f64, String> {
    let threshold = value.parse().ok().filter(|threshold| (0.1..=1.0).contains(threshold));
    threshold.ok_or_else(|| format!("--similar: expected a number from 0.1 to 1, found `{value}`"))
}

fn granularity(name: &str) -> Result<Segmentation, String> {
    let needs_feature = !cfg!(feature = "uax29") && matches!(name, "sentences" | "words");
    if needs_feature {
        return Err(format!(
            "--granularity: `{name}` needs the feature uax29; run `cargo run --release --features uax29 \
             --example clean -- --granularity {name}`"
        ));
    }
    name.parse().map_err(|error| format!("--granularity: {error}"))
}

fn output(arguments: &Arguments) -> Result<String, String> {
    if arguments.help {
        let lines =
            Rule::ALL.chunks(10).map(|rules| rules.iter().map(|rule| rule.name()).collect::<Vec<_>>());
        let lines: Vec<String> = lines.map(|names| names.join(", ")).collect();
        let names = lines.join(&format!(",\n{:23}", ""));
        return Ok(HELP.replace("RULES", &names));
    }
    let text = read(arguments.source.as_deref())?;
    let cleaner = Cleaner::new().options(arguments.options.clone()).policy(arguments.policy);
    let edits = cleaner.edits(&text);
    if let Some(path) = &arguments.html {
        let document = Document::with_options(&text, &arguments.options);
        let name = arguments.source.as_deref().unwrap_or("the bundled article");
        let page = Report::new(&document, &edits).name(name).policy(arguments.policy).html();
        // A full disk leaves no half of a page under the name.
        let unfinished = format!("{path}.unfinished");
        let written = fs::write(&unfinished, page).and_then(|()| fs::rename(&unfinished, path));
        written.map_err(|error| {
            drop(fs::remove_file(&unfinished));
            format!("{path}: {error}")
        })?;
    }
    Ok(if arguments.report {
        edits.decisions().iter().map(|decision| format!("{}\n", line(decision))).collect()
    } else {
        edits.apply().into_owned()
    })
}

fn read(source: Option<&str>) -> Result<String, String> {
    let (name, bytes) = match source {
        None => return Ok(ARTICLE.to_owned()),
        Some("-") => {
            let mut bytes = Vec::new();
            ("standard input", io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes))
        }
        Some(path) => (path, fs::read(path)),
    };
    let bytes = bytes.map_err(|error| format!("{name}: {error}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let found = error.as_bytes()[at];
        format!(
            "{name}: expected UTF-8, found the byte {found:#04x} at byte {at}; convert the text first, for \
             example with iconv"
        )
    })
}

/// Returns a decision as the JSON object that the feature `serde` writes.
fn line(decision: &BlockDecision) -> Value {
    let block = decision.block();
    let range = |start: usize, end: usize| json!({ "start": start, "end": end });
    let hole = |hole: Hole| {
        let (original, copy) = (hole.original(), hole.copy());
        json!({ "original_segments": range(original.start, original.end), "copy_segments": range(copy.start, copy.end) })
    };
    let (original, copy) = (block.original().span(), block.copy().span());
    json!({
        "original": range(original.start(), original.end()),
        "copy": range(copy.start(), copy.end()),
        "segments": block.len(),
        "holes": block.holes().map(hole).collect::<Vec<_>>(),
        "removed": decision.is_removed(),
        "reason": decision.reason(),
    })
}
