//! Which network a file's tensors belong to, and where they do not fit.

use super::{Tensor, WeightsFile};
use crate::error::{Error, Result, ShapeMismatch};
use crate::layers::Parameter;
use crate::network::Network;

impl WeightsFile {
    /// Compares the catalogue with the parameters of a network.
    ///
    /// # Errors
    /// [`Error::WeightsMismatch`] with every tensor that is missing, unexpected
    /// or of another shape.
    pub fn check(&self, network: &Network) -> Result<()> {
        let mismatch = Mismatch::between(&self.tensors, network);
        match mismatch.count() {
            0 => Ok(()),
            _ => Err(mismatch.error(network)),
        }
    }

    /// The first of these networks whose parameters have the names and shapes of
    /// the file. Shapes alone would not do: the same layers trained by others
    /// have other names, and want their input prepared in another way.
    ///
    /// # Errors
    /// [`Error::WeightsMismatch`] for the network that comes nearest.
    ///
    /// # Panics
    /// When there is no network to choose from.
    pub fn identify<'n>(
        &self,
        networks: impl IntoIterator<Item = &'n Network>,
    ) -> Result<&'n Network> {
        let mismatches = networks
            .into_iter()
            .map(|network| (network, Mismatch::between(&self.tensors, network)));
        let nearest = mismatches.min_by_key(|(_, mismatch)| mismatch.count());
        let (network, mismatch) = nearest.expect("a network to choose from");
        match mismatch.count() {
            0 => Ok(network),
            _ => Err(mismatch.error(network)),
        }
    }
}

/// All parameters of a network, named in full.
fn parameters(network: &Network) -> impl Iterator<Item = (String, Parameter)> {
    network.nodes().flat_map(|(id, _)| network.parameters(id))
}

/// Whether a tensor only keeps the books of training.
fn is_bookkeeping(tensor: &Tensor) -> bool {
    tensor.name.ends_with(".num_batches_tracked")
}

#[derive(Default)]
struct Mismatch {
    missing: Vec<String>,
    unexpected: Vec<String>,
    reshaped: Vec<ShapeMismatch>,
}

impl Mismatch {
    fn between(tensors: &[Tensor], network: &Network) -> Self {
        let mut mismatch = Self::default();
        let parameters: Vec<(String, Parameter)> = parameters(network).collect();
        let is_known = |tensor: &&Tensor| parameters.iter().any(|(name, _)| *name == tensor.name);
        let unexpected = tensors.iter().filter(|tensor| !is_known(tensor));
        let unexpected = unexpected.filter(|tensor| !is_bookkeeping(tensor));
        mismatch.unexpected = unexpected.map(|tensor| tensor.name.clone()).collect();
        for (name, parameter) in parameters {
            match tensors.iter().find(|tensor| tensor.name == name) {
                None => mismatch.missing.push(name),
                Some(tensor) if tensor.shape != parameter.shape => {
                    mismatch.reshaped.push(ShapeMismatch {
                        name,
                        expected: parameter.shape,
                        found: tensor.shape.clone(),
                    });
                }
                Some(_) => {}
            }
        }
        mismatch
    }

    fn count(&self) -> usize {
        self.missing.len() + self.unexpected.len() + self.reshaped.len()
    }

    fn error(self, network: &Network) -> Box<Error> {
        Error::WeightsMismatch {
            network: network.name.clone(),
            missing: self.missing,
            unexpected: self.unexpected,
            reshaped: self.reshaped,
        }
        .into()
    }
}
