//! Files of labelled pictures, good and damaged.

use alexnet_live::data::{
    Classes, DatasetFiles, Note, PictureCollector, read_cifar10, read_idx_images, read_idx_labels,
};
use alexnet_live::error::Error;
use alexnet_live::preprocess::Picture;

#[test]
fn cifar10_planes_become_channels() {
    let mut bytes = vec![0; 2 * 3073];
    bytes[3073] = 7;
    // Second picture, row 1, column 2: red 10, green 20, blue 30.
    for (channel, value) in [10, 20, 30].into_iter().enumerate() {
        bytes[3073 + 1 + channel * 1024 + 34] = value;
    }
    let samples = read_cifar10(&bytes).expect("two records");
    assert_eq!(samples.labels, [0, 7]);
    assert_eq!(samples.picture(1)[3 * 34..][..3], [10, 20, 30]);
    assert_eq!(
        samples
            .picture(1)
            .iter()
            .map(|v| u32::from(*v))
            .sum::<u32>(),
        60
    );
}

#[test]
fn damaged_cifar10_files_are_refused() {
    for length in [0, 1, 3072, 3074] {
        let error = read_cifar10(&vec![0; length]).expect_err("no whole records");
        assert!(matches!(*error, Error::Truncated { .. }), "{error:?}");
    }
    let mut bytes = vec![0; 3073];
    bytes[0] = 10;
    let error = read_cifar10(&bytes).expect_err("no such class");
    assert!(matches!(*error, Error::Malformed { .. }), "{error:?}");
}

#[test]
fn idx_files_are_read_and_damaged_ones_refused() {
    let images = [
        &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3][..],
        &[1, 2, 3, 4, 5, 6],
    ];
    let images = images.concat();
    assert_eq!(read_idx_images(&images), Ok((vec![1, 2, 3, 4, 5, 6], 1, 3)));
    let labels = [0, 0, 8, 1, 0, 0, 0, 2, 9, 4];
    assert_eq!(read_idx_labels(&labels), Ok(vec![9, 4]));

    for length in 0..images.len() {
        assert!(
            read_idx_images(&images[..length]).is_err(),
            "{length} bytes"
        );
    }
    let mut huge = images.clone();
    huge[4..16].fill(255);
    let error = read_idx_images(&huge).expect_err("larger than any file");
    assert!(matches!(*error, Error::Truncated { .. }), "{error:?}");
    let error = read_idx_labels(&images).expect_err("pictures are no labels");
    assert!(matches!(*error, Error::Malformed { .. }), "{error:?}");
}

#[test]
fn folders_are_classes() {
    let paths = [
        "pets/dog/1.JPG",
        "pets/cat/1.png",
        "pets/cat/notes.txt",
        "pets/.cache/1.png",
        "__MACOSX/pets/cat/._1.png",
        "pets/cat/2.webp",
        "loose.png",
    ];
    let classes = Classes::of(paths).expect("two classes");
    assert_eq!(classes.names, ["cat", "dog"]);
    let (cat, dog) = (Some(0), Some(1));
    assert_eq!(classes.labels, [dog, cat, None, None, None, cat, None]);

    let error = Classes::of(["a/cat/1.png", "b/Cat/1.png"]).expect_err("one name");
    assert!(matches!(*error, Error::DuplicateClass { .. }), "{error:?}");
    let error = Classes::of(["a/cat/1.png"]).expect_err("nothing to tell apart");
    assert!(matches!(*error, Error::Malformed { .. }), "{error:?}");
}

#[test]
fn pictures_are_made_one_size_and_split_by_class() {
    let classes = vec!["dark".to_owned(), "light".to_owned(), "one".to_owned()];
    let mut collector = PictureCollector::new(classes, [4, 4, 1]).expect("three classes");
    let grey = |value: u8, count: usize| {
        let rgba = [value, value, value, 255].repeat(count * 9 * 7);
        Picture::new(9, 7 * count as u32, rgba).expect("a picture")
    };
    for index in 0..10 {
        collector.add(0, &grey(index, 1)).expect("class 0");
        collector.add(1, &grey(200 + index, 2)).expect("class 1");
    }
    collector.add(2, &grey(90, 1)).expect("class 2");
    assert!(collector.add(3, &grey(0, 1)).is_err());
    collector.skip("broken.png".to_owned(), "no picture".to_owned());
    let dataset = collector.finish("greys", 0.3, 1).expect("a dataset");
    assert_eq!((dataset.training.len(), dataset.validation.len()), (15, 6));
    for samples in [&dataset.training, &dataset.validation] {
        for index in 0..samples.len() {
            let value = samples.picture(index)[0];
            assert_eq!(samples.picture(index), [value; 16]);
            let expected = match value {
                0..=9 => 0,
                90 => 2,
                _ => 1,
            };
            assert_eq!(samples.labels[index], expected);
        }
    }
    let of_class = |label| {
        dataset
            .validation
            .labels
            .iter()
            .filter(|l| **l == label)
            .count()
    };
    assert_eq!([0, 1, 2].map(of_class), [3, 3, 0]);
    assert_eq!(
        dataset.notes,
        [
            Note::BrokenPicture {
                name: "broken.png".to_owned(),
                reason: "no picture".to_owned()
            },
            Note::SinglePicture {
                class: "one".to_owned()
            },
        ]
    );
}

#[test]
fn files_of_a_dataset_come_in_any_order() {
    let batch = |label: u8| {
        let mut bytes = vec![label; 3073 * 3];
        bytes[3073] = 1;
        bytes
    };
    let mut files = DatasetFiles::default();
    assert!(
        !files
            .add("readme.html", b"<html>".to_vec())
            .expect("skipped")
    );
    for (name, label) in [
        ("test_batch.bin", 9),
        ("data_batch_2.bin", 2),
        ("data_batch_1.bin", 1),
    ] {
        assert!(files.add(name, batch(label)).expect("a batch"));
    }
    let dataset = files.finish(Some(4)).expect("a dataset");
    assert_eq!(dataset.training.labels, [1, 1, 1, 2]);
    assert_eq!(dataset.validation.len(), 3);
    assert!(DatasetFiles::default().finish(None).is_err());

    let mut images = vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2];
    images.extend([1, 2, 3, 4]);
    let labels = vec![0, 0, 8, 1, 0, 0, 0, 2, 5, 6];
    let mut files = DatasetFiles::default();
    assert!(
        files
            .add("train-labels.idx1-ubyte", labels)
            .expect("labels")
    );
    assert!(
        files
            .add("train-images.idx3-ubyte", images)
            .expect("images")
    );
    let dataset = files.finish(None).expect("a dataset without validation");
    assert_eq!(dataset.shape, [1, 2, 1]);
    assert_eq!(dataset.training.labels, [5, 6]);
    assert!(dataset.validation.is_empty());
}
