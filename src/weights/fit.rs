//! Which network a file's tensors belong to, and where they do not fit.

use std::collections::HashMap;

use super::{Tensor, WeightsFile};
use crate::error::{Error, Result, ShapeMismatch};
use crate::layers::Parameter;
use crate::network::Network;

/// A network that a file fits.
#[derive(Debug)]
pub struct Fit<'n> {
    /// The network.
    pub network: &'n Network,
    /// New names for the file's tensors, as [`WeightsFile::rename`] takes them;
    /// none when the file's names are the network's own.
    pub renames: Vec<(String, String)>,
}

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

    /// Gives other names to tensors: pairs of the old and the new name. Names
    /// that the file lacks are passed over.
    pub fn rename(&mut self, renames: &[(String, String)]) {
        let renames: HashMap<&str, &str> = renames
            .iter()
            .map(|(old, new)| (&old[..], &new[..]))
            .collect();
        for tensor in &mut self.tensors {
            if let Some(new) = renames.get(&tensor.name[..]) {
                tensor.name = (*new).to_owned();
            }
        }
    }

    /// The first of these networks whose parameters have the names and shapes of
    /// the file; failing that, the first with the same shapes in the same order,
    /// as the same network under other names has.
    ///
    /// # Errors
    /// [`Error::WeightsMismatch`] for the network that comes nearest.
    ///
    /// # Panics
    /// When there is no network to choose from.
    pub fn identify<'n>(&self, networks: impl IntoIterator<Item = &'n Network>) -> Result<Fit<'n>> {
        let networks: Vec<&Network> = networks.into_iter().collect();
        let mismatches = networks.iter().map(|n| Mismatch::between(&self.tensors, n));
        let nearest = networks
            .iter()
            .zip(mismatches)
            .min_by_key(|(_, m)| m.count());
        let (network, mismatch) = nearest.expect("a network to choose from");
        if mismatch.count() == 0 {
            let renames = Vec::new();
            return Ok(Fit { network, renames });
        }
        let in_order = networks.iter().find_map(|network| {
            let renames = renames_in_order(&self.tensors, network)?;
            Some(Fit { network, renames })
        });
        in_order.ok_or_else(|| mismatch.error(network))
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

fn renames_in_order(tensors: &[Tensor], network: &Network) -> Option<Vec<(String, String)>> {
    let mut parameters = parameters(network);
    let mut renames = Vec::new();
    for tensor in tensors.iter().filter(|tensor| !is_bookkeeping(tensor)) {
        let (name, parameter) = parameters.next()?;
        if parameter.shape != tensor.shape {
            return None;
        }
        renames.push((tensor.name.clone(), name));
    }
    parameters.next().is_none().then_some(renames)
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
        let mut left: HashMap<&str, &Tensor> = tensors
            .iter()
            .map(|tensor| (&tensor.name[..], tensor))
            .collect();
        for (name, parameter) in parameters(network) {
            match left.remove(&name[..]) {
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
        let unexpected = tensors.iter().filter(|t| left.contains_key(&t.name[..]));
        let unexpected = unexpected.filter(|tensor| !is_bookkeeping(tensor));
        mismatch.unexpected = unexpected.map(|tensor| tensor.name.clone()).collect();
        mismatch
    }

    fn count(&self) -> usize {
        self.missing.len() + self.unexpected.len() + self.reshaped.len()
    }

    fn error(self, network: &Network) -> Error {
        Error::WeightsMismatch {
            network: network.name.clone(),
            missing: self.missing,
            unexpected: self.unexpected,
            reshaped: self.reshaped,
        }
    }
}
