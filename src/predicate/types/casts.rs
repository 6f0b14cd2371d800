//! The casts that the language allows.

use super::TypeError;
use crate::data::{DataType, TypeName};
use crate::document::Span;
use crate::predicate::{Term, Typed};

pub(super) fn cast(of: Typed, to: &TypeName, span: Span) -> Result<Typed, TypeError> {
    use DataType::{Boolean, Date, Float, Integer, String as Text, Timestamp};
    let TypeName::Exact(to) = to else {
        return Err(
            TypeError::new(span, format!("\"{to}\" is a family of types")).help("name one of its types")
        );
    };
    let allowed = match (&of.data_type, to) {
        (Integer { .. }, DataType::Decimal { precision, scale }) => precision > scale,
        (Integer { .. } | Float { .. } | DataType::Decimal { .. }, Integer { .. } | Float { .. })
        | (Text, Integer { .. } | Float { .. } | Date)
        | (Integer { .. } | DataType::Decimal { .. } | Boolean | Date, Text)
        | (Timestamp { .. }, Date | Timestamp { .. })
        | (Date, Timestamp { zone: None, .. }) => true,
        (from, to) => from == to,
    };
    if allowed {
        Ok(Typed { term: Term::Cast(Box::new(of)), data_type: to.clone() })
    } else {
        Err(TypeError::new(span, format!("{} cannot be cast to {to}", of.data_type)))
    }
}
