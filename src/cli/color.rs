//! Whether output has colours.

use std::ffi::OsString;
use std::io::{IsTerminal as _, stderr, stdout};

use clap::{Arg, ValueEnum, value_parser};

use super::environment::given;
use super::exit::Exit;
use super::terminal::error;

/// When output has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    // Plain comments: the help of the command stays one line an argument.
    // On a terminal that shows them, unless the environment says otherwise.
    Auto,
    // Everywhere.
    Always,
    // Nowhere.
    Never,
}

/// The option, which every command has.
pub(super) fn argument() -> Arg {
    let color = Arg::new("color").long("color").value_name("WHEN").value_parser(value_parser!(Color));
    color.global(true).default_value("auto").display_order(900).help("When to print in colours")
}

/// Chooses the colours of all that is printed. The arguments are looked at as they were given: what is wrong with them
/// is told in colours, too, or not.
pub(super) fn choose(arguments: &[OsString]) -> Result<(), Exit> {
    let variable = given(VARIABLE);
    let wanted = variable.as_ref().map(|value| named(&value.to_string_lossy()));
    let choice = match asked(arguments).or(wanted.flatten()) {
        Some(Color::Always) => anstream::ColorChoice::Always,
        Some(Color::Never) => anstream::ColorChoice::Never,
        Some(Color::Auto) | None => {
            let on_terminal = stdout().is_terminal() && stderr().is_terminal();
            by_convention(given("NO_COLOR").is_some(), force(), on_terminal)
        }
    };
    choice.write_global();
    if wanted == Some(None) {
        error(&format!("{VARIABLE} is auto, always or never"), None);
        return Err(Exit::Usage);
    }
    Ok(())
}

const VARIABLE: &str = "KARAT_COLOR";

/// What `FORCE_COLOR` asks for, or else `CLICOLOR_FORCE`, which knows no never.
fn force() -> Option<Color> {
    let is_no = |value: &OsString| value == "0" || value.eq_ignore_ascii_case("false");
    let forced = |value: OsString, no| if is_no(&value) { no } else { Color::Always };
    let older = || given("CLICOLOR_FORCE").map(|value| forced(value, Color::Auto));
    given("FORCE_COLOR").map(|value| forced(value, Color::Never)).or_else(older)
}

/// What the variables say that many programs keep to. `CLICOLOR`, `TERM` and the terminal are looked at by the streams
/// themselves; so is `CLICOLOR_FORCE`, of which they take a 0 for a yes.
fn by_convention(no_color: bool, force: Option<Color>, on_terminal: bool) -> anstream::ColorChoice {
    match force {
        _ if no_color => anstream::ColorChoice::Never,
        Some(Color::Always) => anstream::ColorChoice::Always,
        Some(Color::Never) => anstream::ColorChoice::Never,
        Some(Color::Auto) if !on_terminal => anstream::ColorChoice::Never,
        Some(Color::Auto) | None => anstream::ColorChoice::Auto,
    }
}

/// What `--color` says; the last one counts.
fn asked(arguments: &[OsString]) -> Option<Color> {
    let mut asked = None;
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix("--color") {
            _ if argument == "--" => break,
            Some("") => asked = arguments.next().and_then(|value| named(&value)).or(asked),
            Some(value) => asked = value.strip_prefix('=').and_then(named).or(asked),
            None => {}
        }
    }
    asked
}

fn named(value: &str) -> Option<Color> {
    Color::from_str(value, false).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_color_before_the_files_counts() {
        let asked = |line: &str| asked(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert_eq!(asked("karat check a.yml"), None);
        assert_eq!(asked("karat --color never check --color=always a.yml"), Some(Color::Always));
        assert_eq!(asked("karat check --color blue"), None);
        assert_eq!(asked("karat check -- --color never"), None);
        assert_eq!(asked("karat check --colors never"), None);
    }
}
