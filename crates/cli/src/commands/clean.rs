//! `refrain clean`: removes repeated blocks from each document.

use anyhow::Result;
use clap::ValueEnum;
use refrain::edits::Positions;
use refrain::{Cleaner, Span, Workspace};

use super::Status;
use super::each::{Each, Page};
use super::rows::{self, Row};
use crate::args::{Comparison, InputArgs, OutputArgs, PolicyArgs, RunArgs};
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
    /// Write `documents` without the copies; `edits`, for each document a line of JSON with the spans
    /// to cut; or `dolma`, attributes for `dolma mix`
    #[arg(long, value_name = "FORM", default_value = "documents", hide_possible_values = true)]
    #[arg(help_heading = "Output")]
    write: Write,
    #[command(flatten)]
    output: OutputArgs,
    #[command(flatten)]
    run: RunArgs,
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
        args.output.describe(),
    ];
    let each = Each {
        input: &args.input,
        output: &args.output,
        run: &args.run,
        settings: Settings::new("clean", &settings),
        title: "cleaning",
        is_documents: args.write == Write::Documents,
    };
    each.run(Workspace::new, |workspace, input, document, page| {
        clean_one(args, &cleaner, workspace, input, document, page)
    })
}

fn clean_one(
    args: &Args,
    cleaner: &Cleaner,
    workspace: &mut Workspace,
    input: &Input,
    document: &Document<'_>,
    page: &mut Page,
) -> Result<()> {
    let text = &*document.text;
    let edits = cleaner.edits_with(text, workspace);
    if edits.is_empty() && args.write == Write::Documents {
        page.main.extend_from_slice(document.bytes());
        return Ok(());
    }
    let rows: Vec<Row<'_>> = edits
        .iter()
        .map(|removal| Row {
            span: removal.span(),
            original: Some(removal.original()),
            reason: removal.reason(),
        })
        .collect();
    for row in &rows {
        page.totals.remove(row.reason, 1, row.span.len() as u64);
        page.totals.bytes_removed += row.span.len() as u64;
    }
    page.totals.changed += u64::from(!rows.is_empty());
    let id = document.id_in(input);
    if args.output.removed.is_some() && !rows.is_empty() {
        let positions = Positions::new(text);
        for row in &rows {
            let line = rows::removed(&id, text, &positions, row, args.output.offsets);
            page.removed.extend_from_slice(format!("{line}\n").as_bytes());
        }
    }
    match args.write {
        Write::Documents => {
            let cuts: Vec<Span> = rows.iter().map(|row| row.span).collect();
            document.write_without(&cuts, &mut page.main);
        }
        Write::Edits => {
            let line = rows::edits(id, text, &rows, args.output.offsets);
            page.main.extend_from_slice(format!("{line}\n").as_bytes());
        }
        Write::Dolma => {
            let line = rows::dolma(&id, text, &rows);
            page.main.extend_from_slice(format!("{line}\n").as_bytes());
        }
    }
    Ok(())
}
