//! Looking inside a network that is loaded: every value of one photo, where it
//! comes from, and why the answer is what it is.

mod cell;
mod gradient;
mod receptive_field;
mod seen;
mod variant;

pub use crate::layers::Area;
pub use cell::Cell;
pub use receptive_field::receptive_field;
pub use variant::{Changes, Towers};

use gradient::Backward;
use seen::Seen;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use crate::engine::{Device, Executable};
use crate::error::{Error, Result};
use crate::inference::{Inference, upload};
use crate::kernels::Slice;
use crate::layers::Layer;
use crate::network::{Network, NodeId};
use crate::plan::{InspectionPlan, PlannedParameter, RunSettings};
use crate::weights::WeightsFile;

/// A network made ready for looking inside; it shares the weights of an
/// [`Inference`].
#[derive(Debug)]
pub struct Inspection {
    inference: Inference,
    plan: InspectionPlan,
    changes: Changes,
    seen: RefCell<Seen>,
    /// Plain and guided, once they are wanted.
    backward: RefCell<[Option<Rc<Backward>>; 2]>,
}

impl Inspection {
    /// Makes the network of `inference`, changed as wanted, ready beside it;
    /// weights that change are read from `file` again.
    ///
    /// `progress(done, total)` counts kernels; `false` stops.
    ///
    /// # Errors
    /// [`Error::Stopped`], as [`Changes::apply`], and what file and device give.
    pub async fn new(
        device: &Device,
        inference: &Inference,
        file: &WeightsFile,
        changes: Changes,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        let network = changes.apply(&inference.network)?;
        let target = inference.target;
        let shared = |parameter: &PlannedParameter| !changes.edits(&network, parameter.node);
        let plan = inference.plan.inspection(&network, target, &shared)?;
        let executable = Executable::joining(
            device,
            Some(&inference.executable),
            &plan.plan.allocations(),
            &plan.plan.dispatches(),
            progress,
        )
        .await?;
        for parameter in plan.plan.parameters.iter().filter(|p| !shared(p)) {
            let (outputs, row) = (parameter.shape.0[0], parameter.packing.row());
            let edit = |first: usize, rows: &mut [f32]| {
                changes.edit(first, outputs, rows.len() / row, rows);
            };
            let report = &mut |_| true;
            upload(device, &executable, file, parameter, Some(&edit), report).await?;
        }
        let seen = RefCell::new(Seen::none_of(network.nodes().len()));
        Ok(Self {
            seen,
            backward: RefCell::default(),
            changes,
            inference: Inference {
                network,
                plan: plan.plan.clone(),
                executable,
                target,
            },
            plan,
        })
    }

    /// The network.
    pub fn network(&self) -> &Network {
        self.inference.network()
    }

    /// Computes every value for an input, `[height, width, channels]`.
    ///
    /// # Errors
    /// [`Error::Input`] when the number of elements is another.
    pub fn look(&self, device: &Device, x: &[f32]) -> Result<()> {
        let input = self.network().inputs()[0];
        self.inference.write(device, input, x)?;
        self.prepare(device, 0, 0, false);
        let executable = &self.inference.executable;
        executable.run_steps(device, 0..self.inference.plan.steps.len());
        Ok(())
    }

    /// Computes what stands behind the first dropout again, for what was looked at
    /// last, with neurons switched off at random: other ones for each seed and step.
    pub fn drop_out(&self, device: &Device, seed: u32, step: u32) {
        self.prepare(device, seed, step, true);
        let dropout = |node: NodeId| matches!(self.network()[node].layer, Layer::Dropout(_));
        let steps = &self.plan.plan.steps;
        let first = steps.iter().position(|step| dropout(step.node));
        let executable = &self.inference.executable;
        executable.run_steps(device, first.unwrap_or(steps.len())..steps.len());
    }

    /// The value of a node, `[height, width, channels]`.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn values(&self, device: &Device, node: NodeId) -> Result<Rc<[f32]>> {
        let look = self.seen.borrow().look();
        if let Some(values) = self.seen.borrow().get(node.0) {
            return Ok(values);
        }
        let values: Rc<[f32]> = self.inference.read(device, node).await?.into();
        self.seen.borrow_mut().keep(look, node.0, values.clone());
        Ok(values)
    }

    /// The largest absolute value and the mean of each unit of a node, one after
    /// the other.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn statistics(&self, device: &Device, node: NodeId) -> Result<Vec<f32>> {
        let (_, _, units) = map(self.network(), node);
        let statistics = self.plan.statistics;
        let slice = Slice {
            offset: statistics.offset + 8 * self.plan.first_unit[node.0] as u64,
            bytes: 8 * units as u64,
            ..statistics
        };
        self.inference.executable.read(device, slice).await
    }

    /// The browser's buffer of a node's value; none where the processor computes.
    #[cfg(target_arch = "wasm32")]
    pub fn buffer(&self, node: NodeId) -> Option<crate::engine::BufferHandle> {
        let slice = self.plan.plan.value(node);
        self.inference.executable.handle(slice.buffer)
    }

    /// Settles what changes from run to run, and forgets values read before.
    fn prepare(&self, device: &Device, seed: u32, step: u32, dropout: bool) {
        self.seen.borrow_mut().forget();
        let settings = RunSettings {
            seed,
            step,
            samples: 1,
            slot: 0,
            training: u32::from(dropout),
            first_sample: 0,
        };
        let run = self.plan.run;
        self.inference.executable.write(
            device,
            run.buffer,
            run.offset,
            bytemuck::bytes_of(&settings),
        );
    }
}

/// The rows of some outputs of a parameter, in file order.
///
/// # Errors
/// [`Error::Unknown`] for a parameter or an output that is not there, and what
/// the file gives.
pub async fn rows(file: &WeightsFile, name: &str, outputs: Range<usize>) -> Result<Vec<f32>> {
    let tensor = file.find(name)?;
    // A parameter that is one number has one output.
    let (&count, row) = tensor.shape.0.split_first().unwrap_or((&1, &[]));
    let row = row.iter().product::<usize>();
    if outputs.end > count {
        return Err(Error::Unknown {
            kind: "output",
            name: outputs.end.to_string(),
            known: vec![count.to_string()],
        }
        .into());
    }
    let range = outputs.start * row..outputs.end * row;
    file.prefetch(tensor, range.clone()).await?;
    file.read_f32(tensor, range)
}

/// Height, width and channels of a node's value.
fn map(network: &Network, node: NodeId) -> (usize, usize, usize) {
    let shape = &network[node].shape;
    shape.as_map_or_vector().unwrap_or((1, 1, shape.elements()))
}
