//! Counting what test runners report.

use std::fmt;
use std::iter::Sum;

use serde_json::Value;

/// Tests that ran, and those that did not.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Tests that did not run, by their own decision.
    pub skipped: u64,
}

impl Tally {
    /// Of one line of `cargo test`, if it is a summary:
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; ...`.
    pub fn of_cargo_line(line: &str) -> Option<Tally> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |what: &str| {
            counts
                .split("; ")
                .find_map(|part| part.strip_suffix(what)?.trim_end().parse().ok())
        };
        Some(Tally {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored")?,
        })
    }

    /// Of what one line of Node's test runner adds, in the Test Anything Protocol: `# pass 3`,
    /// `# fail 0`, `# cancelled 0`, `# skipped 1`, `# todo 0`, below all tests.
    pub fn of_node_line(line: &str) -> Option<Tally> {
        let (what, count) = line.strip_prefix("# ")?.split_once(' ')?;
        let count = count.parse().ok()?;
        let mut tally = Tally::default();
        match what {
            "pass" => tally.passed = count,
            "fail" | "cancelled" => tally.failed = count,
            "skipped" | "todo" => tally.skipped = count,
            _ => return None,
        }
        Some(tally)
    }

    /// Of Playwright's JSON report.
    pub fn of_playwright(report: &str) -> Option<Tally> {
        let report: Value = serde_json::from_str(report).ok()?;
        let count = |name: &str| report["stats"][name].as_u64();
        Some(Tally {
            passed: count("expected")?,
            // One that passes only when repeated is not reliable.
            failed: count("unexpected")? + count("flaky")?,
            skipped: count("skipped")?,
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        match self.skipped {
            0 => Ok(()),
            skipped => write!(f, ", {skipped} skipped"),
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Tally>>(tallies: I) -> Tally {
        tallies.fold(Tally::default(), |a, b| Tally {
            passed: a.passed + b.passed,
            failed: a.failed + b.failed,
            skipped: a.skipped + b.skipped,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn cargo_summaries() {
        let line = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.02s";
        let tally = Tally {
            passed: 12,
            failed: 2,
            skipped: 1,
        };
        assert_eq!(Tally::of_cargo_line(line), Some(tally));
        assert_eq!(Tally::of_cargo_line("test layers::conv2d ... ok"), None);
    }

    #[test]
    fn node_summaries() {
        let report = "ok 1 - names a photo\n1..1\n# tests 9\n# suites 1\n# pass 4\n# fail 2\n# cancelled 1\n# skipped 1\n# todo 1\n# duration_ms 12.5";
        let total: Tally = report.lines().filter_map(Tally::of_node_line).sum();
        let tally = Tally {
            passed: 4,
            failed: 3,
            skipped: 2,
        };
        assert_eq!(total, tally);
    }

    #[test]
    fn playwright_reports() {
        let report = r#"{"stats": {"expected": 5, "unexpected": 1, "flaky": 2, "skipped": 4, "duration": 1.5}}"#;
        let tally = Tally {
            passed: 5,
            failed: 3,
            skipped: 4,
        };
        assert_eq!(Tally::of_playwright(report), Some(tally));
        assert_eq!(Tally::of_playwright("{}"), None);
    }
}
