//! Names of columns that look as if their values were personal.

use crate::data::{ColumnPath, words};

/// Words of which one makes a name personal.
const WORDS: [&str; 41] = [
    "address",
    "bic",
    "birth",
    "birthdate",
    "birthday",
    "birthplace",
    "cvv",
    "dob",
    "email",
    "emails",
    "fax",
    "firstname",
    "fname",
    "forename",
    "fullname",
    "iban",
    "ip",
    "lastname",
    "latitude",
    "lname",
    "login",
    "longitude",
    "mail",
    "middlename",
    "mobile",
    "nickname",
    "nino",
    "passport",
    "password",
    "phone",
    "phones",
    "salary",
    "secret",
    "ssn",
    "street",
    "surname",
    "telephone",
    "token",
    "username",
    "zip",
    "zipcode",
];

/// Pairs of words of which one makes a name personal.
const PAIRS: [(&str, &str); 18] = [
    ("account", "number"),
    ("card", "no"),
    ("card", "number"),
    ("credit", "card"),
    ("date", "of"),
    ("driving", "licence"),
    ("e", "mail"),
    ("house", "number"),
    ("id", "card"),
    ("national", "id"),
    ("personal", "number"),
    ("post", "code"),
    ("postal", "code"),
    ("security", "number"),
    ("social", "security"),
    ("tax", "id"),
    ("tel", "no"),
    ("zip", "code"),
];

/// Words before `name` that make it the name of a person.
const OF_PERSONS: [&str; 29] = [
    "account",
    "author",
    "billing",
    "buyer",
    "client",
    "contact",
    "customer",
    "display",
    "employee",
    "family",
    "first",
    "full",
    "given",
    "guest",
    "holder",
    "last",
    "maiden",
    "member",
    "middle",
    "nick",
    "owner",
    "passenger",
    "patient",
    "person",
    "recipient",
    "sender",
    "shipping",
    "student",
    "user",
];

/// Returns whether the name of a column says that its values are personal: `email`, `first_name`, `homePhone`,
/// `customer.iban`. `name` itself and one behind an initial (`c_name`) do, other names of things do not
/// (`product_name`).
#[must_use]
pub fn looks_personal(column: &ColumnPath) -> bool {
    column.parts().iter().any(|part| is_personal(&words(part, char::is_alphabetic)))
}

fn is_personal(words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let name = |words: &[&str]| match words {
        [before @ .., "name" | "names"] => {
            before.last().is_none_or(|word| word.len() == 1 || OF_PERSONS.contains(word))
        }
        _ => false,
    };
    // `date_of_birth` is told by its last word, `date_of_sale` by none.
    let pair = |pair: &[&str]| match pair {
        ["date", "of"] => false,
        [first, second] => PAIRS.contains(&(first, second)),
        _ => false,
    };
    words.iter().any(|word| WORDS.contains(word)) || words.windows(2).any(pair) || name(&words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_persons_and_their_affairs_are_personal() {
        for name in [
            "email",
            "e_mail",
            "EMail",
            "home_phone",
            "homePhone2",
            "first_name",
            "FirstName",
            "name",
            "Name",
            "c_name",
            "customer.iban",
            "ssn",
            "date_of_birth",
            "birth_date",
            "Address1",
            "ship_address",
            "zip",
            "postal_code",
            "PhoneNumber",
            "credit_card_no",
            "ip_address",
            "user_name",
            "username",
            "Social Security Number",
        ] {
            assert!(looks_personal(&ColumnPath::parse(name).unwrap()), "{name}");
        }
        for name in [
            "id",
            "order_id",
            "product_name",
            "file_name",
            "n_regionkey",
            "status",
            "amount",
            "date_of_sale",
            "region",
            "nation_name",
            "description",
            "shipping_cost",
            "card",
            "city",
            "mailbox",
        ] {
            assert!(!looks_personal(&ColumnPath::parse(name).unwrap()), "{name}");
        }
    }
}
