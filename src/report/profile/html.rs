//! One self-contained HTML page of a profile, through the template in `reports/`.

use minijinja::Value;
use minijinja::value::Serde;

use super::ProfileReport;
use crate::report::html::{HtmlError, page_environment, policy};
use crate::report::inert::inert_markup;

/// The profile as one page that needs nothing else.
///
/// # Errors
/// The template does not fit the profile, which a test rules out.
pub fn profile_html(profile: &ProfileReport) -> Result<String, HtmlError> {
    let css = concat!(
        include_str!("../../../reports/tokens.css"),
        include_str!("../../../reports/run.css"),
        include_str!("../../../reports/profile.css")
    );
    let mut environment = page_environment()?;
    environment.add_template("profile.html", include_str!("../../../reports/profile.html.j2"))?;
    let page = environment.get_template("profile.html")?.render(minijinja::context! {
        profile => Value::from(Serde(profile)),
        policy => policy(css, None),
        css,
    })?;
    Ok(inert_markup(&page).into_owned())
}
