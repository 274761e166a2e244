//! Options that choose the inputs, and the documents in them.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::document::{FieldPath, Fields};
use crate::input::{Format, Input, discover};

/// The treatment of lines that are not documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Bad {
    /// Write the line as it is
    Keep,
    /// Leave the line out
    Drop,
    /// Stop with an error
    Stop,
}

/// Options that choose the inputs, and the documents in them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub struct InputArgs {
    /// Files, folders, quoted globs, or `-` for standard input
    #[arg(value_name = "INPUT")]
    inputs: Vec<OsString>,
    /// Also read the inputs that this file lists, one per line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// Read inputs in this format, whatever their names; `jsonl` is that of standard input
    #[arg(long, value_name = "NAME", hide_possible_values = true, help = format_help())]
    format: Option<Format>,
    /// The field of the text in JSONL; `a.b` names the field `b` inside `a`
    #[arg(long, value_name = "FIELD", default_value = "text")]
    text: FieldPath,
    /// The field of the id in JSONL. Without an id, a line is named FILE:LINE, and a text file
    /// FILE. The id of a WET record is its address
    #[arg(long, value_name = "FIELD", default_value = "id")]
    id: FieldPath,
    /// Read only the first N lines or records of each input
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub limit: Option<u64>,
    /// Keep, drop or stop at a line that is not a document
    #[arg(long, value_name = "CHOICE", default_value = "keep", hide_possible_values = true)]
    #[arg(help = "What to do with a line that is not a document: `keep` writes it unchanged, if the \
                  output is documents; `drop` leaves it out; `stop` ends with an error")]
    pub bad: Bad,
}

fn format_help() -> String {
    "Read inputs as `jsonl`, `text` (a file is a document), `lines` (a line is a document) or `wet`, \
     whatever their names. In a folder, only files with a known ending are read. Standard input is \
     `jsonl` without this option"
        .to_owned()
}

impl InputArgs {
    /// Returns the inputs in order.
    pub fn find(&self) -> Result<Vec<Input>> {
        discover(&self.inputs, self.files_from.as_deref(), self.format)
    }

    /// Returns the treatment of lines that are not documents in an output. `is_documents` is
    /// whether the output is documents too.
    pub fn bad_in(&self, is_documents: bool) -> Bad {
        if is_documents || self.bad == Bad::Stop { self.bad } else { Bad::Drop }
    }

    pub fn fields(&self) -> Fields {
        Fields { text: self.text.clone(), id: self.id.clone() }
    }

    /// Returns a line of text that differs if the options differ.
    pub fn describe(&self) -> String {
        let Self { format, text, id, limit, bad, .. } = self;
        let name = |value: Option<clap::builder::PossibleValue>| {
            value.map_or_else(|| "auto".to_owned(), |value| value.get_name().to_owned())
        };
        let (format, bad) =
            (name(format.and_then(|format| format.to_possible_value())), name(bad.to_possible_value()));
        let limit = limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string());
        format!("format {format}, text {text}, id {id}, limit {limit}, bad {bad}")
    }
}
