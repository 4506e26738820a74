use alexnet_live::layers::Linear;
use alexnet_live::plan::{Preset, Storage, Target};

use super::{Variant, assert_case};
use crate::support::{device, target};

/// `(samples, inputs, outputs)` around the tiles of both presets: 1, 4 or 8
/// samples, 4 or 8 outputs, blocks of 32 and 64, 16 slices of four inputs.
const CASES: [(usize, usize, usize); 8] = [
    (1, 1, 1),
    (2, 37, 10),
    (3, 64, 65),
    (1, 100, 200),
    (1, 67, 31),
    (5, 68, 33),
    (8, 60, 4),
    (9, 3, 64),
];

#[test]
fn forward_equals_the_reference_in_every_storage_and_split_into_chunks() {
    let device = device();
    for (batch, inputs, outputs) in CASES {
        for storage in [Storage::F32, Storage::F16, Storage::Codes4] {
            let layer = Linear {
                bias: outputs != 31,
                ..Linear::new(outputs)
            };
            let shape: &[usize] = &[inputs];
            let case = (layer.into(), batch, &[shape][..]);
            // 100 x 200 in three chunks of f32, the last one smaller.
            let small = Target {
                max_binding_bytes: 30_000,
                ..target(Preset::CPU)
            };
            for target in [target(Preset::CPU), target(Preset::GPU), small] {
                let variant = Variant {
                    storage,
                    ..Variant::default()
                };
                assert_case(&device, &case, target, variant);
            }
        }
    }
}
