//! Looking inside a network that is loaded: every value of one photo, where it
//! comes from, and why the answer is what it is.

mod cell;
mod receptive_field;

pub use cell::Cell;
pub use receptive_field::{Area, receptive_field};

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use crate::error::Result;
use crate::gpu::{Device, Executable};
use crate::inference::Inference;
use crate::network::{Network, NodeId};
use crate::plan::{InspectionPlan, RunSettings};
use crate::weights::WeightsFile;

/// A network made ready for looking inside; it shares the weights of an
/// [`Inference`].
#[derive(Debug)]
pub struct Inspection {
    inference: Inference,
    plan: InspectionPlan,
    /// Values that were read, by node.
    values: RefCell<Vec<Option<Rc<[f32]>>>>,
}

impl Inspection {
    /// Makes the network of `inference` ready, beside it.
    ///
    /// `progress(done, total)` counts kernels; `false` stops.
    ///
    /// # Errors
    /// [`Error::Stopped`](crate::error::Error::Stopped), and what the device gives.
    pub async fn new(
        device: &Device,
        inference: &Inference,
        progress: &mut dyn FnMut(usize, usize) -> bool,
    ) -> Result<Self> {
        let network = inference.network().clone();
        let plan = inference
            .plan
            .inspection(&network, inference.target, &|_| true)?;
        let executable = Executable::joining(
            device,
            Some(&inference.executable),
            &plan.plan.allocations(),
            &plan.plan.dispatches(),
            progress,
        )
        .await?;
        let values = RefCell::new(vec![None; network.nodes().len()]);
        Ok(Self {
            values,
            inference: Inference {
                network,
                plan: plan.plan.clone(),
                executable,
                target: inference.target,
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
    /// [`Error::Input`](crate::error::Error::Input) when the number of elements
    /// is another.
    pub fn look(&self, device: &Device, x: &[f32]) -> Result<()> {
        let input = self.network().inputs()[0];
        self.inference.write(device, input, x)?;
        self.prepare(device, 0, 0, false);
        self.inference.run(device);
        Ok(())
    }

    /// The value of a node, `[height, width, channels]`.
    ///
    /// # Errors
    /// What the device gives.
    pub async fn values(&self, device: &Device, node: NodeId) -> Result<Rc<[f32]>> {
        if let Some(values) = &self.values.borrow()[node.0] {
            return Ok(values.clone());
        }
        let values: Rc<[f32]> = self.inference.read(device, node).await?.into();
        self.values.borrow_mut()[node.0] = Some(values.clone());
        Ok(values)
    }

    /// Settles what changes from run to run, and forgets values read before.
    fn prepare(&self, device: &Device, seed: u32, step: u32, dropout: bool) {
        self.values.borrow_mut().fill(None);
        let settings = RunSettings {
            seed,
            step,
            samples: 1,
            slot: 0,
            training: u32::from(dropout),
            padding: [0; 3],
        };
        let run = self.plan.run;
        self.inference.executable.write(
            device,
            run.buffer,
            run.offset,
            bytemuck::bytes_of(&settings),
        );
    }

    /// Some rows of a parameter, each of `row` numbers, in file order.
    async fn rows(
        &self,
        file: &WeightsFile,
        name: &str,
        outputs: Range<usize>,
        row: usize,
    ) -> Result<Vec<f32>> {
        let tensor = file.find(name)?;
        let range = outputs.start * row..outputs.end * row;
        file.prefetch(tensor, range.clone()).await?;
        file.read_f32(tensor, range)
    }
}
