//! `refrain clean`: removes repeated blocks from each document.

use anyhow::Result;
use clap::ValueEnum;
use refrain::edits::{Edits, Positions, Removal};
use refrain::{Cleaner, Options, Span, Workspace};

use super::Status;
use super::batch::Page;
use super::each::Each;
use super::rows::{self, Row};
use crate::args::{Comparison, InputArgs, PolicyArgs, WritingArgs};
use crate::document::Document;
use crate::input::Input;
use crate::output::Settings;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    comparison: Comparison,
    /// Write `documents` without the copies; `edits`, for each document a line of JSON with the
    /// spans to cut; or `dolma`, attributes for `dolma mix`
    #[arg(long, value_name = "FORM", default_value = "documents", hide_possible_values = true)]
    #[arg(help_heading = "Output")]
    write: Write,
    #[command(flatten)]
    writing: WritingArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Write {
    Documents,
    Edits,
    Dolma,
}

pub fn run(args: &Args) -> Result<Status> {
    let options = args.policy.options(&args.comparison);
    let cleaner = Cleaner::new().options(options.clone()).policy(args.policy.policy());
    let settings = [
        args.input.describe(),
        args.policy.describe(&args.comparison),
        format!("write {:?}", args.write).to_lowercase(),
        args.writing.describe(),
    ];
    let settings = Settings::new("clean", &settings);
    let is_documents = args.write == Write::Documents;
    let inputs = args.input.find()?;
    let target = args.writing.target(&inputs, is_documents)?;
    let each = Each {
        title: "cleaning",
        is_documents,
        returns_memory: true,
        ..Each::new(&inputs, &target, &args.input, &args.writing, settings)
    };
    let work = Work { args, options, cleaner };
    each.run(Workspace::new, |workspace, at, document, page| {
        work.clean(workspace, at.input, document, page);
        Ok(())
    })
}

/// The work on each document.
struct Work<'a> {
    args: &'a Args,
    options: Options,
    cleaner: Cleaner,
}

impl Work<'_> {
    fn clean(&self, workspace: &mut Workspace, input: &Input, document: &Document<'_>, page: &mut Page) {
        let read = workspace.read(&document.text, &self.options);
        page.totals.segments += read.len() as u64;
        let edits = self.cleaner.edits_of(&read);
        if edits.is_empty() && self.args.write == Write::Documents {
            page.main.extend_from_slice(document.bytes());
        } else {
            let mut segments = read.segments().map(|segment| segment.span()).peekable();
            for removal in &edits {
                let span = removal.span();
                while segments.next_if(|segment| segment.end() <= span.start()).is_some() {}
                while segments.next_if(|segment| segment.end() <= span.end()).is_some() {
                    page.totals.segments_removed += 1;
                }
            }
            self.write(&edits, input, document, page);
        }
        drop(edits);
        workspace.recycle(read);
    }

    fn write(&self, edits: &Edits<'_>, input: &Input, document: &Document<'_>, page: &mut Page) {
        let (text, args) = (&*document.text, self.args);
        let row = |removal| {
            let removal: &Removal = removal;
            Row { span: removal.span(), original: Some(removal.original()), reason: removal.reason() }
        };
        let rows: Vec<Row<'_>> = edits.iter().map(row).collect();
        page.count(&rows);
        if args.writing.removals.removed.is_some() && !rows.is_empty() {
            let (id, positions) = (document.id_in(input), Positions::new(text));
            for row in &rows {
                page.list(&rows::removed(&id, text, &positions, row, args.writing.offsets.offsets));
            }
        }
        match args.write {
            Write::Documents => {
                let cuts: Vec<Span> = rows.iter().map(|row| row.span).collect();
                document.write_without(&cuts, &mut page.main);
            }
            Write::Edits => {
                page.line(&rows::edits(document.id_in(input), text, &rows, args.writing.offsets.offsets))
            }
            Write::Dolma => page.line(&rows::dolma(&document.id_in(input), text, &rows)),
        }
    }
}
