//! Tensors in and out of a trainer, in file order.

use super::Trainer;
use crate::engine::Device;
use crate::error::Result;
use crate::kernels::Slice;
use crate::plan::{PlannedParameter, Storage};

/// Numbers that are packed and written at once, about.
const PIECE: usize = 1 << 20;

impl Trainer {
    /// The weights in file order, by name.
    ///
    /// # Errors
    /// As [`Executable::read`](crate::engine::Executable::read).
    pub async fn weights(&self, device: &Device) -> Result<Vec<(String, Vec<f32>)>> {
        let mut weights = Vec::new();
        for parameter in &self.plan.plan.parameters {
            let slices = self.weight_slices(parameter);
            let values = self.read_packed(device, parameter, &slices).await?;
            weights.push((parameter.name.clone(), values));
        }
        Ok(weights)
    }

    /// Replaces weights, in file order, by name; others stay.
    ///
    /// # Panics
    /// When a weight has another number of elements.
    pub fn set_weights(&mut self, device: &Device, weights: &[(String, Vec<f32>)]) {
        for parameter in &self.plan.plan.parameters {
            let Some((_, values)) = weights.iter().find(|(name, _)| *name == parameter.name) else {
                continue;
            };
            assert_eq!(
                values.len(),
                parameter.shape.elements(),
                "{}",
                parameter.name
            );
            let slices = self.weight_slices(parameter);
            self.write_packed(device, parameter, &slices, values);
        }
        self.keep(device);
    }

    pub(super) fn weight_slices(&self, parameter: &PlannedParameter) -> Vec<Slice> {
        parameter.each().iter().map(|chunk| chunk.slice).collect()
    }

    /// Writes values in file order into chunks in the layout of a parameter.
    pub(super) fn write_packed(
        &self,
        device: &Device,
        parameter: &PlannedParameter,
        slices: &[Slice],
        rows: &[f32],
    ) {
        let packing = parameter.packing;
        for (chunk, slice) in parameter.each().iter().zip(slices) {
            let first = packing.offset(chunk.outputs.start);
            // Few at once, since each stands in memory twice more on its way.
            let few = PIECE.div_ceil(packing.row());
            for run in packing.runs(chunk.outputs.clone(), few) {
                let offset = 4 * (packing.offset(run.start) - first) as u64;
                let values = &rows[run.start * packing.row()..run.end * packing.row()];
                let bytes = packing.pack(values, Storage::F32);
                self.executable
                    .write(device, slice.buffer, slice.offset + offset, &bytes);
            }
        }
    }

    /// The inverse of [`Trainer::write_packed`].
    pub(super) async fn read_packed(
        &self,
        device: &Device,
        parameter: &PlannedParameter,
        slices: &[Slice],
    ) -> Result<Vec<f32>> {
        let packing = parameter.packing;
        let mut packed = Vec::with_capacity(packing.elements());
        for (index, slice) in slices.iter().enumerate() {
            let first = packing.offset(parameter.each()[index].outputs.start);
            let last = match parameter.each().get(index + 1) {
                Some(next) => packing.offset(next.outputs.start),
                None => packing.elements(),
            };
            let values: Vec<f32> = self.executable.read(device, *slice).await?;
            packed.extend_from_slice(&values[..last - first]);
        }
        Ok(packing.unpack(&packed))
    }
}
