use alexnet_live::engine::Device;
use alexnet_live::layers::{Activation, Conv2d};
use alexnet_live::plan::{Preset, Storage, Target};

use super::{Variant, assert_case};
use crate::support::{engines, target};

/// Samples, `[height, width, channels]`, layer.
type Case = (usize, [usize; 3], Conv2d);

/// Around the tiles and vectors of all presets: 4 to 16 pixels of one row or two, 4 or 8
/// channels, blocks of 32 and 64, four inputs at once, 1 to 5 taps at once.
fn cases() -> Vec<Case> {
    let with = |mut layer: Conv2d, padding: [usize; 4], dilation: [usize; 2]| {
        layer.window.padding = padding;
        layer.window.dilation = dilation;
        layer
    };
    let rectangular = |mut layer: Conv2d, kernel, stride| {
        layer.window.kernel = kernel;
        layer.window.stride = stride;
        layer
    };
    vec![
        (1, [1, 1, 1], Conv2d::new(1, 1)),
        (2, [7, 5, 3], Conv2d::new(5, 3).padding(1)),
        (1, [23, 19, 3], Conv2d::new(8, 11).stride(4).padding(2)),
        (1, [4, 17, 8], Conv2d::new(9, 5).padding(2)),
        (2, [7, 8, 3], Conv2d::new(12, 5).padding(2)),
        (2, [3, 4, 8], Conv2d::new(5, 3).padding(1)),
        (3, [13, 13, 8], Conv2d::new(12, 5).padding(2).groups(2)),
        (1, [9, 9, 6], Conv2d::new(6, 3).padding(1).groups(6)),
        (2, [5, 14, 4], Conv2d::new(17, 1)),
        (1, [6, 14, 16], Conv2d::new(64, 3).padding(1)),
        (1, [3, 29, 4], Conv2d::new(65, 3).padding(1)),
        (5, [4, 4, 12], Conv2d::new(33, 2)),
        (1, [3, 15, 7], Conv2d::new(31, 3).padding(1)),
        (2, [8, 11, 4], Conv2d::new(9, 7).padding(3)),
        (1, [11, 8, 4], Conv2d::new(4, 9).padding(4)),
        (1, [9, 17, 8], Conv2d::new(8, 3).stride(2).padding(1)),
        (1, [8, 9, 5], with(Conv2d::new(3, 3), [0, 1, 2, 0], [1, 1])),
        (2, [9, 12, 4], with(Conv2d::new(7, 3), [2, 0, 2, 3], [2, 3])),
        (
            1,
            [9, 9, 10],
            with(Conv2d::new(4, 3).groups(2), [1; 4], [2, 1]),
        ),
        (
            1,
            [6, 13, 4],
            rectangular(Conv2d::new(5, 1), [2, 5], [2, 1]),
        ),
        (1, [7, 9, 2], rectangular(Conv2d::new(3, 1), [3, 1], [1, 3])),
    ]
}

/// Both engines, each with all block sizes; on the GPU also the larger tiles, which maps
/// as small as these do not keep it busy with.
fn all() -> [(Device, Vec<Target>); 2] {
    let mut large = Preset::GPU;
    large.conv2d.busy_lanes = 0;
    let [cpu, (gpu, mut targets)] = engines();
    targets.push(target(large));
    [cpu, (gpu, targets)]
}

/// Holds cases against the reference, on both engines.
fn check(cases: &[Case], storage: Storage, activation: Option<Activation>) {
    let variant = Variant {
        storage,
        activation,
        ..Variant::default()
    };
    for (device, targets) in all() {
        for (batch, shape, layer) in cases {
            let case = (layer.clone().into(), *batch, &[&shape[..]][..]);
            for target in &targets {
                assert_case(&device, &case, *target, variant);
            }
        }
    }
}

#[test]
fn forward_equals_the_reference() {
    check(&cases(), Storage::F32, None);
}

#[test]
fn halves_widen_exactly() {
    let cases = [
        (1, [5, 5, 3], Conv2d::new(5, 3)),
        (2, [4, 15, 8], Conv2d::new(33, 3).padding(1)),
    ];
    check(&cases, Storage::F16, None);
}

#[test]
fn activations_are_fused_and_a_bias_may_be_absent() {
    for activation in [Activation::Relu, Activation::Sigmoid, Activation::Tanh] {
        let mut layer = Conv2d::new(6, 3).padding(1);
        layer.bias = activation != Activation::Tanh;
        check(&[(1, [5, 6, 40], layer)], Storage::F32, Some(activation));
    }
}

/// In two chunks with each preset, one after the other: the second begins at a whole
/// block, and its bias where a binding can begin.
#[test]
fn a_weight_split_into_chunks_gives_every_output() {
    let mut without_bias = Conv2d::new(200, 3).padding(1);
    without_bias.bias = false;
    for (device, targets) in all() {
        for target in targets {
            let small = Target {
                max_binding_bytes: 80_000,
                ..target
            };
            for (layer, storage, activation) in [
                (Conv2d::new(200, 3).padding(1), Storage::F32, None),
                (Conv2d::new(331, 3), Storage::F16, Some(Activation::Tanh)),
                (without_bias.clone(), Storage::F32, Some(Activation::Relu)),
            ] {
                let variant = Variant {
                    storage,
                    activation,
                    ..Variant::default()
                };
                let case = (layer.into(), 2, &[&[4, 5, 16][..]][..]);
                assert_case(&device, &case, small, variant);
            }
        }
    }
}
