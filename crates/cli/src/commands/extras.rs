//! Hidden commands for packagers: completions for shells, and the manual page.

use std::io::{Write as _, stdout};

use anyhow::{Context as _, Result};
use clap::Args;
use clap_complete::Shell;

use super::Status;

#[derive(Debug, Args)]
pub struct Completions {
    shell: Shell,
}

/// Prints the completions of the command `cli`.
pub fn completions(args: &Completions, cli: &mut clap::Command) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, cli, "refrain", &mut script);
    print(&script)
}

/// Prints one page with all commands of `cli`.
pub fn man(mut cli: clap::Command) -> Result<Status> {
    let mut page = Vec::new();
    cli.build();
    clap_mangen::Man::new(cli.clone()).render(&mut page)?;
    for command in cli.get_subcommands().filter(|command| !command.is_hide_set()) {
        let man = clap_mangen::Man::new(command.clone());
        writeln!(page, ".SH \"{}\"", command.get_name().to_uppercase())?;
        man.render_synopsis_section(&mut page)?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Status> {
    let mut out = stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).context("standard output")?;
    Ok(Status::Done)
}
