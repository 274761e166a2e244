//! Options of commands that need all inputs.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

/// Options of commands that need all inputs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Running")]
pub struct StageArgs {
    /// Keep the files between the steps in this folder; by default, they are in the output folder
    /// or else in a temporary folder, and are deleted at the end, unless --only is set
    #[arg(long, value_name = "FOLDER")]
    pub work: Option<PathBuf>,
    /// Run one step only, as a job of several that share an output folder, or the folder of --work:
    /// `map:I/N` and `apply:I/N` for part I of N parts of the inputs, and `reduce` between them.
    /// Give all jobs the same options, except for --threads and, if the command has it, --memory,
    /// and each job of `apply` its own file for --stats. Only jobs of `apply` write outputs
    #[arg(long, value_name = "STEP")]
    pub only: Option<Step>,
}

/// A step of the work, and the part of the inputs for which it runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Map(Part),
    Reduce,
    Apply(Part),
}

/// One of several parts of the inputs, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub part: usize,
    pub of: usize,
}

impl Part {
    /// Returns the indices of the inputs of this part: every `of`th one.
    pub fn inputs(self, all: usize) -> Vec<usize> {
        (self.part - 1..all).step_by(self.of).collect()
    }
}

impl FromStr for Step {
    type Err = &'static str;

    fn from_str(step: &str) -> Result<Self, Self::Err> {
        let error = "expected `map:I/N`, `reduce` or `apply:I/N`, with I from 1 to N";
        if step == "reduce" {
            return Ok(Self::Reduce);
        }
        let (name, part) = step.split_once(':').ok_or(error)?;
        let (part, of) = part.split_once('/').ok_or(error)?;
        let (part, of) = (part.parse().map_err(|_| error)?, of.parse().map_err(|_| error)?);
        let part = if part >= 1 && part <= of { Part { part, of } } else { return Err(error) };
        match name {
            "map" => Ok(Self::Map(part)),
            "apply" => Ok(Self::Apply(part)),
            _ => Err(error),
        }
    }
}

/// A number of bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Memory(pub u64);

impl FromStr for Memory {
    type Err = &'static str;

    fn from_str(size: &str) -> Result<Self, Self::Err> {
        let error = "expected a size with a unit, such as 512M or 8G";
        let (digits, unit) = size.split_at_checked(size.len().saturating_sub(1)).ok_or(error)?;
        let shift = match unit {
            "K" | "k" => 10,
            "M" | "m" => 20,
            "G" | "g" => 30,
            "T" | "t" => 40,
            _ => return Err(error),
        };
        let count: u64 = digits.parse().map_err(|_| error)?;
        count.checked_mul(1 << shift).map(Self).ok_or(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit() {
        assert_eq!("512M".parse(), Ok(Memory(512 << 20)));
        for wrong in ["", "8", "G", "8GB", "-1G", "99999999T", "1é"] {
            assert!(wrong.parse::<Memory>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn parts_are_all_inputs() {
        let step: Result<Step, _> = "map:2/3".parse();
        assert_eq!(step, Ok(Step::Map(Part { part: 2, of: 3 })));
        let mut all: Vec<usize> = (1..=3).flat_map(|part| Part { part, of: 3 }.inputs(8)).collect();
        all.sort_unstable();
        assert_eq!(all, (0..8).collect::<Vec<_>>());
        for wrong in ["map", "map:0/3", "map:4/3", "reduce:1/2", "apply:1", "map:a/b"] {
            assert!(wrong.parse::<Step>().is_err(), "{wrong}");
        }
    }
}
