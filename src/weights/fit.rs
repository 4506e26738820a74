//! Which network a file's tensors belong to, under whatever prefix they stand, and where
//! they do not fit.

use std::collections::{HashMap, HashSet};

use super::{Tensor, WeightsFile, batch_norm};
use crate::error::{Error, Result, ShapeMismatch};
use crate::layers::Parameter;
use crate::network::Network;

/// Parts of names that wrappers put around modules: DataParallel, `torch.compile`,
/// FSDP, activation checkpointing.
const WRAPPERS: [&str; 4] = [
    "module",
    "_orig_mod",
    "_fsdp_wrapped_module",
    "_checkpoint_wrapped_module",
];

/// Endings of the names of what a network is trained to, in contrast to constants and
/// counters.
const ROLES: [&str; 4] = ["weight", "bias", "running_mean", "running_var"];

impl WeightsFile {
    /// Compares the catalogue with the parameters of a network.
    ///
    /// # Errors
    /// [`Error::WeightsMismatch`] with what is missing, unexpected or of another shape.
    pub fn check(&self, network: &Network) -> Result<()> {
        let names = |tensor: &Tensor| Some(tensor.name.clone());
        let mismatch = Mismatch::between(&self.tensors, &names, network);
        match mismatch.count() {
            0 => Ok(()),
            _ => Err(mismatch.error(network)),
        }
    }

    /// The first of these networks whose parameters have the names and shapes of
    /// the file: its index, and the network with as many classes and input channels as
    /// the weights are for. Shapes alone would not do: the same layers trained by others
    /// have other names, and want their input prepared in another way.
    ///
    /// Prefixes do not matter. The catalogue has the network's own names afterwards, and
    /// what is no parameter is among [`WeightsFile::skipped`].
    ///
    /// # Errors
    /// [`Error::WeightsMismatch`] for the network that comes nearest.
    ///
    /// # Panics
    /// When there is no network to choose from.
    pub fn identify<'n>(
        &mut self,
        networks: impl IntoIterator<Item = &'n Network>,
    ) -> Result<(usize, Network)> {
        if self
            .tensors
            .iter()
            .any(|tensor| tensor.name.ends_with(".running_mean"))
        {
            batch_norm::fold(self.source.as_ref(), self.format.name(), &mut self.tensors)?;
        }
        let fits = networks.into_iter().enumerate().map(|(index, network)| {
            let fit = Fit::of(&self.tensors, network);
            (index, fit)
        });
        let nearest = fits.min_by_key(|(_, fit)| fit.mismatch.count());
        let (index, fit) = nearest.expect("a network to choose from");
        if fit.mismatch.count() > 0 {
            return Err(fit.mismatch.error(&fit.network));
        }
        let parameters: HashSet<String> = parameters(&fit.network).map(|(name, _)| name).collect();
        let tensors = std::mem::take(&mut self.tensors);
        for mut tensor in tensors {
            match own_name(&tensor.name, &fit.prefix).filter(|name| parameters.contains(name)) {
                Some(name) => {
                    tensor.name = name;
                    self.tensors.push(tensor);
                }
                None if is_bookkeeping(&tensor) => {}
                None => self.skipped.push(tensor.name),
            }
        }
        Ok((index, fit.network))
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

/// A name without what wrappers put into it.
fn unwrapped(name: &str) -> String {
    let parts: Vec<&str> = name
        .split('.')
        .filter(|part| !WRAPPERS.contains(part))
        .collect();
    parts.join(".")
}

/// The name within the network; `None` for what stands outside of the prefix.
fn own_name(name: &str, prefix: &str) -> Option<String> {
    unwrapped(name).strip_prefix(prefix).map(str::to_owned)
}

/// How a file fits a network.
struct Fit {
    /// What stands before all names.
    prefix: String,
    /// The network, with the file's number of classes and input channels.
    network: Network,
    mismatch: Mismatch,
}

impl Fit {
    fn of(tensors: &[Tensor], network: &Network) -> Self {
        let prefix = prefix(tensors, network);
        let name = |tensor: &Tensor| own_name(&tensor.name, &prefix);
        let mismatch = Mismatch::between(tensors, &name, network);
        let shapes: HashMap<String, &[usize]> = (tensors.iter())
            .filter_map(|tensor| Some((name(tensor)?, &tensor.shape.0[..])))
            .collect();
        let as_is = |prefix, mismatch| Self {
            prefix,
            network: network.clone(),
            mismatch,
        };
        if mismatch.reshaped.is_empty() {
            return as_is(prefix, mismatch);
        }
        let weights: Vec<(String, Parameter)> = parameters(network)
            .filter(|(name, _)| name.ends_with(".weight"))
            .collect();
        let found = |weight: Option<&(String, Parameter)>| shapes.get(&weight?.0).copied();
        let (Some(first), Some(last)) = (found(weights.first()), found(weights.last())) else {
            return as_is(prefix, mismatch);
        };
        let channels = match first {
            [_, channels @ (1 | 3), _, _] => *channels,
            _ => 3,
        };
        let classes = last.first().copied().unwrap_or(0);
        let Ok(adapted) = network.adapted(channels, classes) else {
            return as_is(prefix, mismatch);
        };
        let better = Mismatch::between(tensors, &name, &adapted);
        match better.count() < mismatch.count() {
            true => Self {
                prefix,
                network: adapted,
                mismatch: better,
            },
            false => as_is(prefix, mismatch),
        }
    }
}

/// What stands before the names of most of a network's parameters in a file; of several,
/// the first in the file.
fn prefix(tensors: &[Tensor], network: &Network) -> String {
    let parameters: HashSet<String> = parameters(network).map(|(name, _)| name).collect();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for tensor in tensors {
        let name = unwrapped(&tensor.name);
        let ends = name.match_indices('.').map(|(at, _)| at + 1);
        for start in [0].into_iter().chain(ends) {
            if !parameters.contains(&name[start..]) {
                continue;
            }
            match counts.iter().position(|(known, _)| *known == name[..start]) {
                Some(known) => counts[known].1 += 1,
                // A file of many prefixes is none of this network.
                None if counts.len() < 16 => counts.push((name[..start].to_owned(), 1)),
                None => {}
            }
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    let first = counts.into_iter().find(|(_, count)| Some(*count) == most);
    first.map(|(prefix, _)| prefix).unwrap_or_default()
}

#[derive(Default)]
struct Mismatch {
    missing: Vec<String>,
    unexpected: Vec<String>,
    reshaped: Vec<ShapeMismatch>,
}

impl Mismatch {
    /// `name` gives the name of a tensor within the network.
    fn between(
        tensors: &[Tensor],
        name: &dyn Fn(&Tensor) -> Option<String>,
        network: &Network,
    ) -> Self {
        let mut mismatch = Self::default();
        let parameters: Vec<(String, Parameter)> = parameters(network).collect();
        let known: HashSet<&str> = parameters.iter().map(|(name, _)| &name[..]).collect();
        let mut found: HashMap<String, &Tensor> = HashMap::new();
        for tensor in tensors.iter().filter(|tensor| !is_bookkeeping(tensor)) {
            let Some(name) = name(tensor) else { continue };
            match known.contains(&name[..]) {
                true => drop(found.insert(name, tensor)),
                false if is_trained(tensor, &name, &known) => {
                    mismatch.unexpected.push(tensor.name.clone());
                }
                false => {}
            }
        }
        for (name, parameter) in &parameters {
            match found.get(name) {
                None => mismatch.missing.push(name.clone()),
                Some(tensor) if tensor.shape != parameter.shape => {
                    mismatch.reshaped.push(ShapeMismatch {
                        name: name.clone(),
                        expected: parameter.shape.clone(),
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

/// Whether a tensor that the network does not know is one that a network computes with:
/// then it is of another network. Copies of the network's own parameters, as optimisers
/// and averages keep them, counters and constants are none.
fn is_trained(tensor: &Tensor, name: &str, known: &HashSet<&str>) -> bool {
    let (layer, role) = name.rsplit_once('.').unwrap_or(("", name));
    let copy = name
        .match_indices('.')
        .any(|(at, _)| known.contains(&name[at + 1..]));
    !layer.is_empty() && ROLES.contains(&role) && tensor.elements() > 0 && !copy
}
