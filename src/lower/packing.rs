//! How a parameter is laid out on the GPU.
//!
//! Files order weights `[out, in, height, width]`. Kernels run their lanes along
//! the outputs and step through the inputs, so the GPU holds
//! `[groups][blocks][height, width, in][block]`: `block` neighbouring outputs
//! stand side by side, and the outputs of a group are padded with zeros to whole
//! blocks. A linear layer is the case of one position, a bias that of one input.

use std::ops::Range;

use half::f16;

use crate::shape::product;

/// Number format of a weight on the GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Storage {
    /// 32-bit floats.
    F32,
    /// 16-bit floats, two in a word, widened by `unpack2x16float`.
    F16,
    /// 4-bit indices into a codebook of 16 values, eight in a word.
    Codes4,
}

impl Storage {
    /// Bits that one element takes.
    pub fn bits(self) -> usize {
        match self {
            Self::F32 => 32,
            Self::F16 => 16,
            Self::Codes4 => 4,
        }
    }
}

/// Order of the elements of a parameter on the GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packing {
    /// Number of groups.
    pub groups: usize,
    /// Outputs of one group.
    pub outputs: usize,
    /// Inputs of one output (channels of its group).
    pub inputs: usize,
    /// Positions of the kernel, height times width.
    pub positions: usize,
    /// Outputs that stand side by side, a multiple of 4 (of 8 for 4-bit codes).
    pub block: usize,
}

impl Packing {
    /// A bias that matches the weights of this packing.
    pub fn bias(self) -> Self {
        Self {
            inputs: 1,
            positions: 1,
            ..self
        }
    }

    /// Blocks of one group.
    pub fn blocks(&self) -> usize {
        self.outputs.div_ceil(self.block)
    }

    /// Numbers in one output's row.
    pub fn row(&self) -> usize {
        self.inputs * self.positions
    }

    /// Elements on the GPU, padding included, of a parameter that a plan holds: it has
    /// checked [`Packing::bytes`].
    pub fn elements(&self) -> usize {
        self.groups * self.blocks() * self.block_elements()
    }

    /// Elements of one block.
    pub fn block_elements(&self) -> usize {
        self.row() * self.block
    }

    /// Bytes on the GPU; the largest number where they are more than that.
    pub fn bytes(&self, storage: Storage) -> u64 {
        let blocks = product(&[self.groups, self.blocks()]);
        blocks.saturating_mul(self.block_bytes(storage))
    }

    /// Bytes of one block.
    pub fn block_bytes(&self, storage: Storage) -> u64 {
        // A block is a multiple of 8 outputs where a number takes less than a byte.
        let bits = product(&[self.inputs, self.positions, self.block, storage.bits()]);
        bits / 8
    }

    /// The runs of `outputs` that fill whole blocks, in order: what to read from a
    /// file and pack at once. `outputs` starts with a block; each run covers at
    /// most `rows` outputs (at least one block).
    pub fn runs(&self, outputs: Range<usize>, rows: usize) -> Vec<Range<usize>> {
        let step = (rows / self.block).max(1) * self.block;
        (0..self.groups)
            .flat_map(|group| {
                let start = outputs.start.max(group * self.outputs);
                let end = outputs.end.min((group + 1) * self.outputs);
                (start..end)
                    .step_by(step)
                    .map(move |first| first..(first + step).min(end))
            })
            .collect()
    }

    /// First element on the GPU of a run of outputs that starts with a block.
    pub fn offset(&self, first_output: usize) -> usize {
        let (group, output) = (first_output / self.outputs, first_output % self.outputs);
        (group * self.blocks() + output / self.block) * self.block_elements()
    }

    /// Packs the file-order `rows` of a run of outputs ([`Packing::runs`]) into
    /// the bytes of its blocks.
    pub fn pack(&self, rows: &[f32], storage: Storage) -> Vec<u8> {
        match storage {
            Storage::F32 => bytemuck::pod_collect_to_vec(&self.blocked(rows)),
            Storage::F16 => {
                let halves: Vec<f16> = self.blocked(rows).into_iter().map(f16::from_f32).collect();
                bytemuck::cast_slice(&halves).to_vec()
            }
            Storage::Codes4 => panic!("codes are packed by pack_codes"),
        }
    }

    /// Packs 4-bit codes, one a byte, as [`Packing::pack`] does numbers; the
    /// first of a pair stands in the low nibble.
    pub fn pack_codes(&self, rows: &[u8]) -> Vec<u8> {
        let codes = self.blocked(rows);
        codes
            .chunks_exact(2)
            .map(|pair| pair[0] & 15 | pair[1] << 4)
            .collect()
    }

    /// The inverse of [`Packing::pack`] for the whole parameter held as f32.
    pub fn unpack(&self, packed: &[f32]) -> Vec<f32> {
        let mut rows = vec![0.0; self.groups * self.outputs * self.row()];
        for run in self.runs(0..self.groups * self.outputs, self.outputs) {
            let blocks = &packed[self.offset(run.start)..];
            let first = run.start;
            let file = &mut rows[first * self.row()..run.end * self.row()];
            self.each(run.len(), |row, block| file[row] = blocks[block]);
        }
        rows
    }

    fn blocked<T: Copy + Default>(&self, rows: &[T]) -> Vec<T> {
        let outputs = rows.len() / self.row();
        let mut blocks = vec![T::default(); outputs.div_ceil(self.block) * self.block_elements()];
        self.each(outputs, |row, block| blocks[block] = rows[row]);
        blocks
    }

    /// Calls `visit(index in file rows, index in blocks)` for each element of a run.
    fn each(&self, outputs: usize, mut visit: impl FnMut(usize, usize)) {
        for output in 0..outputs {
            let block = output / self.block * self.block_elements() + output % self.block;
            for input in 0..self.inputs {
                for position in 0..self.positions {
                    let row = (output * self.inputs + input) * self.positions + position;
                    visit(row, block + (position * self.inputs + input) * self.block);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_is_undone_by_unpacking_and_pads_with_zeros() {
        let packing = Packing {
            groups: 2,
            outputs: 5,
            inputs: 3,
            positions: 4,
            block: 4,
        };
        let rows: Vec<f32> = (1..=120).map(|n| n as f32).collect();
        let mut packed = vec![f32::NAN; packing.elements()];
        for run in packing.runs(0..10, 4) {
            let bytes = packing.pack(&rows[run.start * 12..run.end * 12], Storage::F32);
            let values: &[f32] = bytemuck::cast_slice(&bytes);
            packed[packing.offset(run.start)..][..values.len()].copy_from_slice(values);
        }
        assert_eq!(packing.unpack(&packed), rows);
        assert_eq!(packed.iter().filter(|v| **v == 0.0).count(), 2 * 3 * 12);
        // Output 1, input 2, position 3 of the second group.
        let file = ((5 + 1) * 3 + 2) * 4 + 3;
        let gpu = 2 * 48 + (3 * 3 + 2) * 4 + 1;
        assert_eq!(packed[gpu], rows[file]);
    }

    #[test]
    fn runs_cover_a_part_that_does_not_start_with_one_of_the_whole() {
        let packing = Packing {
            groups: 1,
            outputs: 30,
            inputs: 1,
            positions: 1,
            block: 4,
        };
        assert_eq!(packing.runs(0..30, 13), [0..12, 12..24, 24..30]);
        assert_eq!(packing.runs(16..30, 13), [16..28, 28..30]);
    }

    #[test]
    fn bytes_are_counted_in_64_bits() {
        // VGG's head over maps of 8 x 8 x 512: 2^27 numbers, whose bits are 2^32.
        let head = Packing {
            groups: 1,
            outputs: 4096,
            inputs: 32_768,
            positions: 1,
            block: 64,
        };
        assert_eq!(head.bytes(Storage::F32), 1 << 29);
        assert_eq!(head.bytes(Storage::Codes4), 1 << 26);
        let larger = Packing {
            inputs: 1 << 30,
            ..head
        };
        assert_eq!(larger.bytes(Storage::F32), 1 << 44);
        assert_eq!(larger.block_bytes(Storage::F16), 1 << 37);
        // More than 2^64 bytes do not become few.
        let absurd = Packing {
            inputs: usize::MAX,
            ..head
        };
        assert!(absurd.bytes(Storage::F32) >= u64::MAX / 8);
    }

    #[test]
    fn two_codes_stand_in_a_byte() {
        let packing = Packing {
            groups: 1,
            outputs: 3,
            inputs: 2,
            positions: 1,
            block: 8,
        };
        let bytes = packing.pack_codes(&[1, 2, 3, 4, 5, 6]);
        assert_eq!(bytes, [0x31, 0x05, 0, 0, 0x42, 0x06, 0, 0]);
    }
}
