//! Numbers that options take, checked before anything runs. The parser of the
//! command line puts the option's name before what is said here.

use std::str::FromStr;

/// Any number but infinities.
pub fn finite(text: &str) -> Result<f32, String> {
    number(text, f32::is_finite, "a number")
}

/// A rate, a factor: finite and above 0.
pub fn positive(text: &str) -> Result<f32, String> {
    number(
        text,
        |value: f32| value > 0.0 && value.is_finite(),
        "a number above 0",
    )
}

/// A norm, a deviation: finite, at least 0.
pub fn not_negative(text: &str) -> Result<f32, String> {
    number(
        text,
        |value: f32| value >= 0.0 && value.is_finite(),
        "a number of at least 0",
    )
}

/// A momentum, a probability: at least 0, below 1.
pub fn below_one(text: &str) -> Result<f32, String> {
    let within = |value| (0.0..1.0).contains(&value);
    number(text, within, "a number of at least 0 and below 1")
}

/// A share of a dataset that leaves some of it: at least 0, below 1.
pub fn share(text: &str) -> Result<f64, String> {
    let within = |value| (0.0..1.0).contains(&value);
    number(text, within, "a share of at least 0 and below 1")
}

/// An error that can be reached: 0 to 1.
pub fn error(text: &str) -> Result<f64, String> {
    let within = |value| (0.0..=1.0).contains(&value);
    number(text, within, "a share of 0 to 1")
}

/// A count of at least 1.
pub fn count(text: &str) -> Result<usize, String> {
    number(text, |value| value > 0, "a whole number of at least 1")
}

fn number<N: FromStr + Copy>(
    text: &str,
    within: impl Fn(N) -> bool,
    expected: &str,
) -> Result<N, String> {
    let hint = match text.contains(',') {
        true => ", with a point before its decimals",
        false => "",
    };
    let value = text.trim().parse().ok().filter(|value| within(*value));
    value.ok_or_else(|| format!("expected {expected}{hint}"))
}
