//! A fuzz target for each format that is read: whole files, mutated at random,
//! must open or be refused, without panic and within the memory that their
//! length justifies.
//!
//! The cases are always the same ones, so that a failure belongs to a change; where
//! `FUZZ_SECONDS` is set, new ones are tried for so long. Either way a failure prints the
//! seed of its case, which `ARBTEST_SEED` repeats.

// The command line's own, which no library offers.
#[expect(dead_code, reason = "only reading is fuzzed")]
#[path = "../../src/cli/array.rs"]
mod array;
mod mutation;

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::time::Duration;

use alexnet_live::data::{
    Augmentation, Dataset, Preparation, Samples, read_cifar_python, read_cifar10, read_cifar100,
    read_csv, read_idx_images, read_idx_labels, read_npy,
};
use alexnet_live::layers::Activation;
use alexnet_live::models;
use alexnet_live::plan::{Plan, Preset};
use alexnet_live::train::{
    Checkpoint, EpochResult, Pictures, Random, Schedule, Settings, State, Stream, Trained,
};
use alexnet_live::weights::{Shards, Source, WeightsFile};
use arbitrary::{Arbitrary, Result, Unstructured};
use arbtest::arbtest;
use flate2::read::GzDecoder;

use crate::support::target;
use crate::weights::{deep_compression, golden, golden_in};
use array::Array;
use mutation::Mutation;

/// One of the files with a few mutations.
fn mutated(files: &[Vec<u8>], random: &mut Unstructured) -> Result<Vec<u8>> {
    let mut bytes = random.choose(files)?.clone();
    for _ in 0..random.int_in_range(1..=6)? {
        Mutation::arbitrary(random)?.apply(&mut bytes);
    }
    Ok(bytes)
}

/// Opens a file and reads the first elements of every tensor.
pub fn open_and_read(bytes: Vec<u8>) {
    if let Ok(file) = models::open(bytes) {
        for tensor in file.tensors() {
            let _ = file.read_f32(tensor, 0..tensor.elements().min(100));
        }
    }
}

/// The most bytes that opening and reading a file of this length may take: its
/// buffers, and what a hostile description unfolds to.
fn justified(length: usize) -> u64 {
    (1 << 20) + 100 * length as u64
}

/// Cases that always run, of each format.
const CASES: u32 = 2000;
/// Bytes from which six mutations are drawn; most of a file's bytes are not random.
const SIZE: u32 = 256;

/// Mutates `files` and reads them.
fn fuzz(files: &[Vec<u8>], read: impl Fn(Vec<u8>)) {
    let target = |random: &mut Unstructured| {
        let bytes = mutated(files, random)?;
        let length = bytes.len();
        let used = allocation_counter::measure(|| read(bytes)).bytes_max;
        assert!(
            used <= justified(length),
            "{used} bytes of memory for {length} of file"
        );
        Ok(())
    };
    let asked = |name: &str| std::env::var(name).ok();
    if asked("ARBTEST_SEED").is_some() {
        return arbtest(target).run();
    }
    if let Some(text) = asked("FUZZ_SECONDS") {
        let seconds = text.parse().expect("FUZZ_SECONDS is a number of seconds");
        let search = arbtest(target).budget(Duration::from_secs(seconds));
        return search.size_min(16).size_max(SIZE).run();
    }
    for case in 1..=CASES {
        // A seed of arbtest's: how many bytes, and from what they are drawn.
        let drawn = u64::from(case.wrapping_mul(0x9e37_79b9));
        let size = u64::from(16 + case % (SIZE - 16));
        arbtest(target).seed(drawn << 32 | size).run();
    }
}

#[test]
fn safetensors() {
    fuzz(&[golden("element_types.safetensors")], open_and_read);
}

#[test]
fn pytorch() {
    let files = ["element_types.pth", "views.pth"].map(golden);
    fuzz(&files, open_and_read);
}

#[test]
fn pytorch_legacy() {
    let files = ["element_types_legacy.pth", "views_legacy.pth"].map(golden);
    fuzz(&files, open_and_read);
}

#[test]
fn onnx() {
    let names = [
        "dense_float_data",
        "affine",
        "shapes",
        "two_inputs",
        "elementwise",
        "mini_squeezenet_eval",
    ];
    let files = names.map(|name| golden_in("onnx", &format!("{name}.onnx")));
    fuzz(&files, open_and_read);
}

#[test]
fn deep_compressed() {
    let files = [
        deep_compression::alexnet_of(3, 0x52),
        deep_compression::alexnet_of(30_000, 0),
    ];
    fuzz(&files, open_and_read);
}

#[test]
fn npy() {
    let whole = ["left.npy", "maps.npy", "scores.npy"].map(|name| golden_in("run", name));
    // The second version of the format, whose header may promise 4 GB.
    let hostile = b"\x93NUMPY\x02\0\xff\xff\xff\xff{'descr': '<f4'}".to_vec();
    fuzz(&[&whole[..], &[hostile]].concat(), |bytes| {
        drop(Array::parse(&bytes))
    });
}

#[test]
fn idx() {
    let unzip = |bytes: &[u8]| {
        let mut unpacked = Vec::new();
        let unzipped = GzDecoder::new(bytes).read_to_end(&mut unpacked);
        unzipped.map(|_| unpacked).expect("a whole file")
    };
    let labels = unzip(include_bytes!(
        "../../datasets/mnist-5k/labels.idx1-ubyte.gz"
    ));
    let images = [
        &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4],
        &[7; 24][..],
    ]
    .concat();
    fuzz(&[labels, images], |bytes| {
        let _ = read_idx_labels(&bytes);
        let _ = read_idx_images(&bytes);
    });
}

#[test]
fn cifar10() {
    let records: Vec<u8> = (0..3 * 3073).map(|at| (at % 10) as u8).collect();
    fuzz(&[records], |bytes| drop(read_cifar10(&bytes)));
    let records: Vec<u8> = (0..2 * 3074).map(|at| (at % 100) as u8).collect();
    fuzz(&[records], |bytes| drop(read_cifar100(&bytes)));
}

#[test]
fn cifar_python() {
    let batch = crate::data::python_batch(&[1, 2], &[200; 2 * 3072], b"labels");
    let names = b"\x80\x02}U\x0blabel_names](U\x03catU\x03dogess.".to_vec();
    fuzz(&[batch, names], |bytes| drop(read_cifar_python(bytes)));
}

#[test]
fn arrays_and_tables() {
    let files = [
        crate::data::npy("|u1", "2, 3, 3", &[7; 18]),
        crate::data::npy("<f4", "1, 3, 2, 2", &[7; 48]),
    ];
    fuzz(&files, |bytes| drop(read_npy("x_train.npy", &bytes)));
    let files = [crate::data::npy("<i8", "3,", &[0; 24])];
    fuzz(&files, |bytes| drop(read_npy("y_train.npy", &bytes)));
    let table = b"label,a,b,c,d\n3,0,1,2,255\n9,4,5,6,7\n".to_vec();
    fuzz(&[table], |bytes| drop(read_csv(&bytes)));
}

/// A file in parts, whose header may be damaged.
#[test]
fn shards() {
    fuzz(&[golden("element_types.safetensors")], |bytes| {
        let part: Box<dyn Source> = Box::new(bytes);
        if let Ok(file) = Shards::join(vec![part]).and_then(WeightsFile::open) {
            for tensor in file.tensors() {
                let _ = file.read_f32(tensor, 0..tensor.elements().min(100));
            }
        }
    });
}

/// Checkpoints and trained networks: whatever their notes say, a run that accepts
/// them can be planned and begun.
#[test]
fn checkpoints() {
    let dataset = Dataset {
        name: "two".to_owned(),
        classes: vec!["a".to_owned(), "b".to_owned()],
        shape: [12, 12, 3],
        margin: 0,
        training: Samples {
            pixels: (0..7 * 12 * 12 * 3).map(|at| (at % 251) as u8).collect(),
            labels: vec![0, 1, 0, 1, 0, 1, 0],
        },
        validation: Samples::default(),
        notes: Vec::new(),
    };
    let preparation = Preparation::of(&dataset.training, dataset.shape, dataset.margin);
    let pictures = Pictures::of(&dataset, preparation.statistics());
    let file = |settings: Settings, state: State| {
        let notes = HashMap::from([
            ("settings", serde_json::to_string(&settings)),
            ("state", serde_json::to_string(&state)),
            ("pictures", serde_json::to_string(&pictures)),
        ]);
        let notes = notes.into_iter().map(|(key, json)| {
            let key = format!("alexnet-live.{key}");
            (key, json.expect("plain data serialises"))
        });
        let data = 1_f32.to_le_bytes();
        let tensor = safetensors::tensor::TensorView::new(safetensors::Dtype::F32, vec![1], &data);
        let tensors = BTreeMap::from([("fc10.bias", tensor.expect("one number"))]);
        safetensors::serialize(tensors, Some(notes.collect())).expect("a file")
    };
    let files = [
        file(
            Settings {
                batch: 2,
                ..Settings::figure_1("four-layer", Activation::Relu)
            },
            State {
                step: 5,
                epochs: vec![EpochResult {
                    training: Default::default(),
                    validation: None,
                }],
                seen: 2,
                loss: 1.5,
                errors: 1,
                memory_since: 3,
            },
        ),
        file(
            Settings {
                dropout: 0.5,
                augmentation: Augmentation {
                    padding: 2,
                    mirror: true,
                    colour: 0.1,
                },
                schedule: Schedule::Plateau { patience: 2 },
                ..Settings::figure_1("alexnet-small", Activation::Tanh)
            },
            State::default(),
        ),
    ];
    for file in &files {
        let checkpoint = Checkpoint::open(file.clone()).expect("a checkpoint");
        checkpoint.check(&pictures).expect("of these pictures");
    }
    let begin = |checkpoint: Checkpoint| -> alexnet_live::error::Result<()> {
        let Checkpoint {
            settings, state, ..
        } = &checkpoint;
        checkpoint.check(&pictures)?;
        let network = settings.network(dataset.shape, dataset.classes.len())?;
        let batch = settings.batch_of(dataset.training.len());
        let factors = |name: &str| settings.factors(name);
        Plan::training(
            &network,
            batch,
            target(Preset::SOFTWARE),
            settings.optimizer,
            factors,
        )?;
        let errors: Vec<f64> = state
            .epochs
            .iter()
            .map(|epoch| epoch.training.error)
            .collect();
        let factor = settings.schedule.factor(errors.len(), &errors);
        settings.update(settings.rate * factor as f32, state.remembered());
        let mut random = Random::new(settings.seed, Stream::Augmentation, state.step);
        let draw = Some((&settings.augmentation, &mut random));
        preparation.append(dataset.training.picture(0), draw, &mut Vec::new());
        Ok(())
    };
    fuzz(&files, |bytes| {
        if let Ok(file) = models::open(bytes.clone()) {
            drop(Trained::of(file.notes()));
        }
        let _ = Checkpoint::open(bytes).and_then(begin);
    });
}
