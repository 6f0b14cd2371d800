//! The pages of the catalogue as HTML.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::slug::slug;

/// Returns a page as HTML. Its heading is left out, which the page of the site has itself; a link to another expectation
/// leads to its page if `has_page` says that there is one; HTML within the text is shown as it is written, as a project may
/// have written it.
pub(super) fn to_html(page: &str, has_page: &dyn Fn(&str) -> bool) -> String {
    let mut open_links = Vec::new();
    let mut in_title = false;
    let events = Parser::new_ext(page, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
            in_title = true;
            None
        }
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
            in_title = false;
            None
        }
        _ if in_title => None,
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let target = target(&dest_url, has_page);
            open_links.push(target.is_some());
            let dest_url = CowStr::from(target?);
            Some(Event::Start(Tag::Link { link_type, dest_url, title, id }))
        }
        Event::End(TagEnd::Link) => open_links.pop().unwrap_or_default().then_some(Event::End(TagEnd::Link)),
        event => Some(event),
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

/// Returns where a link of the catalogue leads on the site. Links elsewhere are left out: the site needs no network.
fn target(link: &str, has_page: &dyn Fn(&str) -> bool) -> Option<String> {
    let name = link.split('#').next()?.rsplit('/').next()?.strip_suffix(".md")?;
    has_page(name).then(|| format!("{}.html", slug(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_project_writes_runs_nothing() {
        let page = "# title\n\n<script>a</script>\n\ntext <b onclick=x>b</b> [not_null](../values/not_null.md#a) \
                    [bad](javascript:alert(1)) ![i](https://x.example/i.png)\n\n| a |\n|---|\n| b |\n";
        let html = to_html(page, &|name| name == "not_null");
        assert!(
            !html.contains("<script") && !html.contains("<b ") && !html.contains("javascript:"),
            "{html}"
        );
        assert!(!html.contains("<img") && !html.contains("title"), "{html}");
        assert!(html.contains("<a href=\"not_null.html\">") && html.contains("<table>"), "{html}");
    }
}
