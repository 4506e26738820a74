//! Block sizes of the kernels, for the CPU engine, for a GPU and for one in software.
//! Shapes that feed one starve the others (ARCHITECTURE.md has the measurements), so
//! this table is the only place that knows of all.

/// Block sizes of the kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// `cpu`, `gpu` or `software`.
    pub name: &'static str,
    /// Those of convolutions.
    pub conv2d: Conv2dPreset,
    /// Those of linear layers.
    pub linear: LinearPreset,
}

/// Block sizes of `shaders/conv2d.wgsl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv2dPreset {
    /// Rows and columns of pixels of a lane, to choose from: 1 or 2 rows, and 4,
    /// 8, 12, 14 or 16 columns.
    pub tiles: &'static [[u32; 2]],
    /// Channels and pixels of a lane of `shaders/conv2d_backward_weight.wgsl` at
    /// most: 4 or 8 each.
    pub weight_tile: [u32; 2],
    /// Lanes of that shader, as far as the batch can be divided among them.
    pub weight_lanes: u32,
    /// Channels of a lane, where there are no more than those, and else.
    pub tile_outputs: [u32; 2],
    /// Lanes along the channels at most.
    pub output_lanes: u32,
    /// Lanes of a workgroup.
    pub lanes: u32,
    /// Lanes that keep the device busy: where large tiles would leave fewer,
    /// smaller ones are taken.
    pub busy_lanes: u32,
}

/// Block sizes of `shaders/linear.wgsl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinearPreset {
    /// Outputs of a lane, where there are no more than those, and else.
    pub tile_outputs: [u32; 2],
    /// Lanes along the outputs at most.
    pub output_lanes: u32,
    /// Lanes along the inputs.
    pub slices: u32,
}

/// How a block of outputs is spread over lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputTile {
    /// Outputs of a lane.
    pub outputs: u32,
    /// Lanes of a block.
    pub lanes: u32,
}

impl Preset {
    /// For drivers in software: SIMD is four lanes wide and loads cost far more
    /// than arithmetic, so a lane keeps as much in registers as it can.
    pub const SOFTWARE: Self = Self {
        name: "software",
        conv2d: Conv2dPreset {
            tiles: &[[1, 16], [1, 14], [1, 12], [2, 8], [1, 8], [2, 4], [1, 4]],
            weight_tile: [8, 8],
            weight_lanes: 1 << 11,
            tile_outputs: [4, 8],
            output_lanes: 4,
            lanes: 4,
            busy_lanes: 0,
        },
        linear: LinearPreset {
            tile_outputs: [4, 8],
            output_lanes: 4,
            slices: 1,
        },
    };

    /// For GPUs: lanes enough to hide the latency of memory, few registers each,
    /// and neighbouring lanes at neighbouring addresses.
    pub const GPU: Self = Self {
        name: "gpu",
        conv2d: Conv2dPreset {
            tiles: &[[1, 8], [1, 4]],
            weight_tile: [4, 4],
            weight_lanes: 1 << 15,
            tile_outputs: [4; 2],
            output_lanes: 16,
            lanes: 64,
            busy_lanes: 1 << 14,
        },
        linear: LinearPreset {
            tile_outputs: [4; 2],
            output_lanes: 16,
            slices: 16,
        },
    };

    /// For the CPU engine, whose vectors hold so many numbers: a block is one or two
    /// vectors of outputs, and nothing else is divided.
    pub const fn cpu(lanes: u32) -> Self {
        Self {
            name: "cpu",
            conv2d: Conv2dPreset {
                tiles: &[[1, 4]],
                weight_tile: [4, 4],
                // A layer of one block has work for several cores yet.
                weight_lanes: 1 << 9,
                tile_outputs: [lanes; 2],
                output_lanes: 2,
                lanes: 2,
                busy_lanes: 0,
            },
            linear: LinearPreset {
                tile_outputs: [lanes; 2],
                output_lanes: 2,
                slices: 1,
            },
        }
    }
}

impl Conv2dPreset {
    /// The block for this many output channels of a group.
    pub fn output_tile(&self, outputs: usize) -> OutputTile {
        OutputTile::new(outputs, self.tile_outputs, self.output_lanes)
    }

    /// How the lanes of a block stand, by its outputs.
    pub fn tile_of_block(&self, block: usize) -> OutputTile {
        let [few, many] = self.tile_outputs;
        let outputs = if block as u32 <= few { few } else { many };
        OutputTile {
            outputs,
            lanes: block as u32 / outputs,
        }
    }

    /// Rows and columns of a lane for maps of this size, each tile of them taking
    /// `lanes` lanes: of those that keep the device busy the cheapest by its loads,
    /// a tile loading an input per pixel, one more per row to slide along it, and a
    /// weight per channel.
    pub fn tile(&self, [height, width]: [u32; 2], lanes: u32) -> [u32; 2] {
        let cost = |&[rows, columns]: &[u32; 2]| {
            let tiles = height.div_ceil(rows) * width.div_ceil(columns);
            let pixels = rows * columns;
            match tiles * lanes >= self.busy_lanes {
                true => (0, tiles * (pixels + rows + self.tile_outputs[1])),
                false => (1, pixels),
            }
        };
        let tile = self.tiles.iter().min_by_key(|tile| cost(tile));
        *tile.expect("a table with entries")
    }

    /// Channels and pixels of a lane that sums the gradient of a weight, for this
    /// many channels of a group and rows of `width` pixels.
    pub fn weight_tile(&self, channels: usize, width: u32) -> [u32; 2] {
        let [most_channels, most_columns] = self.weight_tile;
        let fit = |count: u32, most: u32| if count <= 4 { 4 } else { most };
        [
            fit(channels as u32, most_channels),
            fit(width, most_columns),
        ]
    }
}

impl LinearPreset {
    /// The block for this many outputs.
    pub fn output_tile(&self, outputs: usize) -> OutputTile {
        let tile = OutputTile::new(outputs, self.tile_outputs, self.output_lanes);
        // Whole words of 4-bit codes.
        let lanes = (tile.outputs * tile.lanes).next_multiple_of(8) / tile.outputs;
        OutputTile { lanes, ..tile }
    }

    /// Samples of a lane.
    pub fn samples(&self, batch: usize) -> u32 {
        match batch {
            1 => 1,
            2..=4 => 4,
            _ => 8,
        }
    }
}

impl OutputTile {
    fn new(outputs: usize, [few, many]: [u32; 2], lanes: u32) -> Self {
        let outputs = outputs as u32;
        let tile = if outputs <= few { few } else { many };
        Self {
            outputs: tile,
            lanes: outputs.div_ceil(tile).min(lanes),
        }
    }

    /// Outputs of a block.
    pub fn block(&self) -> usize {
        (self.outputs * self.lanes) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_fit_rows_and_leave_lanes_enough() {
        let cpu = |size| Preset::SOFTWARE.conv2d.tile([size; 2], 1);
        assert_eq!([13, 27, 55].map(cpu), [[1, 14]; 3]);
        assert_eq!([16, 32].map(cpu), [[1, 16]; 2]);
        assert_eq!([1, 4].map(cpu), [[1, 4], [2, 4]]);
        assert_eq!([8, 24, 56].map(cpu), [[2, 8]; 3]);
        let gpu = |lanes| Preset::GPU.conv2d.tile([32; 2], lanes);
        assert_eq!([4, 1 << 7].map(gpu), [[1, 4], [1, 8]]);
    }

    #[test]
    fn a_block_tells_its_tile() {
        for preset in [
            Preset::SOFTWARE,
            Preset::GPU,
            Preset::cpu(4),
            Preset::cpu(16),
        ] {
            for outputs in 1..200 {
                let tile = preset.conv2d.output_tile(outputs);
                assert_eq!(preset.conv2d.tile_of_block(tile.block()), tile);
            }
        }
    }

    #[test]
    fn few_outputs_take_few_lanes() {
        let block = |outputs| Preset::SOFTWARE.conv2d.output_tile(outputs).block();
        assert_eq!([1, 5, 16, 33].map(block), [4, 8, 16, 32]);
        // Whole words of 4-bit codes.
        let block = |outputs| Preset::GPU.linear.output_tile(outputs).block();
        assert_eq!([1, 10, 1000].map(block), [8, 16, 64]);
    }
}
