//! `karat completions`

use clap::builder::PossibleValuesParser;
use clap_complete::Shell;

use super::arguments::command;
use super::exit::Exit;
use super::explain::names;
use super::terminal::out;

#[derive(Clone, Debug, clap::Args)]
#[command(after_help = WHERE)]
pub(super) struct Arguments {
    /// The shell that completes
    shell: Shell,
}

const WHERE: &str = "\
Where a shell looks for it:
  bash        karat completions bash > ~/.local/share/bash-completion/completions/karat
  zsh         karat completions zsh > a folder of $fpath, as _karat
  fish        karat completions fish > ~/.config/fish/completions/karat.fish
  powershell  karat completions powershell >> $PROFILE
  elvish      karat completions elvish >> ~/.config/elvish/rc.elv";

pub(super) fn run(arguments: &Arguments) -> Exit {
    // What can be explained is known; what else `karat explain` takes are a project's own.
    let known = PossibleValuesParser::new(names());
    let mut command = command().mut_subcommand("explain", |explain| {
        explain.mut_arg("name", |name| name.value_parser(known).hide_possible_values(true))
    });
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "karat", &mut script);
    out(&String::from_utf8_lossy(&script));
    Exit::Passed
}
