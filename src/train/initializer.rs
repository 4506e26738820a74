//! What weights begin with.

use serde::{Deserialize, Serialize};

use crate::models::TrainableModel;
use crate::random::{Random, Stream};
use crate::shape::Shape;

/// A rule for the initial weights; biases begin with 0 where it says no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Initializer {
    /// The deviations that the network's authors gave each layer; as the paper
    /// where they gave none.
    Own,
    /// N(0, 0.01), and biases of 1 in the layers of [`TrainableModel::ones`].
    Paper,
    /// Uniform with variance `2 / (inputs + outputs)` (Glorot and Bengio 2010).
    Xavier,
    /// Normal with variance `2 / inputs` (He and others 2015).
    He,
}

impl Initializer {
    /// All of them, by the name on the command line.
    pub const ALL: [(&'static str, Self); 4] = [
        ("own", Self::Own),
        ("paper", Self::Paper),
        ("xavier", Self::Xavier),
        ("he", Self::He),
    ];

    /// Initial values of a parameter in file order; `name` in full, `item` its
    /// index in the network.
    pub fn values(
        self,
        model: &TrainableModel,
        name: &str,
        shape: &Shape,
        seed: u32,
        item: u32,
    ) -> Vec<f32> {
        let (layer, role) = name
            .rsplit_once('.')
            .expect("parameters are named layer.role");
        let rule = match self {
            Self::Own if model.deviations.is_empty() => Self::Paper,
            rule => rule,
        };
        let count = shape.elements();
        if role == "bias" {
            let one = rule == Self::Paper && model.ones.contains(&layer);
            return vec![if one { 1.0 } else { 0.0 }; count];
        }
        let mut random = Random::new(seed, Stream::Weights, item);
        // [out, in] or [out, in / groups, height, width].
        let inputs: usize = shape.0[1..].iter().product();
        let outputs = shape.0[0] * shape.0[2..].iter().product::<usize>();
        let mut normal = |deviation: f64| {
            (0..count)
                .map(|_| (deviation * random.normal()) as f32)
                .collect()
        };
        match rule {
            Self::Paper => normal(0.01),
            Self::Own => {
                let entry = model.deviations.iter().find(|(known, _)| *known == layer);
                let (_, deviation) = entry.expect("the table names every layer");
                normal(f64::from(*deviation))
            }
            Self::He => normal((2.0 / inputs as f64).sqrt()),
            Self::Xavier => {
                let bound = (6.0 / (inputs + outputs) as f64).sqrt();
                (0..count)
                    .map(|_| ((random.uniform() * 2.0 - 1.0) * bound) as f32)
                    .collect()
            }
        }
    }
}
