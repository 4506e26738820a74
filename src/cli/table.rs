//! Text in columns.

use super::say;

/// A column: its heading, and whether numbers stand in it.
pub struct Column {
    pub heading: &'static str,
    pub numeric: bool,
}

/// Prints rows under headings; numbers stand to the right. The last row is a
/// sum, set off by a line.
pub fn print(columns: &[Column], rows: &[Vec<String>], sum: &[String]) -> std::io::Result<()> {
    let headings: Vec<String> = columns.iter().map(|c| c.heading.to_owned()).collect();
    let all = || {
        [&headings[..]]
            .into_iter()
            .chain(rows.iter().map(|row| &row[..]))
    };
    let width = |column: usize| {
        let cells = all().chain([sum]).map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns.len()).map(width).collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(columns).zip(&widths);
        let cells = cells.map(|((cell, column), &width)| match column.numeric {
            true => format!("{cell:>width$}"),
            false => format!("{cell:<width$}"),
        });
        say(cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    let rule = "-".repeat(widths.iter().sum::<usize>() + 2 * (columns.len() - 1));
    line(&headings)?;
    say(&rule)?;
    rows.iter().try_for_each(|row| line(row))?;
    say(&rule)?;
    line(sum)
}

/// Digits in groups of three: 60,965,224.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
