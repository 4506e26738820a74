//! How the learning rate falls.

use serde::{Deserialize, Serialize};

/// When the learning rate is divided by 10, as the paper did three times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields", into = "Fields")]
pub enum Schedule {
    /// Never.
    Constant,
    /// At the start of these epochs, counted from 0.
    Steps {
        /// The epochs.
        epochs: Vec<usize>,
    },
    /// When the validation error has not fallen for so many epochs.
    Plateau {
        /// The epochs.
        patience: usize,
    },
}

/// A [`Schedule`] in a file: `{ "kind": "steps", "epochs": [..] }`. Reading a
/// tagged enum would take 10 KB more in the page's module.
#[derive(Serialize, Deserialize)]
struct Fields {
    kind: Kind,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    epochs: Vec<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    patience: Option<usize>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Constant,
    Steps,
    Plateau,
}

impl TryFrom<Fields> for Schedule {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, &'static str> {
        Ok(match fields.kind {
            Kind::Constant => Self::Constant,
            Kind::Steps => Self::Steps {
                epochs: fields.epochs,
            },
            Kind::Plateau => Self::Plateau {
                patience: fields.patience.ok_or("a plateau needs its patience")?,
            },
        })
    }
}

impl From<Schedule> for Fields {
    fn from(schedule: Schedule) -> Self {
        let (kind, epochs, patience) = match schedule {
            Schedule::Constant => (Kind::Constant, Vec::new(), None),
            Schedule::Steps { epochs } => (Kind::Steps, epochs, None),
            Schedule::Plateau { patience } => (Kind::Plateau, Vec::new(), Some(patience)),
        };
        Self {
            kind,
            epochs,
            patience,
        }
    }
}

impl Schedule {
    /// The factor on the learning rate in an epoch, given the validation errors
    /// of the epochs before it.
    pub fn factor(&self, epoch: usize, errors: &[f64]) -> f64 {
        let divisions = match self {
            Self::Constant => 0,
            Self::Steps { epochs } => epochs.iter().filter(|at| **at <= epoch).count(),
            Self::Plateau { patience } => plateaus(errors, *patience),
        };
        0.1_f64.powi(divisions as i32)
    }
}

/// How often `patience` epochs went by without a new best; each starts afresh.
fn plateaus(errors: &[f64], patience: usize) -> usize {
    let (mut best, mut waited, mut plateaus) = (f64::INFINITY, 0, 0);
    for error in errors {
        if *error < best {
            (best, waited) = (*error, 0);
            continue;
        }
        waited += 1;
        if waited >= patience {
            waited = 0;
            plateaus += 1;
        }
    }
    plateaus
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_fall_at_epochs_and_on_plateaus() {
        let steps = Schedule::Steps { epochs: vec![2, 5] };
        let factors: Vec<f64> = (0..7).map(|epoch| steps.factor(epoch, &[])).collect();
        let expected = [1.0, 1.0, 0.1, 0.1, 0.1, 0.01, 0.01];
        assert!(
            factors
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-12)
        );

        let plateau = Schedule::Plateau { patience: 2 };
        assert_eq!(plateau.factor(3, &[0.5, 0.4, 0.4]), 1.0);
        assert!((plateau.factor(4, &[0.5, 0.4, 0.4, 0.41]) - 0.1).abs() < 1e-12);
        assert!((plateau.factor(5, &[0.5, 0.4, 0.4, 0.41, 0.3]) - 0.1).abs() < 1e-12);
    }
}
