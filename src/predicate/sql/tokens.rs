//! What is refused before it is parsed: what would nest so deep, or be read so often, that a parser
//! would not come to its end.

use sqlparser::dialect::Dialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer};

/// How deep a predicate may nest.
pub(in crate::predicate) const MAX_DEPTH: usize = 50;

/// The most tokens that operators may chain.
const MAX_CHAINED: usize = 2_000;

/// How deep words may nest that the parser reads once more, as names, where what follows them is wrong:
/// of each that stands within another one, twice as often.
const MAX_RETRIED: usize = 14;

/// What stands in parentheses.
#[derive(Clone, Copy, Default)]
struct Level {
    chained: usize,
    retried: usize,
}

/// A parser of a text whose tree is not so deep that walking it would overflow the stack.
pub(in crate::predicate) fn parser<'a>(
    dialect: &'a dyn Dialect,
    text: &str,
) -> Result<Parser<'a>, ParserError> {
    let tokens = Tokenizer::new(dialect, text).tokenize_with_location()?;
    // The parser counts how deep brackets nest, but `1 + 1 + 1 + …` leans as deep to the left. What
    // commas and the branches of a CASE set apart stands side by side.
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
