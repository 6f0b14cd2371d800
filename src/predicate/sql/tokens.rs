//! Refuses texts before they are parsed that nest so deeply, or that the parser would read again so often,
//! that parsing would not come to an end.

use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

/// Maximum depth of nesting in a predicate.
pub(in crate::predicate) const MAX_DEPTH: usize = 50;

/// Maximum number of tokens in one chain of operators.
const MAX_CHAINED: usize = 2_000;

/// Maximum depth of nested keywords that the parser reads again, as names, if the text after them is wrong:
/// each level doubles the work.
const MAX_RETRIED: usize = 14;

/// Counts within one pair of parentheses.
#[derive(Clone, Copy, Default)]
struct Level {
    chained: usize,
    retried: usize,
}

/// Returns a parser of a text whose syntax tree can be walked without overflowing the stack.
pub(in crate::predicate) fn parser<'a>(
    dialect: &'a dyn Dialect,
    text: &str,
) -> Result<Parser<'a>, ParserError> {
    let tokens = Tokenizer::new(dialect, text).tokenize_with_location()?;
    // The parser limits the depth of brackets, but `1 + 1 + 1 + …` nests as deeply to the left. Commas and
    // the branches of a CASE separate operands that do not nest.
    let (mut outer, mut here) = (Vec::new(), Level::default());
    let mut words = 0;
    for token in tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_))) {
        let refused = |message: String| ParserError::ParserError(format!("{message}{}", token.span.start));
        let (before, mut apart) = (words, false);
        words = 0;
        match &token.token {
            Token::LParen => {
                outer.push(here);
                here = Level { chained: 0, retried: here.retried + before };
            }
            Token::RParen => here = outer.pop().unwrap_or_default(),
            Token::Comma => apart = true,
            Token::Word(word) if word.keyword == Keyword::WHEN => apart = true,
            Token::Word(word) if is_retried(word.keyword) => words = before + 1,
            _ => {}
        }
        here.chained = if apart { 0 } else { here.chained + 1 };
        if here.chained > MAX_CHAINED {
            let message = format!(
                "more than {MAX_CHAINED} words and signs in one chain, of which parts may stand in parentheses"
            );
            return Err(refused(message));
        }
        if outer.len() > MAX_DEPTH {
            return Err(refused(format!("nested more than {MAX_DEPTH} deep")));
        }
        if here.retried + words > MAX_RETRIED {
            return Err(refused(format!(
                "more than {MAX_RETRIED} of NOT, CAST and the like within each other"
            )));
        }
    }
    Ok(Parser::new(dialect).with_recursion_limit(MAX_DEPTH).with_tokens_with_locations(tokens))
}

fn is_retried(word: Keyword) -> bool {
    matches!(
        word,
        Keyword::NOT
            | Keyword::CASE
            | Keyword::CAST
            | Keyword::TRY_CAST
            | Keyword::SAFE_CAST
            | Keyword::CONVERT
            | Keyword::TRY_CONVERT
            | Keyword::EXISTS
            | Keyword::EXTRACT
            | Keyword::CEIL
            | Keyword::FLOOR
            | Keyword::POSITION
            | Keyword::SUBSTR
            | Keyword::SUBSTRING
            | Keyword::OVERLAY
            | Keyword::TRIM
            | Keyword::INTERVAL
            | Keyword::ARRAY
            | Keyword::MATCH
            | Keyword::STRUCT
            | Keyword::MAP
            | Keyword::LAMBDA
    )
}
