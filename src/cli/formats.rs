//! The formats of a result, and where each of them goes.

use std::path::PathBuf;

use super::platform::Platform;

/// A form in which a run is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Html,
    GreatExpectations,
    Junit,
    Sarif,
    Markdown,
    Github,
    Gitlab,
    Azure,
}

/// Their names, in the order in which they are told.
const FORMATS: [(&str, Format); 10] = [
    ("text", Format::Text),
    ("json", Format::Json),
    ("html", Format::Html),
    ("gx", Format::GreatExpectations),
    ("junit", Format::Junit),
    ("sarif", Format::Sarif),
    ("markdown", Format::Markdown),
    ("github", Format::Github),
    ("gitlab", Format::Gitlab),
    ("azure", Format::Azure),
];

/// What is called `auto`: text, and what the build server reads on which this runs.
const AUTO: &str = "auto";

/// The file in which GitLab's own examples have it.
const CODE_QUALITY: &str = "gl-code-quality-report.json";

impl Format {
    /// Returns whether it is made of lines that a build server reads beside the text of a log.
    fn is_commands(self) -> bool {
        matches!(self, Self::Github | Self::Azure)
    }
}

/// What the command line asks for.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// A format, and its file.
    One(Format, Option<PathBuf>),
    /// What fits where this runs.
    Auto,
}

/// Reads `FORMAT[=FILE]`.
pub(super) fn asked(argument: &str) -> Result<Asked, String> {
    let (name, file) = argument.split_once('=').map_or((argument, None), |(name, file)| (name, Some(file)));
    if file == Some("") {
        return Err("the file's name is missing".to_owned());
    }
    if name == AUTO {
        return match file {
            Some(_) => Err("auto chooses where it writes; name a format with the file".to_owned()),
            None => Ok(Asked::Auto),
        };
    }
    let found = FORMATS.iter().find(|(known, _)| *known == name);
    let (_, format) = found.ok_or_else(|| {
        let names: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
        format!("a format is {} or {AUTO}", names.join(", "))
    })?;
    Ok(Asked::One(*format, file.map(PathBuf::from)))
}

/// Where a format goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Standard output, or the file that is given instead of it.
    Output,
    /// Standard output, whatever is given instead of it: a build server reads it nowhere else.
    Log,
    File(PathBuf),
}

/// A format and its place.
pub(super) type Output = (Format, Place);

/// Everything that is to be written. Files are beside the text, which people still see.
pub(super) fn outputs(asked: &[Asked], platform: Option<Platform>) -> Vec<Output> {
    let mut outputs: Vec<Output> = Vec::new();
    for one in asked {
        match one {
            Asked::One(format, None) => outputs.push((*format, Place::Output)),
            Asked::One(format, Some(file)) => outputs.push((*format, Place::File(file.clone()))),
            Asked::Auto => {
                outputs.push((Format::Text, Place::Output));
                outputs.extend(platform.map(|platform| match platform {
                    Platform::Github => (Format::Github, Place::Log),
                    Platform::Azure => (Format::Azure, Place::Log),
                    Platform::Gitlab => (Format::Gitlab, Place::File(PathBuf::from(CODE_QUALITY))),
                }));
            }
        }
    }
    if outputs.iter().all(|(_, place)| *place != Place::Output) {
        outputs.insert(0, (Format::Text, Place::Output));
    }
    // The commands stand behind the text that they speak of.
    outputs.sort_by_key(|(format, _)| format.is_commands());
    outputs
}

/// Returns whether standard output would hold more than one document: commands go with text, and with nothing else.
pub(super) fn collide(outputs: &[Output]) -> bool {
    let to_output = || outputs.iter().filter(|(_, place)| *place == Place::Output).map(|(format, _)| *format);
    let documents: Vec<Format> = to_output().filter(|format| !format.is_commands()).collect();
    let has_commands = outputs.iter().any(|(format, place)| format.is_commands() && *place == Place::Output);
    documents.len() > 1 || (has_commands && documents.iter().any(|format| *format != Format::Text))
}
