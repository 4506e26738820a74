//! Whole networks against PyTorch (`golden/networks.py`).

use alexnet_live::engine::Device;
use alexnet_live::inference::Inference;
use alexnet_live::models;
use alexnet_live::predict::Predictor;
use alexnet_live::weights::{FileSource, Source};
use safetensors::SafeTensors;

use super::photo;
use crate::support::seeded::{Seeded, SeededFile};
use crate::support::{device, gpu};
use crate::weights::deep_compression::{published_squeezenet, written_alexnet};

fn golden(case: &str) -> Vec<f32> {
    let file = include_bytes!("../golden/networks.safetensors");
    let file = SafeTensors::deserialize(file).expect("golden/networks.safetensors");
    let bytes = file.tensor(case).expect(case).data();
    bytemuck::pod_collect_to_vec(bytes)
}

/// Indices of the five largest.
fn top_five(logits: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|a, b| logits[*b].total_cmp(&logits[*a]));
    order.truncate(5);
    order
}

/// The answer of a model with the weights of `source` to the seeded input.
fn answer(device: &Device, model: &str, source: impl Source + 'static) -> Vec<f32> {
    let network = models::find(model).expect(model).network();
    let (input, output) = (network.inputs()[0], network.outputs()[0]);
    let x = Seeded::new("input", 1.0).take(network[input].shape.elements());
    let file = models::open(source).expect("a file of weights");
    pollster::block_on(async {
        let mut progress = |_, _, _| true;
        let inference = Inference::new(device, network, 1, &file, &mut progress).await;
        let inference = inference.expect("the weights fit");
        inference.write(device, input, &x).expect("the input fits");
        inference.run(device).await.expect("it runs");
        inference.read(device, output).await.expect("logits")
    })
}

fn assert_close(case: &str, found: &[f32]) {
    let expected = golden(case);
    assert_eq!(found.len(), expected.len(), "{case}");
    for (index, (found, expected)) in found.iter().zip(&expected).enumerate() {
        let difference = (found - expected).abs();
        assert!(
            difference <= 1e-3,
            "{case}: logit {index} is {found}, not {expected}"
        );
    }
}

fn compare(model: &str) {
    let device = device();
    let network = models::find(model).expect(model).network();
    let exact = answer(&device, model, SeededFile::new(&network, false));
    assert_close(&format!("{model} f32"), &exact);

    let halves = answer(&device, model, SeededFile::new(&network, true));
    assert_close(&format!("{model} f16"), &halves);
    assert_eq!(
        top_five(&halves),
        top_five(&golden(&format!("{model} f32")))
    );
}

#[test]
fn alexnet() {
    compare("alexnet");
}

#[test]
fn weights_never_stand_in_memory_whole_on_their_way_to_a_gpu() {
    let device = gpu();
    let network = models::find("alexnet").expect("a model").network();
    let bytes = 4 * network.parameter_count() as u64;
    let source = SeededFile::new(&network, false);
    let allocated = allocation_counter::measure(|| {
        answer(&device, "alexnet", source);
    });
    assert!(bytes > 240_000_000);
    assert!(allocated.bytes_max < 32 << 20, "{allocated:?}");
}

#[test]
fn alexnet_torchvision() {
    compare("alexnet-torchvision");
}

#[test]
fn squeezenet_1_0() {
    compare("squeezenet-1.0");
}

#[test]
fn squeezenet_1_1() {
    compare("squeezenet-1.1");
}

#[test]
fn alexnet_from_four_bit_codes() {
    let source = FileSource::open(written_alexnet()).expect("a file");
    let logits = answer(&device(), "alexnet", source);
    assert_close("alexnet codes", &logits);
    assert_eq!(top_five(&logits), top_five(&golden("alexnet codes")));
}

#[test]
#[ignore = "needs the published SqueezeNet: SQUEEZENET_NET"]
fn published_squeezenet_on_a_photo() {
    let expected = golden("squeezenet-1.0 codes");
    let largest = expected.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = expected.iter().map(|logit| (logit - largest).exp()).sum();

    let device = device();
    let source = FileSource::open(published_squeezenet()).expect("a file");
    let mut progress = |_, _, _| true;
    let top = pollster::block_on(async {
        let loaded = Predictor::load(&device, None, None, source, &mut progress).await;
        let predictor = loaded.expect("it loads");
        assert_eq!(predictor.info().name, "squeezenet-1.0");
        let answer = predictor.classify(&device, &photo("chelsea.png")).await;
        answer.expect("an answer").top
    });
    let indices: Vec<usize> = top.iter().map(|class| class.index).collect();
    assert_eq!(indices, top_five(&expected));
    for class in top {
        // Single pixels may differ from Pillow's by 1 / 255.
        let probability = (expected[class.index] - largest).exp() / sum;
        assert!((class.probability - probability).abs() < 0.01, "{class:?}");
    }
}

#[test]
#[ignore = "needs the published SqueezeNet: SQUEEZENET_NET"]
fn published_squeezenet_on_all_sample_photos() {
    /// What a good classifier says; nothing where it has no such class.
    const SAMPLES: [(&str, &[&str]); 7] = [
        ("chelsea.png", &["Egyptian cat", "tabby", "tiger cat"]),
        ("coffee.png", &["espresso"]),
        ("goldfish.webp", &["goldfish"]),
        ("panda.webp", &["giant panda"]),
        ("rocket.jpg", &[]),
        ("astronaut.png", &[]),
        ("moose.webp", &[]),
    ];
    let device = device();
    let source = FileSource::open(published_squeezenet()).expect("a file");
    let mut progress = |_, _, _| true;
    let loaded = Predictor::load(&device, None, None, source, &mut progress);
    let predictor = pollster::block_on(loaded).expect("it loads");
    for (name, expected) in SAMPLES {
        let answer = pollster::block_on(predictor.classify(&device, &photo(name)));
        let top = answer.expect("an answer").top;
        assert_eq!(top.len(), 5, "{name}");
        assert!(top.iter().all(|class| !class.label.is_empty()), "{name}");
        assert!(top.is_sorted_by(|a, b| a.probability >= b.probability));
        let sum: f32 = top.iter().map(|class| class.probability).sum();
        assert!(
            top[0].probability > 0.01 && sum <= 1.0001,
            "{name}: {top:?}"
        );
        let best = top[0].label.as_str();
        assert!(
            expected.is_empty() || expected.contains(&best),
            "{name}: {top:?}"
        );
    }
}
